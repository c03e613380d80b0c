"""Rolling origins: the past periods that a backtest forecasts from, in windows that share their fitted members."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from features.demand.panel import Array, Panel

LEAST_HISTORY = 3
"""Periods an origin must have seen at least."""

FEW_SKUS, OWN_EVIDENCE = 200, 40
"""Up to so many SKUs, what is learned of one rests on as many of its own past periods as this."""

MOST_CELLS = 4_000_000
"""Origins × SKUs × steps that are forecast at most, for memory; every window keeps at least one origin."""


@dataclass(frozen=True)
class Origins:
    """O rolling origins of a backtest.

    Attributes
    ----------
    periods_seen : array (O,), periods of the panel that each origin saw
    window : array (O,), the window of each origin; origins of one window share their fitted global members
    """

    periods_seen: NDArray[np.int64]
    window: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.periods_seen)

    def after(self, values: Array, h: int) -> Array:
        """`values` (n, T) of the h periods after each origin, (O, n, h); NaN beyond the panel's end."""
        padded = np.pad(values, ((0, 0), (0, h)), constant_values=np.nan)
        return np.moveaxis(padded[:, self.periods_seen[:, None] + np.arange(h)], 0, 1)

    def window_panels(self, panel: Panel) -> list[Panel]:
        """The panel as it was at the first origin of each window: what the window's members are fitted on."""
        first = [self.periods_seen[self.window == w].min() for w in np.unique(self.window)]
        return [panel.until(int(periods)) for periods in first]


def choose_origins(panel: Panel, h: int, windows: int, season: int) -> Origins:
    """Rolling origins going back from the panel's end, `windows` windows of up to four origins each.

    Where SKUs are few there are more windows: over the later half of the history, `OWN_EVIDENCE` periods at most, so
    that there is enough to tell SKUs from each other. A window is h periods long (less when history is short); its
    global members are fitted once, at its first origin, and reused at its later ones, as happens between trainings.
    The last origin sees all but one step, so that recent errors count too. At least a season and a half stays as
    history where there is that much.
    """
    periods = panel.periods
    need = LEAST_HISTORY if periods < 2 * season + h else int(1.5 * season)
    room = periods - max(need, LEAST_HISTORY)
    if room < 1:
        return Origins(np.zeros(0, np.int64), np.zeros(0, np.int64))
    width = max(1, min(h, room // windows))
    if len(panel) <= FEW_SKUS:
        windows = max(windows, min(OWN_EVIDENCE, room, periods // 2) // width)
    origins = int(np.clip(MOST_CELLS // (len(panel) * h * windows), 1, 4))
    stride = max(1, -(-width // origins) if origins < 4 else width // 4)
    periods_seen, window = [], []
    for w in range(windows):
        first = periods - (windows - w) * width
        if first >= LEAST_HISTORY:
            inside = np.arange(first, first + width, stride)
            periods_seen.append(inside)
            window.append(np.full(len(inside), w))
    return Origins(np.concatenate(periods_seen), np.concatenate(window))


def known_periods(y: Array, periods_seen: NDArray[np.int64]) -> Array:
    """Number of different periods known among what was forecast from rolling origins, (n,).

    Parameters
    ----------
    y : array (O, n, h), demand after each origin, NaN where unknown
    periods_seen : array (O,), periods that each origin saw
    """
    if not len(y):
        return np.zeros(y.shape[1])
    first = int(periods_seen.min())
    seen = np.zeros((y.shape[1], int(periods_seen.max()) - first + y.shape[2]), bool)
    for values, start in zip(y, periods_seen - first, strict=True):
        seen[:, start : start + y.shape[2]] |= ~np.isnan(values)
    return np.asarray(seen.sum(axis=1), float)
