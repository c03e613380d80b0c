"""Order overrides: today's orders that people hold back, and quantities that they fix."""

from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from configs.formats import quantity as units
from distributions.distribution import Array
from planning.decision import OrderDecision, with_quantity
from planning.lanes.lane_terms import LaneTerms, PlanSetting
from planning.lanes.order_days import order_waits
from planning.overrides.override_tables import HOLD, QUANTITY
from planning.policy.order_size import OrderLimits


@dataclass(frozen=True)
class OrderOverrides:
    """Order overrides of n SKUs today, arrays (n,).

    Attributes
    ----------
    held : nothing is ordered before the hold's day
    fixed : what is ordered is a person's quantity
    waits : a quantity is fixed and nothing is ordered today
    refused : row of a SKU whose fixed quantity breaks a term of its offer → the sentence that says so
    planned : units that would be ordered without them
    """

    held: NDArray[np.bool_]
    fixed: NDArray[np.bool_]
    waits: NDArray[np.bool_]
    planned: Array
    refused: dict[int, str] = field(default_factory=dict)

    @property
    def settled(self) -> NDArray[np.bool_]:
        """SKUs (n,) whose order of today people have settled with their overrides: no supplier's order changes it."""
        return self.held | self.fixed


def with_order_overrides(
    decision: OrderDecision,
    terms: LaneTerms,
    setting: PlanSetting,
    unique_ids: NDArray[np.object_],
    of_skus: pd.DataFrame,
) -> tuple[OrderDecision, OrderOverrides]:
    """Today's decision with the order overrides of the n SKUs: held back, or a fixed quantity where one is ordered.

    A quantity that breaks the offer's MOQ, multiple or maximum is not used. Where a SKU has both, the hold counts.
    """
    planned = decision.quantity
    days = _hold_days(unique_ids, of_skus, setting.as_of)
    held, asked = days > 0, _fixed_quantities(unique_ids, of_skus)
    allowed = np.isclose(terms.limits.allowed(np.nan_to_num(asked)), asked, rtol=0, atol=1e-9)
    ordered = ~held & (np.nan_to_num(planned) > 0) & ~np.isnan(asked)
    fixed = ordered & allowed
    overrides = OrderOverrides(
        held=held,
        fixed=fixed,
        waits=~np.isnan(asked) & ~ordered,
        planned=planned,
        refused={
            int(row): _broken(asked[row], terms.limits, int(row))
            for row in np.flatnonzero(ordered & ~allowed)
        },
    )
    if not overrides.settled.any():
        return decision, overrides
    quantity = np.where(held & ~np.isnan(planned), 0.0, np.where(fixed, asked, planned))
    changed = with_quantity(decision, quantity, terms, setting)
    return _waiting(changed, days, terms, setting), overrides


def _hold_days(unique_ids: NDArray[np.object_], of_skus: pd.DataFrame, as_of: pd.Timestamp) -> Array:
    """Days (n,) until the override lets each SKU be ordered again, 0 without a hold."""
    holds = of_skus[of_skus["kind"] == HOLD].set_index("unique_id")["hold_until"]
    days = (holds.reindex(unique_ids) - as_of) / pd.Timedelta(days=1)
    return np.asarray(np.maximum(days.fillna(0.0).to_numpy(float), 0.0))


def _fixed_quantities(unique_ids: NDArray[np.object_], of_skus: pd.DataFrame) -> Array:
    """Units (n,) that the override asks for with the next order, NaN without one."""
    fixed = of_skus[of_skus["kind"] == QUANTITY].set_index("unique_id")["value"]
    return np.asarray(fixed.reindex(unique_ids).to_numpy(float))


def _waiting(decision: OrderDecision, days: Array, terms: LaneTerms, setting: PlanSetting) -> OrderDecision:
    """The decision whose `wait` is at least until the supplier's first order day from the end of the hold override."""
    held = days > 0
    whole = np.ceil(days).astype(np.int64)
    waits = order_waits(terms.lanes["order_days"].tolist(), np.arange(7))
    first = days + np.take_along_axis(waits, (setting.as_of.weekday() + whole[:, None]) % 7, axis=1)[:, 0]
    return replace(decision, wait=np.where(held, np.maximum(decision.wait, first), decision.wait))


def _broken(asked: float, limits: OrderLimits, row: int) -> str:
    """The sentence about a fixed quantity, an override that breaks the order limits of its lane."""
    moq, multiple, maximum = (float(values[row]) for values in (limits.moq, limits.multiple, limits.maximum))
    if limits.impossible[row]:
        return f"quantity is {units(asked)}, and the offer allows none"
    if asked < moq:
        return f"quantity is {units(asked)}, less than the MOQ of {units(moq)}; give that or more"
    if asked > maximum:
        return f"quantity is {units(asked)}, more than the maximum of {units(maximum)}; give that or less"
    near = [float(x) for x in (limits.below(np.full(len(limits.moq), asked))[row],) if x > 0]
    near.append(float(limits.allowed(np.full(len(limits.moq), asked))[row]))
    expected = " or ".join(units(x) for x in dict.fromkeys(near))
    return f"quantity is {units(asked)}, no multiple of {units(multiple)}; give {expected}"
