"""Lead-time demand mixed of two plans: level, season and spread of demand, lead time, each of the one or the other."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from distributions.demand_forecast import DemandForecast
from distributions.distribution import Array, Distribution
from planning.changes import causes
from planning.changes.decision_basis import DecisionBasis
from planning.cost.lane_costs import DAYS_A_YEAR
from planning.policy.lead_time_demand import ATOM_EDGES, mixture_quantiles

Values = TypeVar("Values", bound=NDArray[Any])


class Taken(Protocol):
    """What a mixed plan takes for a cause of what the `old` and the `new` plan have, (n, …) each."""

    def __call__(self, cause: str, old: Values, new: Values) -> Values:
        """The `new` values where the cause is the new plan's, else the `old` ones."""
        ...


_WEIGHTS = np.diff(ATOM_EDGES)


@dataclass(frozen=True)
class PlanSide:
    """One of the two plans of n SKUs: its forecast (n rows), the days it is old, and the basis of its decisions."""

    forecast: DemandForecast
    elapsed: float
    basis: DecisionBasis


@dataclass(frozen=True)
class MixedDemand:
    """Demand of n SKUs in plans that take some causes from an `old` and the others from a `new` one.

    Demand over t days is level · t × season(t) × spread(t): the level is the mean of a year ahead, the season what the
    mean of the days has above that, the spread each quantile relative to the mean. A lead time is its mean and the
    distances of its atoms from it, in days.
    """

    old: PlanSide
    new: PlanSide
    _windows: dict[tuple[str, bytes], tuple[Array, Array]] = field(default_factory=dict)

    def lead_time_demand(self, taken: Taken, *, until: str = "interval") -> Distribution:
        """Distribution of demand until an order of the next review has come, and of the cycle or arrival beside it.

        Parameters
        ----------
        until : "interval", D(L+R); "cycle", the same with a continuous review as a daily one; "arrival", D(L)
        """
        days = self._days(taken, until)
        (old_quantiles, old_mean), (new_quantiles, new_mean) = (
            self._window(name, side, days) for name, side in (("old", self.old), ("new", self.new))
        )
        old_level, new_level = self._levels
        level = taken(causes.DEMAND_LEVEL, old_level, new_level)
        season_level = taken(causes.SEASON, old_level, new_level)
        # a year without demand has no season to take, and demand that is not expected no spread
        mean = np.where(
            (season_level > 0)[:, None],
            taken(causes.SEASON, old_mean, new_mean) * _ratio(level, season_level)[:, None],
            taken(causes.DEMAND_LEVEL, old_mean, new_mean),
        )
        own_mean = taken(causes.DEMAND_UNCERTAINTY, old_mean, new_mean)
        quantiles = taken(causes.DEMAND_UNCERTAINTY, old_quantiles, new_quantiles)
        scaled = np.where(
            (own_mean > 0)[:, :, None], quantiles * _ratio(mean, own_mean)[:, :, None], mean[:, :, None]
        )
        levels = self.old.forecast.levels
        return Distribution(levels, mixture_quantiles(levels, scaled, _WEIGHTS))

    @cached_property
    def _levels(self) -> tuple[Array, Array]:
        """Units (n,) expected in the year ahead, in each of the two plans."""
        sides = (self.old, self.new)
        old, new = (side.forecast.mean_until(DAYS_A_YEAR, elapsed=side.elapsed) for side in sides)
        return old, new

    def _days(self, taken: Taken, until: str) -> Array:
        """Atoms (n, K) of the days whose demand counts."""
        old, new = self.old.basis, self.new.basis
        means, away = zip(*(_mean_and_distances(basis.days) for basis in (old, new)), strict=True)
        mean, distances = taken(causes.LEAD_TIME_MEAN, *means), taken(causes.LEAD_TIME_SPREAD, *away)
        days: Array = np.maximum(mean + distances, 0.0)
        if until == "arrival":
            wait = taken(causes.LEAD_TIME_MEAN, old.wait, new.wait)
            return np.asarray(np.maximum(days - wait[:, None], 0.0))
        review = taken(causes.TARGET, old.review, new.review)
        return np.asarray(days + (np.maximum(review, 1.0) if until == "cycle" else review)[:, None])

    def _window(self, name: str, side: PlanSide, days: Array) -> tuple[Array, Array]:
        """Quantiles (n, K, Q) and means (n, K) of a side's demand of `days` (n, K), worked out once."""
        key = (name, days.tobytes())
        if key not in self._windows:
            self._windows[key] = side.forecast.window(days, elapsed=side.elapsed)
        return self._windows[key]


def _ratio(a: Array, b: Array) -> Array:
    """Ratio a / b, 0 where b is."""
    return np.divide(a, b, out=np.zeros_like(a), where=b > 0)


def _mean_and_distances(days: Array) -> tuple[Array, Array]:
    """Mean (n, 1) of lead-time atoms (n, K), and how far each lies from it, days."""
    mean = np.asarray(days @ _WEIGHTS)[:, None]
    return mean, days - mean


def same_levels(old: DemandForecast, new: DemandForecast) -> bool:
    """Whether two forecasts have quantiles at the same levels, without which they cannot be mixed."""
    return np.array_equal(old.levels, new.levels)
