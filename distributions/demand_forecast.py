"""The demand forecast: distributions of the demand of each period and of the sum of the first k periods."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Self

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from distributions.distribution import Array, Distribution
from distributions.time_position import days_to_reach, time_position


@dataclass(frozen=True)
class DemandForecast:
    """Demand forecasts of n SKUs for h periods after `cutoff`.

    Attributes
    ----------
    unique_ids : array (n,) of str, sorted
    cutoff : start of the last period seen
    starts : array (h + 1,) of datetime64[ns]: the starts of the h periods, then the end of the last
    levels : array (Q,)
    mean : array (n, h), units per period
    quantiles : array (n, h, Q), units per period
    cumulative_mean : array (n, h), units over the first k periods
    cumulative : array (n, h, Q), quantiles of the demand of the first k periods together
    demand_class : array (n,): smooth, erratic, intermittent, lumpy, short, dead
    reason : array (n,): how the forecast came about where it needs saying ("" otherwise), for example
        new_from_category, short_history, silent, dead, unknown_category, relaunched, carried_over, replaced
    later_mean : array (n, P), units expected in each of the P periods after the horizon, which are a year and come
        again every year after that; no periods where that is not known: then demand goes on as in the horizon
    later_ends_days : array (P,), days from the start of the first period to the end of each of these
    """

    unique_ids: NDArray[np.object_]
    cutoff: pd.Timestamp
    starts: NDArray[np.datetime64]
    levels: Array
    mean: Array
    quantiles: Array
    cumulative_mean: Array
    cumulative: Array
    demand_class: NDArray[np.object_]
    reason: NDArray[np.object_]
    later_mean: Array = field(default_factory=lambda: np.empty((0, 0)))
    later_ends_days: Array = field(default_factory=lambda: np.empty(0))

    def __len__(self) -> int:
        return len(self.unique_ids)

    @property
    def horizon(self) -> int:
        """Horizon h: the number of periods forecast."""
        return int(self.mean.shape[1])

    @property
    def ends_days(self) -> Array:
        """Days from the start of the first period to the end of each, shape (h,)."""
        return np.asarray((self.starts[1:] - self.starts[0]) / np.timedelta64(1, "D"), float)

    @property
    def knows_later(self) -> bool:
        """Whether the demand forecast says what is expected in the periods after its horizon."""
        return len(self.later_ends_days) > 0

    @property
    def whole_units(self) -> NDArray[np.bool_]:
        """SKUs (n,) whose demand comes in whole units: all their quantiles of sums are."""
        return np.asarray((self.cumulative == np.round(self.cumulative)).all(axis=(1, 2)))

    def rows(self, unique_ids: ArrayLike) -> NDArray[np.int64]:
        """Row of each SKU in the forecast, −1 where it has none."""
        return np.asarray(pd.Index(self.unique_ids).get_indexer(pd.Index(np.asarray(unique_ids, object))))

    def select(self, rows: ArrayLike) -> Self:
        """The demand forecast of some rows (repeats allowed), in the order given."""
        r = np.asarray(rows)
        return type(self)(
            self.unique_ids[r],
            self.cutoff,
            self.starts,
            self.levels,
            self.mean[r],
            self.quantiles[r],
            self.cumulative_mean[r],
            self.cumulative[r],
            self.demand_class[r],
            self.reason[r],
            self.later_mean[r] if self.knows_later else self.later_mean,
            self.later_ends_days,
        )

    def demand_until(
        self, days: ArrayLike, *, elapsed: float = 0.0, rows: NDArray[np.intp] | None = None
    ) -> Distribution:
        """Distribution of D(t): demand of `days` days (a number or (n,)) from `elapsed` days after the start.

        Of all SKUs, or of those in `rows` (m,), repeats allowed, with `days` a number or (m,).
        """
        count = len(self) if rows is None else len(rows)
        t = np.broadcast_to(np.asarray(days, float), (count,))
        return Distribution(self.levels, self.window(t[:, None], elapsed=elapsed, rows=rows)[0][:, 0])

    def mean_until(
        self, days: ArrayLike, *, elapsed: float = 0.0, rows: NDArray[np.intp] | None = None
    ) -> Array:
        """E[D(t)], mean demand of `days` days in units, (n,), or (n, K) as `days`; of SKUs `rows` (m,) or of all."""
        t, sku = np.asarray(days, float), np.arange(len(self)) if rows is None else rows
        columns = t if t.ndim == 2 else np.broadcast_to(t, (len(sku),))[:, None]
        means = self._mean_of(sku, columns, elapsed)
        return means if t.ndim == 2 else means[:, 0]

    def window(
        self, days: Array, *, elapsed: float = 0.0, rows: NDArray[np.intp] | None = None
    ) -> tuple[Array, Array]:
        """Quantiles (m, K, Q) and means (m, K) of the demand of `days` days (m, K) of some rows (m,), or of all.

        Between two period ends the mean is linear in time, and so is the squared distance of each quantile from
        it: with independent periods variance grows linearly, so half a week has √½ of the week's spread (quantiles
        linear in time would give half of it, and monthly data far too little safety stock), while certain
        demand stays certain. Beyond the horizon the last distribution keeps its relative spread around the mean of
        the periods expected there (`later_mean`), without them in proportion to time. A window that starts `elapsed`
        days late has the shape of the first window of its length and its own mean.
        """
        sku = np.arange(len(self)) if rows is None else rows
        mean = self._mean_of(sku, days, 0.0)
        quantiles = self._quantiles_from_start(sku, days, mean)
        if elapsed == 0:
            return quantiles, mean
        own = self._mean_of(sku, days, elapsed)
        ratio = np.divide(own, mean, out=np.zeros_like(own), where=mean > 0)
        return quantiles * ratio[..., None], own

    def _quantiles_from_start(self, rows: NDArray[np.intp], days: Array, mean: Array) -> Array:
        """Quantiles (m, K, Q) of the demand of the first `days` (m, K) days, of this mean, by the rules of `window`."""
        position, at = time_position(self._ends[: self.horizon + 1], days), rows[:, None]
        before, share = np.maximum(position.upper - 1, 0), position.share[..., None]
        started = (position.upper > 0)[..., None]
        high = self.cumulative[at, position.upper]
        low = self.cumulative[at, before]
        low *= started
        mean_high = self.cumulative_mean[at, position.upper][..., None]
        mean_low = self.cumulative_mean[at, before][..., None] * started
        squares = _signed_square(low - mean_low)
        squares += share * (_signed_square(high - mean_high) - squares)
        inside = np.copysign(np.sqrt(np.abs(squares)), squares)
        inside += mean_low + share * (mean_high - mean_low)
        np.clip(inside, low, high, out=inside)
        if position.stretch.max(initial=1.0) > 1 and self.knows_later:
            more = np.where(position.stretch > 1, mean - self.cumulative_mean[rows, -1:], 0.0)
            inside += more[..., None] * self._relative_to_mean(self.cumulative[rows, -1], rows)[:, None]
        elif position.stretch.max(initial=1.0) > 1:
            inside *= position.stretch[..., None]
        return inside

    def _relative_to_mean(self, quantiles: Array, rows: NDArray[np.intp]) -> Array:
        """Quantiles (m, Q) of the horizon's demand of `rows` (m,) relative to its mean, as they go on beyond it.

        What sells little in the horizon scatters widely for its mean, not so in its season: where the mean C of the
        horizon is below the N of as many days of a usual year, the relative spread is √(C / N) times that.
        """
        mean = self.cumulative_mean[rows, -1:]
        year = self.later_ends_days[-1] - self.ends_days[-1]
        usual = np.maximum(self._a_year[rows] * self.ends_days[-1] / year, mean)
        distance = (quantiles - mean) / np.sqrt(np.where(mean > 0, mean * usual, np.inf))
        return np.asarray(np.maximum(1 + distance, 0.0))

    def days_to_use(
        self,
        quantity: Array,
        *,
        elapsed: float = 0.0,
        level: Array | None = None,
        rows: NDArray[np.intp] | None = None,
    ) -> Array:
        """Days (m,) from `elapsed` until demand has used up `quantity` units; infinite without demand.

        Parameters
        ----------
        quantity : array (n,), or (m,) with `rows`
        level : array (n,): with it the quantile of demand uses the quantity, instead of the mean; until then it
            is enough with that probability
        rows : array (m,), the SKU of each quantity
        """
        sku = np.arange(len(self)) if rows is None else rows
        curve = self._running_mean if level is None else self._quantile_curve(level)
        used = np.maximum(quantity, 0.0) + self._mean_of(sku, np.full((len(sku), 1), elapsed), 0.0)[:, 0]
        return np.maximum(
            days_to_reach(self._ends, curve[sku], used, year_from=self._year_from) - elapsed, 0.0
        )

    def _quantile_curve(self, level: Array) -> Array:
        """Quantile (n, 1 + h + P) of the demand until each period's end at probability `level` (n,) of each SKU."""
        chances = np.repeat(level, self.horizon)
        flat = Distribution(self.levels, self.cumulative.reshape(-1, len(self.levels)))
        curve = flat.quantile(chances).reshape(len(self), self.horizon)
        if self.knows_later:
            more = self._running_mean[:, self.horizon + 1 :] - self.cumulative_mean[:, -1:]
            relative = self._relative_to_mean(curve[:, -1:], np.arange(len(self)))
            curve = np.column_stack([curve, curve[:, -1:] + more * relative])
        return np.column_stack([np.zeros(len(self)), curve])

    @cached_property
    def _ends(self) -> Array:
        """Days until the start of the first period, then until the end of each, later ones included: (1 + h + P,)."""
        return np.concatenate([[0.0], self.ends_days, self.later_ends_days])

    @cached_property
    def _running_mean(self) -> Array:
        """Units expected until each of `_ends`, (n, 1 + h + P)."""
        parts = [np.zeros((len(self), 1)), self.cumulative_mean]
        if self.knows_later:
            parts.append(self.cumulative_mean[:, -1:] + np.cumsum(self.later_mean, axis=1))
        return np.concatenate(parts, axis=1)

    @cached_property
    def _a_year(self) -> Array:
        """Units expected in the year of later periods, (n, 1)."""
        return np.asarray(self.later_mean.sum(axis=1, keepdims=True))

    @property
    def _year_from(self) -> int | None:
        """Place in `_ends` from which the year of later periods comes again and again; none: it is not known."""
        return self.horizon if self.knows_later else None

    def _mean_of(self, rows: NDArray[np.intp], days: Array, elapsed: float) -> Array:
        """Mean demand (m, K) of `days` (m, K) from `elapsed` days after the forecast's start, units, of `rows` (m,)."""
        at = rows[:, None]

        def running(t: Array) -> Array:
            position = time_position(self._ends, t, year_from=self._year_from)
            low, high = self._running_mean[at, position.upper], self._running_mean[at, position.upper + 1]
            within = (low + position.share * (high - low)) * position.stretch
            if not position.years.any():
                return np.asarray(within)
            a_year = self._running_mean[at, -1] - self._running_mean[at, self.horizon]
            return np.asarray(within + position.years * a_year)

        return running(days + elapsed) - running(np.full((len(rows), 1), elapsed))


def _signed_square(x: Array) -> Array:
    return x * np.abs(x)
