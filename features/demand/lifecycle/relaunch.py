"""Relaunches: when a SKU came back after a long pause, and the panel without what was before."""

from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from features.contract.frequency import days_per_period, season_length
from features.demand.censoring import ImputedDemand
from features.demand.panel import Array, Panel

QUARTER = 91
"""Days that a pause lasts at least."""

CHANCE = 1e-3
"""A pause is one only if the SKU's own rhythm makes so long a gap less likely than this."""


def drop_before_relaunch(panel: Panel) -> Panel:
    """The panel with the time before each SKU's last relaunch unknown: neither the pause nor what was before counts."""
    start = last_relaunch(panel)
    if not (start > 0).any():
        return panel
    before = np.arange(panel.periods)[None, :] < start[:, None]
    y = np.where(before, np.nan, panel.y)
    values = np.where(before, np.nan, panel.uncensored)
    return replace(panel, y=y, imputed=ImputedDemand(y, panel.in_stock, values))


def last_relaunch(panel: Panel) -> NDArray[np.int64]:
    """Period of each SKU's last relaunch, shape (n,), 0 where there was none.

    A relaunch ends a pause: a quarter of a year and half a season of zeros at least, too many for the SKU's rhythm
    before, and either a whole season or at a time of year in which it sold the year before. The SKU has sold in two
    periods since. A first launch after so many recorded zeros counts too, once three sales show a rhythm in which
    they are no accident.
    """
    season = season_length(panel.freq)
    enough = max(6, season // 2, round(QUARTER / days_per_period(panel.freq)))
    history = _SalesHistory.of(panel.uncensored)
    result, zeros, begin, waited = (np.zeros(len(panel), np.int64) for _ in range(4))
    for t in range(panel.periods):
        rows = np.flatnonzero(history.sold[:, t] & (zeros >= enough))
        if len(rows):
            length = zeros[rows]
            paused, launched = history.ends_pause(rows, t, begin[rows], length, season)
            result[rows[paused | launched]] = t
            waited[rows] = np.where(launched, length, np.where(paused, 0, waited[rows]))
        zeros = np.where(history.sold[:, t], 0, zeros + history.known[:, t])
        begin = np.where(history.sold[:, t], t + 1, begin)
    return np.where(history.has_rhythm_since(result, waited), result, 0)


@dataclass(frozen=True)
class _SalesHistory:
    """Where relaunches are looked for: periods with known demand and with a sale, (n, T), running counts (n, T + 1)."""

    known: NDArray[np.bool_]
    sold: NDArray[np.bool_]
    known_count: NDArray[np.int64]
    sales: NDArray[np.int64]

    @classmethod
    def of(cls, y: Array) -> Self:
        """Sales history to look for relaunches in, from demand `y` (n, T), NaN where unknown."""
        known, sold = ~np.isnan(y), np.nan_to_num(y) > 0
        counts = (np.cumsum(np.pad(flags, ((0, 0), (1, 0))), axis=1) for flags in (known, sold))
        return cls(known, sold, *counts)

    def ends_pause(
        self,
        rows: NDArray[np.int64],
        t: int,
        begin: NDArray[np.int64],
        length: NDArray[np.int64],
        season: int,
    ) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Whether a sale in period t relaunches SKUs `rows` after a pause, and whether it is their first, each (m,).

        `length` zeros (m,) lie before it, from period `begin` (m,) on.
        """
        sales = self.sales[rows, begin]
        rate = sales / np.maximum(self.known_count[rows, begin], 1)
        year_before = self.sales[rows, max(t - season, 0)] - self.sales[rows, np.maximum(begin - season, 0)]
        unusual = (length >= season) | ((begin >= season) & (year_before >= 0.5 * rate * length))
        paused = (sales >= 2) & ((1 - rate) ** length < CHANCE) & unusual
        return paused, sales == 0

    def has_rhythm_since(self, start: NDArray[np.int64], waited: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Whether a relaunch in period `start` (n,) is borne out by the sales since, (n,).

        Two sales are enough after a pause; after `waited` zeros (n,) before a first launch it takes three, at a
        rate that makes so many zeros unlikely.
        """
        at = np.arange(len(start))
        since = self.sales[:, -1] - self.sales[at, start]
        age = self.known_count[:, -1] - self.known_count[at, start]
        no_sale = (1 - np.maximum(since - 1, 0) / np.maximum(age, 1)) ** waited
        return np.asarray((since >= 2) & ((waited == 0) | ((since >= 3) & (no_sale < CHANCE))))
