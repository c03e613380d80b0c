"""What each pair of a pilot says of the effect: how its pilot side changed, less how its hold-out side did.

Three scales. `level`: the change of the mean per unit and period, in the outcome's unit, weighted by the pilot's units.
`log`: the mean of the units' log changes, a typical unit's change per cent; every unit counts alike, and a unit whose
mean is zero cannot count. `ratio`: log of the ratio of sums, the whole's change per cent, in which large units count
for what they are; zeros do no harm. What a pair contributes to a ratio is its influence (the delta method).
"""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from distributions.distribution import Array
from features.contract.tables import DataError

Scale = Literal["level", "log", "ratio"]
PILOT, HOLD_OUT = "pilot", "hold_out"
ZERO = "an outcome of zero has no logarithm"


@dataclass(frozen=True)
class PairSides:
    """Both sides of P pairs; each array (…, P, 2), the pilot side first.

    Attributes
    ----------
    before, after : sum over the side's units of their mean outcome a period
    log_change : sum over the side's units of log(after / before); NaN where not all are above zero
    units : number of units
    """

    before: Array
    after: Array
    log_change: Array
    units: Array

    def taken(self, at: Any) -> "PairSides":
        """The sides at an index into the leading axes."""
        return PairSides(*(each[at] for each in (self.before, self.after, self.log_change, self.units)))

    def flipped(self, flips: NDArray[np.bool_]) -> "PairSides":
        """Sides swapped where `flips` (…, P) says so."""
        swap = flips[..., None]
        return PairSides(
            *(
                np.where(swap, each[..., ::-1], each)
                for each in (self.before, self.after, self.log_change, self.units)
            )
        )

    def with_effect(self, effect: float) -> "PairSides":
        """The sides as they were if the pilot had changed every pilot unit's outcome by `effect`, a share."""
        times = np.array([1 + effect, 1.0])
        log_change = self.log_change + self.units * np.log(times)
        return PairSides(self.before, self.after * times, log_change, self.units)


def pair_of_unit(groups: pd.DataFrame) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[Any]]:
    """Pair (N,) and side (N,; 0 pilot, 1 hold-out) of each row of `unit`, `pair`, `group`, and the pairs' names.

    Raises
    ------
    DataError
        a column is missing, a unit is in twice, a group is neither pilot nor hold_out, a pair has no name or one side
    """
    for name in ("unit", "pair", "group"):
        if name not in groups:
            raise DataError(f"pilot groups: no column {name}; give unit, pair and group")
    if groups["unit"].duplicated().any():
        unit = groups["unit"][groups["unit"].duplicated()].iloc[0]
        raise DataError(f"pilot groups: {unit} is in twice; name each unit once")
    wrong = ~groups["group"].isin([PILOT, HOLD_OUT])
    if wrong.any():
        raise DataError(
            f"pilot groups: group of {groups['unit'][wrong].iloc[0]} is {groups['group'][wrong].iloc[0]}, "
            f"expected {PILOT} or {HOLD_OUT}"
        )
    pair, names = pd.factorize(groups["pair"].to_numpy(), sort=True)
    side = (groups["group"] == HOLD_OUT).to_numpy().astype(np.intp)
    if (pair < 0).any():
        raise DataError(
            f"pilot groups: {groups['unit'][pair < 0].iloc[0]} has no pair; give it one, or leave it out"
        )
    sides = np.bincount(pair * 2 + side, minlength=2 * len(names)).reshape(-1, 2)
    if (sides == 0).any():
        lone = names[(sides == 0).any(axis=1)][0]
        raise DataError(f"pilot groups: pair {lone} lacks a side; give each pair pilot and hold_out units")
    return pair.astype(np.intp), side, np.asarray(names)


def pair_sides(before: Array, after: Array, pair: NDArray[np.intp], side: NDArray[np.intp]) -> PairSides:
    """Sum units with means `before` and `after` (…, N) to sides; `pair` (N,) numbers pairs from 0, NaN does not count.

    A side without a counted unit has 0 units.
    """
    pairs = int(pair.max(initial=-1)) + 1
    before, after = np.broadcast_arrays(before, after)
    lead, counted = before.shape[:-1], ~(np.isnan(before) | np.isnan(after))
    rows = int(np.prod(lead, dtype=int))
    at = (np.arange(rows)[:, None] * 2 * pairs + pair * 2 + side).reshape(before.shape)[counted]
    above = counted & (before > 0) & (after > 0)
    change = np.full(before.shape, np.nan)
    change[above] = np.log(after[above] / before[above])

    def summed(values: Array) -> Array:
        sums = np.bincount(at, values[counted], minlength=2 * pairs * rows)
        return np.asarray(sums.reshape(*lead, pairs, 2), float)

    return PairSides(summed(before), summed(after), summed(change), summed(np.ones(before.shape)))


def pair_values(sides: PairSides, scale: Scale) -> tuple[Array, Array]:
    """Weights (…, P) that sum to one, and what each pair says (…, P); their weighted mean is the estimate.

    A pair without units on one side has weight 0. NaN throughout where nothing can be said: no pair has both sides, or,
    on the scale `ratio`, a group's sum is not above zero.
    """
    whole = np.asarray((sides.units > 0).all(axis=-1))
    sides = PairSides(
        *(
            np.where(whole[..., None], each, 0.0)
            for each in (sides.before, sides.after, sides.log_change, sides.units)
        )
    )
    if scale == "ratio":
        return _ratio_values(sides)
    change = sides.after - sides.before if scale == "level" else sides.log_change
    means = np.divide(change, sides.units, out=np.zeros_like(change), where=whole[..., None])
    units = sides.units[..., 0]
    total = units.sum(axis=-1, keepdims=True)
    weights = np.divide(units, total, out=np.full_like(units, np.nan), where=total > 0)
    return weights, means[..., 0] - means[..., 1]


def _ratio_values(sides: PairSides) -> tuple[Array, Array]:
    """Influence of pairs on log(pilot after / before) − log(hold-out after / before), by their share of the sums."""
    totals = np.stack([sides.before.sum(axis=-2), sides.after.sum(axis=-2)])
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.log(np.where(totals > 0, totals, np.nan))
        before = sides.before / totals[0][..., None, :]
        after = sides.after / totals[1][..., None, :]
    change = logs[1] - logs[0]
    estimate = (change[..., 0] - change[..., 1])[..., None]
    weights = (before + after).sum(axis=-1) / 4
    influence = (after - before)[..., 0] - (after - before)[..., 1]
    relative = np.divide(influence, weights, out=np.zeros_like(influence), where=weights > 0)
    return weights, np.where(np.isnan(weights), np.nan, estimate + relative)
