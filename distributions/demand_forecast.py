"""The demand forecast: distributions of the demand of each period and of the sum of the first k periods."""

from dataclasses import dataclass
from typing import Self

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from distributions.distribution import Array, Distribution


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
        demand stays certain. Beyond the horizon the last distribution is stretched in proportion to time, which
        keeps its relative spread. A window that starts `elapsed` days late has the shape of the first window of
        its length and its own mean.
        """
        sku = np.arange(len(self)) if rows is None else rows
        mean = self._mean_of(sku, days, 0.0)
        quantiles = self._quantiles_from_start(sku, days)
        if elapsed == 0:
            return quantiles, mean
        own = self._mean_of(sku, days, elapsed)
        ratio = np.divide(own, mean, out=np.zeros_like(own), where=mean > 0)
        return quantiles * ratio[..., None], own

    def _quantiles_from_start(self, rows: NDArray[np.intp], days: Array) -> Array:
        """Quantiles (m, K, Q) of the demand of the first `days` (m, K) days, by the rules of `window`."""
        position, at = self._position(days), rows[:, None]
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
        if position.stretch.max(initial=1.0) > 1:
            inside *= position.stretch[..., None]
        return inside

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
        curve = self.cumulative_mean if level is None else self._quantile_curve(level)
        used = np.maximum(quantity, 0.0) + self._mean_of(sku, np.full((len(sku), 1), elapsed), 0.0)[:, 0]
        return np.maximum(self._days_to_reach(curve[sku], used) - elapsed, 0.0)

    def _days_to_reach(self, curve: Array, used: Array) -> Array:
        """Days (n,) at which each row of `curve` (n, h), units by the end of each period, passes `used` (n,)."""
        ends = np.concatenate([[0.0], self.ends_days])
        values = np.column_stack([np.zeros(len(curve)), curve])
        upper = np.clip((values < used[:, None]).sum(axis=1), 1, len(ends) - 1)
        at = np.arange(len(curve))
        low, high, total = values[at, upper - 1], values[at, upper], values[:, -1]
        share = np.divide(used - low, high - low, out=np.zeros_like(used), where=high > low)
        inside = ends[upper - 1] + np.clip(share, 0, 1) * (ends[upper] - ends[upper - 1])
        stretch = np.divide(used, total, out=np.full_like(used, np.inf), where=total > 0)
        return np.where(
            used <= 0, np.where(total > 0, 0.0, np.inf), np.where(used > total, ends[-1] * stretch, inside)
        )

    def _quantile_curve(self, level: Array) -> Array:
        """Quantile (n, h) of the demand of the first k periods at probability `level` (n,) of each SKU."""
        chances = np.repeat(level, self.horizon)
        flat = Distribution(self.levels, self.cumulative.reshape(-1, len(self.levels)))
        return flat.quantile(chances).reshape(len(self), self.horizon)

    def _position(self, days: Array) -> "_Position":
        """Places of times `days`, any shape, among the period ends."""
        ends = np.concatenate([[0.0], self.ends_days])
        upper = np.clip(np.searchsorted(ends, days, side="left"), 1, len(ends) - 1)
        share = np.clip((days - ends[upper - 1]) / (ends[upper] - ends[upper - 1]), 0, 1)
        return _Position(upper - 1, share, np.maximum(days / ends[-1], 1.0))

    def _mean_of(self, rows: NDArray[np.intp], days: Array, elapsed: float) -> Array:
        """Mean demand (m, K) of `days` (m, K) from `elapsed` days after the forecast's start, units, of `rows` (m,)."""
        means = np.column_stack([np.zeros(len(rows)), self.cumulative_mean[rows]])
        at = np.arange(len(rows))[:, None]

        def running(t: Array) -> Array:
            position = self._position(t)
            low, high = means[at, position.upper], means[at, position.upper + 1]
            return np.asarray((low + position.share * (high - low)) * position.stretch)

        return running(days + elapsed) - running(np.full((len(rows), 1), elapsed))


@dataclass(frozen=True)
class _Position:
    """Where times lie among the period ends: inside period `upper`, at `share` of it; `stretch` past the horizon."""

    upper: NDArray[np.intp]
    share: Array
    stretch: Array


def _signed_square(x: Array) -> Array:
    return x * np.abs(x)
