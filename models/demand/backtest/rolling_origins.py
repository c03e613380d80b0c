"""Where to look back from, and what members would have forecast there."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from features.demand.demand_class import known_demand
from features.demand.panel import Array, Panel
from models.demand.backtest.panel_state import Fitted, look, spread_doubt
from models.demand.backtest.weights import error_unit
from models.demand.distributions.calibration import SpreadInputs
from models.demand.distributions.quantile_boosting import KNOTS

HISTORY = 3
"""Periods an origin must have seen at least."""

OBSERVED = 0.8
"""Share of the expected demand that must have been observable for a sum with censored periods to count."""


@dataclass(frozen=True)
class Origins:
    """Where the backtest looks back from: `at[o]` periods were seen, `window[o]` says who shares global fits."""

    at: NDArray[np.int64]
    window: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.at)

    def after(self, values: Array, h: int) -> Array:
        """`values` (n, T) at the h periods after each origin, (O, n, h); NaN beyond the end."""
        padded = np.pad(values, ((0, 0), (0, h)), constant_values=np.nan)
        return np.moveaxis(padded[:, self.at[:, None] + np.arange(h)], 0, 1)

    def starts(self, panel: Panel) -> list[Panel]:
        """The panel as it was at the first origin of each window."""
        return [panel.until(int(self.at[self.window == w].min())) for w in np.unique(self.window)]


CELLS = 4_000_000
"""Origins × SKUs × steps that are replayed at most, for memory; every window keeps at least one origin."""


def choose_origins(panel: Panel, h: int, windows: int, season: int) -> Origins:
    """Origins going back from the end, `windows` windows of up to four origins each.

    A window is h periods long (less when history is short); its global members are fitted once, at its first
    origin, and reused at its later ones, as happens between trainings. The last origin sees all but one step, so
    that recent errors count too. At least a season and a half stays as history where there is that much.
    """
    periods = panel.periods
    need = HISTORY if periods < 2 * season + h else int(1.5 * season)
    room = periods - max(need, HISTORY)
    if room < 1:
        return Origins(np.zeros(0, np.int64), np.zeros(0, np.int64))
    width = max(1, min(h, room // windows))
    origins = int(np.clip(CELLS // (len(panel) * h * windows), 1, 4))
    stride = max(1, -(-width // origins) if origins < 4 else width // 4)
    at, window = [], []
    for w in range(windows):
        first = periods - (windows - w) * width
        if first >= HISTORY:
            inside = np.arange(first, first + width, stride)
            at.append(inside)
            window.append(np.full(len(inside), w))
    return Origins(np.concatenate(at), np.concatenate(window))


@dataclass(frozen=True)
class OriginForecasts:
    """O origins, n SKUs, h steps: what members forecast and what happened.

    Attributes
    ----------
    at : array (O,), periods each origin saw
    window : array (O,), origins of one window share their fitted global members
    y : array (O, n, h), demand; NaN where censored, missing or not yet known
    learned : array (O, n, h), the same with censored periods as completed by `features.demand.censoring`: the demands that
        emptied the shelf were high, and distributions learned without them would be too low
    sold, in_stock : arrays (O, n, h), what was recorded, also where censored
    reached : bool array (O, h), the period lies inside the panel
    members : name → array (O, n, h)
    demand_class, volatility, doubt, whole : arrays (O, n), as of each origin
    knots, sum_knots : arrays (O, n, h, A), boosted quantiles of periods and of sums
    """

    at: NDArray[np.int64]
    window: NDArray[np.int64]
    y: Array
    learned: Array
    sold: Array
    in_stock: NDArray[np.bool_]
    reached: NDArray[np.bool_]
    members: dict[str, Array]
    demand_class: NDArray[np.object_]
    volatility: Array
    doubt: Array
    whole: NDArray[np.bool_]
    knots: Array
    sum_knots: Array

    @property
    def scale(self) -> Array:
        """Unit in which a SKU's errors count, (O, n): its mean forecast over members and steps, at least a bit."""
        stacked = np.stack([m.mean(axis=2) for m in self.members.values()])
        known = np.isfinite(stacked)
        level = np.where(known, stacked, 0.0).sum(axis=0) / np.maximum(known.sum(axis=0), 1)
        return error_unit(level)

    def rows(self, values: Array, origins: NDArray[np.bool_]) -> Array:
        """The chosen origins of (O, n, h) as rows of SKUs, shape (origins · n, h)."""
        return values[origins].reshape(-1, values.shape[2])

    def spread_inputs(self, mean: Array, origins: NDArray[np.bool_], *, sums: bool = False) -> SpreadInputs:
        """What the distributions around `mean` (O, n, h) depend on, of periods or of sums, at the chosen origins."""
        steps = np.arange(1, mean.shape[2] + 1, dtype=float)
        return SpreadInputs(
            mean=self.rows(mean, origins),
            steps=steps,
            volatility=self.volatility[origins].ravel(),
            demand_class=self.demand_class[origins].ravel(),
            whole=self.whole[origins].ravel(),
            doubt=spread_doubt(self.doubt[origins].ravel(), steps, sums=sums),
        )

    def cumulative(self, mean: Array) -> Array:
        """Demand of the first k periods, (O, n, h).

        A sum with censored periods is scaled up by the forecast's share of them while at least 80 % of the
        expected demand was observed; below that, and beyond the panel's end, it is NaN.
        """
        observed = np.cumsum(np.nan_to_num(self.learned), axis=2)
        expected = np.cumsum(mean, axis=2)
        seen = np.cumsum(np.where(np.isnan(self.learned), 0.0, mean), axis=2)
        complete = np.cumsum(np.isnan(self.learned), axis=2) == 0
        share = np.where(complete, 1.0, seen / np.maximum(expected, 1e-12))
        usable = (share >= OBSERVED) & self.reached[:, None, :]
        return np.where(usable, observed / np.maximum(share, OBSERVED), np.nan)


def play(
    panel: Panel, origins: Origins, fitted: Sequence[Fitted], *, names: Sequence[str], h: int, season: int
) -> OriginForecasts:
    """Forecast from every origin.

    Parameters
    ----------
    fitted : what was learned at the first origin of each window
    names : of the members
    """
    windows = np.unique(origins.window)
    views = [
        look(panel.until(int(t)), learned, h, season)
        for w, learned in zip(windows, fitted, strict=True)
        for t in origins.at[origins.window == w]
    ]
    known, learned, sold, in_stock = (
        origins.after(values, h)
        for values in (known_demand(panel), panel.learned, panel.y, panel.in_stock.astype(float))
    )
    n = len(panel)
    return OriginForecasts(
        at=origins.at,
        window=origins.window,
        y=known,
        learned=learned,
        sold=sold,
        in_stock=in_stock != 0,
        reached=origins.at[:, None] + np.arange(h) < panel.periods,
        members={name: _stacked([v.members[name] for v in views], (0, n, h)) for name in names},
        demand_class=_stacked([v.demand_class for v in views], (0, n)),
        volatility=_stacked([v.volatility for v in views], (0, n)),
        doubt=_stacked([v.doubt for v in views], (0, n)),
        whole=_stacked([v.whole for v in views], (0, n)).astype(bool),
        knots=_stacked([v.knots for v in views], (0, n, h, len(KNOTS))),
        sum_knots=_stacked([v.sum_knots for v in views], (0, n, h, len(KNOTS))),
    )


def _stacked(parts: list[Any], empty: tuple[int, ...]) -> Any:
    return np.stack(parts) if parts else np.zeros(empty)
