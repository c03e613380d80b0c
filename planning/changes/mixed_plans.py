"""Mixed plans: reorder point and order of SKUs where some causes are those of an old plan, the others of a new one."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from distributions.distribution import Array
from planning.changes import causes
from planning.changes.mixed_demand import MixedDemand, PlanSide, Taken, Values
from planning.cost.price_breaks import PriceBreaks
from planning.policy.order_size import OrderLimits
from planning.policy.order_terms import OrderTerms
from planning.policy.reorder_points import reorder_points
from planning.policy.targets import COST, FILL, Targets

_OF_POINT = frozenset(causes.REPLACED) - {causes.PLAY, causes.STOCK, causes.SUPPLIER_ORDER}
"""Causes that the formula of the reorder point knows."""


@dataclass(frozen=True)
class MixedPlans:
    """Mixed plans of n SKUs between an `old` and a `new` plan.

    Attributes
    ----------
    ordered : units (n,) that the old and the new plan order in the end, in the suppliers' whole orders
    """

    old: PlanSide
    new: PlanSide
    ordered: tuple[Array, Array]
    _formulas: dict[frozenset[str], Array] = field(default_factory=dict)

    def numbers(self, replaced: frozenset[str]) -> Array:
        """Reorder point and order quantity, units (2, n), where the causes `replaced` are those of the new plan."""
        taken = self._taken(replaced)
        point = self._formula(replaced) + taken(causes.PLAY, *self._played)
        alone = self._alone(taken, point)
        more = taken(causes.PLAY, *self._last_lots)
        for cause, units in self._beyond_alone.items():
            more = more + taken(cause, *units)
        return np.stack([point, np.maximum(alone + more, 0.0)])

    def _taken(self, replaced: frozenset[str]) -> Taken:
        """What a mixed plan takes for each cause: the new plan's where it is among the `replaced`."""

        def taken(cause: str, old: Values, new: Values) -> Values:
            plain = new if cause in replaced else old
            if cause not in self._overruled:
                return plain
            rows = self._overruled[cause].reshape(-1, *[1] * (old.ndim - 1))
            mixed: Any = np.where(rows, new if causes.OVERRIDES in replaced else old, plain)
            return cast("Values", mixed)

        return taken

    def _formula(self, replaced: frozenset[str]) -> Array:
        """Reorder point (n,) of the closed form, units; each mix of its causes is worked out once."""
        key = replaced & _OF_POINT
        if key not in self._formulas:
            self._formulas[key] = self._reorder_point(self._taken(key))
        return self._formulas[key]

    def _reorder_point(self, taken: Taken) -> Array:
        """Reorder point (n,) of the closed form for what is `taken` of either plan."""
        old, new = self.old.basis, self.new.basis
        both_by_cost = (old.kind == COST) & (new.kind == COST)
        targets = Targets(
            kind=taken(causes.TARGET, old.kind, new.kind),
            level=np.where(
                both_by_cost, *(taken(c, old.level, new.level) for c in (causes.TERMS, causes.TARGET))
            ),
            priced=np.ones(len(old), bool),
            capped=np.zeros(len(old), bool),
        )
        interval = self._demand.lead_time_demand(taken)
        fill = bool((targets.kind == FILL).any())
        point = reorder_points(
            targets,
            interval,
            before_arrival=self._demand.lead_time_demand(taken, until="arrival") if fill else interval,
            cycle_end=self._demand.lead_time_demand(taken, until="cycle") if fill else interval,
            whole=taken(causes.LOT, old.whole, new.whole),
        )
        return np.where(taken(causes.TERMS, old.bought, new.bought), point, 0.0)

    def _alone(self, taken: Taken, point: Array) -> Array:
        """Units (n,) that the SKUs alone order at a reorder point `point` (n,), before the last lot is played."""
        old, new = self.old.basis, self.new.basis
        stocked = np.maximum(point, 0.0).round(9)  # sums off by 1e-13 must not miss a price break
        terms = OrderTerms(
            reorder_point=stocked,
            order_up_to=stocked + taken(causes.LOT, old.lot, new.lot),
            economic_lot=taken(causes.LOT, old.terms.economic_lot, new.terms.economic_lot),
            yearly=taken(causes.DEMAND_LEVEL, old.terms.yearly, new.terms.yearly),
            holding=taken(causes.TERMS, old.terms.holding, new.terms.holding),
            prices=_prices(taken, old.terms.prices, new.terms.prices),
            limits=_limits(taken, old.terms.limits, new.terms.limits),
            sellable=taken(causes.LOT, old.terms.sellable, new.terms.sellable),
            whole=taken(causes.LOT, old.whole, new.whole),
        )
        return terms.quantity(taken(causes.STOCK, old.position, new.position))

    @cached_property
    def _demand(self) -> MixedDemand:
        return MixedDemand(self.old, self.new)

    @cached_property
    def _played(self) -> tuple[Array, Array]:
        """Units (n,) that each plan's reorder point, as it was played, lies above its formula's."""
        old, new = self._formula(frozenset()), self._formula(frozenset(causes.REPLACED))
        return self.old.basis.terms.reorder_point - old, self.new.basis.terms.reorder_point - new

    @cached_property
    def _last_lots(self) -> tuple[Array, Array]:
        """Units (n,) that each plan orders of a SKU alone beyond what its terms say: a last lot left out in play."""
        old, new = (
            self._alone(self._taken(replaced), side.basis.terms.reorder_point)
            for side, replaced in ((self.old, frozenset[str]()), (self.new, frozenset(causes.REPLACED)))
        )
        return self.old.basis.quantity - old, self.new.basis.quantity - new

    @cached_property
    def _beyond_alone(self) -> dict[str, tuple[Array, Array]]:
        """Units (n,) ordered beyond what a SKU alone would, of both plans: settled by people, or in whole orders."""
        (old, old_settled), (new, new_settled) = (
            (ordered - side.basis.quantity, side.basis.settled)
            for ordered, side in zip(self.ordered, (self.old, self.new), strict=True)
        )
        return {
            causes.OVERRIDES: (np.where(old_settled, old, 0.0), np.where(new_settled, new, 0.0)),
            causes.SUPPLIER_ORDER: (np.where(old_settled, 0.0, old), np.where(new_settled, 0.0, new)),
        }

    @cached_property
    def _overruled(self) -> dict[str, NDArray[np.bool_]]:
        """Cause → SKUs (n,) in which another override of it is in force in either plan, so that that replaces it."""
        old, new = self.old.basis, self.new.basis
        forecast = old.forecast_overrides != new.forecast_overrides
        level = old.level_overrides != new.level_overrides
        rows = dict.fromkeys((causes.DEMAND_LEVEL, causes.SEASON, causes.DEMAND_UNCERTAINTY), forecast)
        return {cause: some for cause, some in (rows | {causes.TARGET: level}).items() if some.any()}


def _prices(taken: Taken, old: PriceBreaks, new: PriceBreaks) -> PriceBreaks:
    """Price brackets of a mixed plan, those with fewer filled up with unused ones."""
    width = max(old.starts.shape[1], new.starts.shape[1])

    def wide(values: Array, unused: float) -> Array:
        return np.pad(values, ((0, 0), (0, width - values.shape[1])), constant_values=unused)

    starts = (wide(prices.starts, np.inf) for prices in (old, new))
    brackets = (wide(prices.prices, np.nan) for prices in (old, new))
    return PriceBreaks(taken(causes.LOT, *starts), taken(causes.LOT, *brackets))


def _limits(taken: Taken, old: OrderLimits, new: OrderLimits) -> OrderLimits:
    """Order limits of a mixed plan."""
    names = ("moq", "multiple", "maximum")
    return OrderLimits(*(taken(causes.LOT, getattr(old, name), getattr(new, name)) for name in names))
