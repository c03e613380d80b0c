"""What really came: demand, order lines, stock counts and offers, as the company's tables show them on a later day."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from distributions.distribution import Array
from planning.simulation.engine.daily_demand import spread_over_days
from planning.simulation.engine.demand_paths import brownian_bridges

_DAY = pd.Timedelta(days=1)


@dataclass(frozen=True)
class WhatCame:
    """What really came until `as_of`.

    Attributes
    ----------
    as_of : the day on which the tables are read
    unique_ids : array (n,) of SKUs, sorted
    starts : array (K + 1,) of datetime64, starts of the demand periods and the end of the last one
    demand : array (n, K), units wanted in each period, in those sold out as many as are expected to have been; NaN
        before a SKU's first
    lines : order history: order_id, line, supplier_id, unique_id, ordered_at, promised_at, quantity_ordered,
        quantity_received, quantity_open, unit_price, lead_time, age, is_open, arrived_at, expedited, never_came
    promises : order_id, line and repromised_at of lines with a new promise
    stock : unique_id, as_of, on_hand and backorders of every count
    offers : table of the contract
    """

    as_of: pd.Timestamp
    unique_ids: NDArray[np.object_]
    starts: NDArray[np.datetime64]
    demand: Array
    lines: pd.DataFrame
    promises: pd.DataFrame
    stock: pd.DataFrame
    offers: pd.DataFrame

    @property
    def known_until(self) -> pd.Timestamp:
        """The day up to which demand is known: the end of its last period, and no day after `as_of`."""
        return min(pd.Timestamp(self.starts[-1]), self.as_of)

    @cached_property
    def lines_of(self) -> dict[str, pd.DataFrame]:
        """SKU → its order lines."""
        return {str(sku): some for sku, some in self.lines.groupby("unique_id", sort=False)}

    @cached_property
    def _row_of(self) -> dict[str, int]:
        return {str(sku): row for row, sku in enumerate(self.unique_ids)}

    def has_demand(self, unique_id: str) -> bool:
        """Whether the SKU's demand is in the tables."""
        return unique_id in self._row_of

    def orders(self, unique_id: str) -> pd.DataFrame:
        """Order lines of a SKU."""
        return self.lines_of.get(unique_id, self.lines.iloc[:0])

    def sold_between(self, unique_id: str, begin: pd.Timestamp, end: pd.Timestamp) -> float:
        """Units of a SKU wanted from `begin` to before `end`, a period's spread evenly over its days."""
        share = self._shares(begin, end)
        return float((np.nan_to_num(self.demand[self._row_of[unique_id]]) * share).sum())

    def a_day(self, unique_id: str, begin: pd.Timestamp, days: int, *, over: float) -> Array:
        """Units a day (T,) that a SKU sells around each of the `days` from `begin` on, averaged over `over` days."""
        units = np.nan_to_num(self.demand[self._row_of[unique_id]])
        at = np.append(0.0, np.cumsum(units))
        edges = (self.starts - np.datetime64(begin)) / np.timedelta64(1, "D")
        middle = np.arange(days) + 0.5
        low = np.maximum(middle - over / 2, edges[0])
        high = np.minimum(middle + over / 2, edges[-1])
        sums = np.interp(high, edges, at) - np.interp(low, edges, at)
        return np.asarray(np.divide(sums, high - low, out=np.zeros(days), where=high > low))

    def by_day(
        self, unique_id: str, begin: pd.Timestamp, days: int, *, scenarios: int, whole: bool
    ) -> NDArray[np.float32]:
        """Units wanted on each of the `days` from `begin` on, (1, M, T): real periods, spread anew in each scenario."""
        row = np.nan_to_num(self.demand[self._row_of[unique_id]])
        first = int(np.searchsorted(self.starts, np.datetime64(begin), side="right")) - 1
        lengths = (np.diff(self.starts) / np.timedelta64(1, "D")).astype(np.int64)
        elapsed = (begin - pd.Timestamp(self.starts[first])) // _DAY
        period = np.repeat(np.arange(first, len(lengths)), lengths[first:])
        number = np.concatenate([np.arange(length) for length in lengths[first:]])
        calendar = np.stack([period - first, number, lengths[period]], axis=1)[elapsed : elapsed + days]
        used = row[first:]
        units = np.repeat(used[None, :, None], scenarios, axis=2).astype(np.float32)
        if whole:
            units = np.round(units)
        mean = max(float(used.mean()), 1e-9)
        dispersion = np.array([max(float(used.var()) / mean, 1.0)])
        paths = spread_over_days(
            units, np.ascontiguousarray(calendar), brownian_bridges(), dispersion, np.array([whole])
        )
        return np.asarray(paths, np.float32)

    def _shares(self, begin: pd.Timestamp, end: pd.Timestamp) -> Array:
        """Share (K,) of each period that lies from `begin` to before `end`."""
        low, high = self.starts[:-1], self.starts[1:]
        inside = np.minimum(high, np.datetime64(end)) - np.maximum(low, np.datetime64(begin))
        return np.asarray(np.maximum(inside / (high - low), 0.0))

    def counted_before(self, unique_id: str, day: pd.Timestamp) -> pd.Series | None:
        """Last stock count of a SKU until `day`; none where there is none."""
        rows = self.stock[(self.stock["unique_id"] == unique_id) & (self.stock["as_of"] <= day)]
        return None if rows.empty else rows.sort_values("as_of").iloc[-1]
