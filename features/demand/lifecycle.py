"""A panel as models learn from it: histories carried over to successors, and begun anew after a relaunch."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from features.contract.calendar import days_per_period, season_length
from features.demand.panel import Array, Panel
from features.demand.succession import Succession

RECENT = 4
"""Periods over which the old SKU's part of the joint demand is taken."""

FADE = 0.5
"""Of a replaced SKU's part of the demand, so much is left a period later."""

QUARTER = 91
"""Days that a pause lasts at least."""

CHANCE = 1e-3
"""A pause is one only if the SKU's own rhythm makes so long a gap less likely than this."""


def living(panel: Panel) -> Panel:
    """The panel as models see it: successors with the joint history, relaunched SKUs from their relaunch on."""
    return restarted(joined(panel))


def joined(panel: Panel) -> Panel:
    """Move the history of replaced SKUs to those that took over; the sum of each period stays what it was."""
    if panel.succession is None or not len(panel.succession):
        return panel
    final = panel.succession.final()
    heirs, gone = np.unique(final.new), np.unique(final.old)
    y, learned, in_stock = panel.y.copy(), panel.learned.copy(), panel.in_stock.copy()
    for values in (y, learned):
        values[heirs] = _sums(values, final, heirs)
        values[gone] = np.nan
    np.logical_and.at(in_stock, final.new, panel.in_stock[final.old])
    in_stock[gone] = True
    covariates = {name: _inherited(values, final) for name, values in panel.covariates.items()}
    result = replace(panel, y=y, in_stock=in_stock, covariates=covariates, succession=None)
    vars(result)["learned"] = learned  # each SKU's censored periods by themselves, then the sum
    return result


def _sums(values: Array, final: Succession, heirs: NDArray[np.int64]) -> Array:
    """Own demand of the heirs with what comes to them, (m, T); NaN where neither is known."""
    place = np.searchsorted(heirs, final.new)
    total, known = np.nan_to_num(values[heirs]), ~np.isnan(values[heirs])
    np.add.at(total, place, final.share[:, None] * np.nan_to_num(values[final.old]))
    np.logical_or.at(known, place, ~np.isnan(values[final.old]))
    return np.where(known, total, np.nan)


def _inherited(values: Array, final: Succession) -> Array:
    """A covariate of an heir before it had one: that of whom it replaced."""
    result = values.copy()
    own = result[final.new]
    result[final.new] = np.where(np.isnan(own), values[final.old], own)
    return result


@dataclass(frozen=True)
class Handover:
    """Which part of the heirs' joint forecast still falls to the replaced SKUs: pairs (P,), `part` (P, h)."""

    old: NDArray[np.int64]
    new: NDArray[np.int64]
    part: Array

    def apply(self, forecast: Array) -> Array:
        """Split joint forecasts (n, h) between old and new; their sum stays."""
        result, joint = forecast.copy(), forecast[self.new]
        result[self.old] = 0.0
        np.add.at(result, self.old, self.part * joint)
        np.subtract.at(result, self.new, self.part * joint)
        return np.maximum(result, 0.0)


def handover(panel: Panel, h: int) -> Handover | None:
    """Who still sells what in the h periods after the panel's end; None where nothing is being replaced.

    A planned start moves all demand at once. After a start that has happened, the old SKU's part of the joint
    demand of the last four periods halves with every period.
    """
    if panel.succession is None or not len(panel.succession):
        return None
    final = panel.succession.final()
    ahead = panel.future(h)[:h]
    begun = final.start < ahead[0]
    part = _part(panel, final, np.where(begun, final.start, panel.ds[0]))
    fading = FADE ** np.arange(1, h + 1)[None, :]
    waiting = (ahead[None, :] < final.start[:, None]).astype(float)
    return Handover(final.old, final.new, part[:, None] * np.where(begun[:, None], fading, waiting))


def _part(panel: Panel, final: Succession, since: NDArray[np.datetime64]) -> Array:
    """What each old SKU sold of all that its heir's family sold in the last periods from `since` on, (P,)."""
    recent = np.nan_to_num(panel.learned[:, -RECENT:])
    moved = final.share[:, None] * recent[final.old]
    family = recent.copy()
    np.add.at(family, final.new, moved)
    late = panel.ds[None, -RECENT:] >= since[:, None]
    own, all_ = (moved * late).sum(axis=1), (family[final.new] * late).sum(axis=1)
    return np.where(all_ > 0, own / np.maximum(all_, 1e-12), 0.0)


def restarted(panel: Panel) -> Panel:
    """The panel with the time before each SKU's last relaunch unknown: neither pause nor what was before counts."""
    start = relaunches(panel)
    if not (start > 0).any():
        return panel
    before = np.arange(panel.periods)[None, :] < start[:, None]
    result = replace(panel, y=np.where(before, np.nan, panel.y))
    vars(result)["learned"] = np.where(before, np.nan, panel.learned)
    return result


def relaunches(panel: Panel) -> NDArray[np.int64]:
    """Period of each SKU's last relaunch, shape (n,), 0 where there was none.

    A relaunch ends a pause: a quarter of a year and half a season of zeros at least, too many for the SKU's rhythm
    before, and either a whole season or at a time of year in which it sold the year before. The SKU has sold in two
    periods since. A first launch after so many recorded zeros counts too, once three sales show a rhythm in which
    they are no accident.
    """
    season = season_length(panel.freq)
    enough = max(6, season // 2, round(QUARTER / days_per_period(panel.freq)))
    y = panel.learned
    known, sold = ~np.isnan(y), np.nan_to_num(y) > 0
    seen = np.cumsum(np.pad(known, ((0, 0), (1, 0))), axis=1)
    sales = np.cumsum(np.pad(sold, ((0, 0), (1, 0))), axis=1)
    result, run, first, waited = (np.zeros(len(y), np.int64) for _ in range(4))
    for t in range(panel.periods):
        rows = np.flatnonzero(sold[:, t] & (run >= enough))
        if len(rows):
            begin, length = first[rows], run[rows]
            rate = sales[rows, begin] / np.maximum(seen[rows, begin], 1)
            year_before = sales[rows, max(t - season, 0)] - sales[rows, np.maximum(begin - season, 0)]
            unusual = (length >= season) | ((begin >= season) & (year_before >= 0.5 * rate * length))
            paused = (sales[rows, begin] >= 2) & ((1 - rate) ** length < CHANCE) & unusual
            launched = sales[rows, begin] == 0
            result[rows[paused | launched]] = t
            waited[rows] = np.where(launched, length, np.where(paused, 0, waited[rows]))
        run = np.where(sold[:, t], 0, run + known[:, t])
        first = np.where(sold[:, t], t + 1, first)
    at = np.arange(len(y))
    since: NDArray[np.int64] = sales[:, -1] - sales[at, result]
    age = seen[:, -1] - seen[at, result]
    quiet = (1 - np.maximum(since - 1, 0) / np.maximum(age, 1)) ** waited
    return np.where((since >= 2) & ((waited == 0) | ((since >= 3) & (quiet < CHANCE))), result, 0)
