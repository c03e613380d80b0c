"""The decision basis: what a plan keeps of each SKU, so that the next can say why its numbers moved."""

from dataclasses import dataclass
from typing import Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from distributions.distribution import Array, Distribution
from distributions.take_rows import take_rows
from planning.assessment import Assessment
from planning.cost.lane_costs import cycle_days
from planning.cost.price_breaks import PriceBreaks
from planning.lanes.lane_terms import order_terms
from planning.lanes.order_days import longer_waits
from planning.overrides.override_tables import FORECAST, SERVICE_LEVEL
from planning.policy.lead_time_demand import lead_time_atoms
from planning.policy.order_size import OrderLimits
from planning.policy.order_terms import OrderTerms

_TERMS = ("reorder_point", "order_up_to", "economic_lot", "yearly", "holding", "sellable")
_LIMITS = ("moq", "multiple", "maximum")
_OWN = (
    "wait", "review", "kind", "level", "whole", "bought", "position", "quantity", "settled", "forecast_overrides",
    "level_overrides",
)  # fmt: skip


@dataclass(frozen=True)
class DecisionBasis:
    """Basis of the decisions on n SKUs, array (n,) or n rows each.

    Attributes
    ----------
    days : array (n, K), atoms of the lead time of an order of the next review, days; their weights are those of
        `planning.policy.lead_time_demand`
    wait : of these, days that it waits longer for its supplier's order day than today's order
    review : days between order decisions
    kind, level : target and its level
    whole, bought : counted in whole units; still bought
    position : units that count against the reorder point, NaN where the stock is not known
    quantity : units that the SKU alone would order
    settled : people hold today's order back or fix it
    forecast_overrides, level_overrides : ids of the overrides in force of its forecast and of its service level
    terms : reorder point, order-up-to level and what else decides the quantity
    """

    days: Array
    wait: Array
    review: Array
    kind: NDArray[np.object_]
    level: Array
    whole: NDArray[np.bool_]
    bought: NDArray[np.bool_]
    position: Array
    quantity: Array
    settled: NDArray[np.bool_]
    forecast_overrides: NDArray[np.object_]
    level_overrides: NDArray[np.object_]
    terms: OrderTerms

    def __len__(self) -> int:
        return len(self.days)

    @property
    def lot(self) -> Array:
        """Units (n,) that the order-up-to level lies above the reorder point."""
        return self.terms.order_up_to - self.terms.reorder_point

    def select(self, rows: NDArray[np.intp]) -> Self:
        """The basis of the SKUs `rows` (k,)."""
        picked: Self = take_rows(self, rows)
        return picked

    @classmethod
    def of_assessment(cls, assessment: Assessment) -> Self:
        """The basis of an assessment's decisions."""
        terms, setting = assessment.chosen_terms, assessment.setting
        wait = longer_waits(terms.lanes["order_days"].tolist(), setting.as_of, cycle_days(setting.policy))
        overrides, ids = assessment.overrides, assessment.forecast.unique_ids
        planned = assessment.decision.quantity if overrides is None else overrides.planned
        following = Distribution(terms.lead_time.levels, terms.lead_time.values + wait[:, None])
        return cls(
            days=lead_time_atoms(following)[0],
            wait=wait,
            review=np.full(len(wait), setting.policy.review_period_days),
            kind=terms.targets.kind,
            level=terms.targets.level,
            whole=terms.lanes["whole"].to_numpy(bool),
            bought=terms.bought,
            position=assessment.decision.counted_position,
            quantity=np.nan_to_num(planned),
            settled=np.zeros(len(wait), bool) if overrides is None else overrides.settled,
            forecast_overrides=_override_ids(assessment.inputs.overrides, FORECAST, ids),
            level_overrides=_override_ids(assessment.inputs.overrides, SERVICE_LEVEL, ids),
            terms=order_terms(terms),
        )

    def frame(self, unique_ids: NDArray[np.object_]) -> pd.DataFrame:
        """The basis as a table, a row a SKU, to be kept with the plan."""
        terms = self.terms
        columns: dict[str, NDArray[np.generic]] = {"unique_id": unique_ids}
        columns |= {f"days_{k}": days for k, days in enumerate(self.days.T)}
        columns |= {name: getattr(self, name) for name in _OWN}
        columns |= {name: getattr(terms, name) for name in _TERMS}
        columns |= {name: getattr(terms.limits, name) for name in _LIMITS}
        columns |= {f"break_{b}": starts for b, starts in enumerate(terms.prices.starts.T)}
        columns |= {f"price_{b}": prices for b, prices in enumerate(terms.prices.prices.T)}
        return pd.DataFrame(columns)

    @staticmethod
    def readable(frame: pd.DataFrame) -> bool:
        """Whether a table holds all that a basis is read from: one that another version has kept may not."""
        return {*_OWN, *_TERMS, *_LIMITS, "unique_id", "days_0", "break_0", "price_0"} <= set(frame.columns)

    @classmethod
    def read(cls, frame: pd.DataFrame) -> Self:
        """The basis from the rows of the table that `frame` made."""

        def stacked(prefix: str) -> Array:
            names = [name for name in frame.columns if name.startswith(f"{prefix}_") and name[-1].isdigit()]
            return np.asarray(frame[names], float)

        limits = OrderLimits(*(frame[name].to_numpy(float) for name in _LIMITS))
        prices = PriceBreaks(stacked("break"), stacked("price"))
        own = {name: frame[name].to_numpy() for name in _OWN}
        return cls(
            days=stacked("days"),
            terms=OrderTerms(
                **{name: frame[name].to_numpy(float) for name in _TERMS},
                prices=prices,
                limits=limits,
                whole=own["whole"].astype(bool),
            ),
            **own,
        )


def _override_ids(of_skus: pd.DataFrame, kind: str, unique_ids: NDArray[np.object_]) -> NDArray[np.object_]:
    """Ids of the overrides of a `kind` in force for each SKU (n,), as one text; empty where there is none."""
    some = of_skus[of_skus["kind"] == kind].sort_values("override_id")
    joined = some["override_id"].astype(str).groupby(some["unique_id"]).agg(" ".join)
    return np.asarray(joined.reindex(unique_ids).fillna(""), dtype=object)
