"""Pilots that changed nothing, played on the past: pairs drawn, coins flipped and starts drawn at random.

What such pilots seem to find is what the true one will find by chance alone: the season it happens to meet, how long
shocks last, how much the units of a supplier move together, and how heavy the tails are, all as the company has them.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from distributions.distribution import Array
from features.contract.tables import DataError
from procurement.pilot.cluster_robust import RobustMean, robust_mean
from procurement.pilot.outcome_panel import COUNTED, OutcomePanel, outcome_panel, why_left_out, window_means
from procurement.pilot.pair_differences import PairSides, Scale, pair_of_unit, pair_sides, pair_values

DRAWS = 1000
"""Placebo pilots of each size and length; the standard error is then known to about 2%."""
_MOST_STARTS = 60
_MOST_PAIRS_DRAWN = 2_000_000
"""Pairs of all placebos together, beyond which fewer are drawn, and at least _LEAST_DRAWS."""
_LEAST_DRAWS = 200


@dataclass(frozen=True)
class PastPilots:
    """The past of all pairs there could be: outcomes (N, T), their pair and side (N,), pairs from 0."""

    y: Array
    pair: NDArray[np.intp]
    side: NDArray[np.intp]

    @property
    def pairs(self) -> int:
        """How many pairs there are."""
        return int(self.pair.max(initial=-1)) + 1

    @property
    def periods(self) -> int:
        """How many periods are known."""
        return int(self.y.shape[1])


@dataclass(frozen=True)
class Placebos:
    """Placebo pilots (draws, n, 2), the number of starts they are from, and the mean outcome per unit and period."""

    sides: PairSides
    starts: int
    mean: float

    def estimated(self, scale: Scale, effect: float = 0.0) -> RobustMean:
        """Effect each placebo finds (draws,), with the effect planted that is given as a share."""
        weights, values = pair_values(self.sides.with_effect(effect) if effect else self.sides, scale)
        return robust_mean(weights, values)

    def power(self, scale: Scale, effect: float, alpha: float) -> float:
        """Share of the placebos that find a planted effect, on its side, by the test that measures the pilot."""
        found = self.estimated(scale, effect)
        right = np.sign(found.estimate) == np.sign(effect)
        return float((right & (found.p_value() < alpha)).mean())


def past_pilots(panel: pd.DataFrame, groups: pd.DataFrame, *, scale: Scale) -> PastPilots:
    """Lay the past outcome `panel` (`unit`, `ds`, `y`) beside all pairs of `groups` (`unit`, `pair`, `group`).

    Raises
    ------
    DataError
        columns missing, a negative outcome on `log` or `ratio`
    """
    laid: OutcomePanel = outcome_panel(panel)
    pair, side, _ = pair_of_unit(groups)
    units = groups["unit"].astype(str).to_numpy(object)
    order = np.lexsort((units.astype(str), side, pair))
    y = laid.of(units[order])
    if scale != "level" and (y < 0).any():
        unit = units[order][(y < 0).any(axis=1)][0]
        raise DataError(f"outcome panel: y of {unit} is negative; measure on the scale level")
    return PastPilots(y, pair[order], side[order])


def past_windows(past: PastPilots, before: int, after: int, *, scale: Scale) -> list[PairSides]:
    """Both sides of the pairs that count, for every start that leaves `before` periods before and `after` after it."""
    last = past.periods - before - after
    starts = np.unique(np.linspace(0, last, min(last + 1, _MOST_STARTS)).round().astype(int))
    found = []
    for start in starts if last >= 0 else []:
        y = past.y[:, start : start + before + after]
        counted = why_left_out(y[:, :before], y[:, before:]) == COUNTED
        means = [
            np.where(counted, window_means(np.where(counted[:, None], part, np.nan)), np.nan)
            for part in (y[:, :before], y[:, before:])
        ]
        if scale == "log":
            zero = ~((means[0] > 0) & (means[1] > 0))
            means = [np.where(zero, np.nan, each) for each in means]
        sides = pair_sides(means[0], means[1], past.pair, past.side)
        found.append(sides.taken((sides.units > 0).all(axis=-1)))
    return found


def placebo_pilots(windows: list[PairSides], pairs: int, *, seed: int, draws: int = DRAWS) -> Placebos | None:
    """Draw pilots of `pairs` pairs at random starts with random coins; none where no start has as many pairs."""
    enough = [window for window in windows if len(window.units) >= pairs]
    if not enough or pairs < 2:
        return None
    rng = np.random.default_rng(seed)
    draws = min(draws, max(_MOST_PAIRS_DRAWN // pairs, _LEAST_DRAWS))
    drawn = []
    for start in rng.integers(len(enough), size=draws):
        window = enough[start]
        drawn.append(window.taken(rng.choice(len(window.units), pairs, replace=False)))
    sides = PairSides(
        *(
            np.stack([getattr(each, name) for each in drawn])
            for name in ("before", "after", "log_change", "units")
        )
    ).flipped(rng.random((draws, pairs)) < 0.5)
    mean = float(sides.before.sum() / sides.units.sum())
    return Placebos(sides, len(enough), mean)
