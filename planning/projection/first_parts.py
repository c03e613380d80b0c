"""Open orders that come in two parts: what their age leaves of the chance, and the curve of what has been received."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from distributions.distribution import Array, Distribution
from planning.projection.scenario_levels import Float32Array
from planning.protocols import FirstParts

LEAST_AHEAD = 0.1
"""Share of an order expected ahead of the rest from which it is played in two parts: each costs time."""


def parts_at_age(parts: FirstParts, lead_time: Distribution, age: Array) -> FirstParts:
    """First parts of n open orders of which nothing has come by their `age` (n,), days; below 0 of postponed ones.

    With a first part after κ of the lead time L, one that comes in parts has L > a/κ, one that comes whole L > a: its
    chance is q·S(a/κ) / (q·S(a/κ) + (1 − q)·S(a)), and its first part is due κ·E[L | L > a/κ] − a from now. `sooner`
    is that in units of E[L | L > a] − a, so that the parts of an order are early or late together. Orders of which
    less than `LEAST_AHEAD` comes ahead come whole.
    """
    chance, sooner = np.zeros(len(age)), np.ones(len(age))
    asked = np.flatnonzero(parts.ahead >= LEAST_AHEAD)
    if len(asked):
        whole, days, known = lead_time[asked], age[asked], parts[asked]
        open_for = np.maximum(days, 0.0)
        begun = open_for / known.sooner
        in_parts = known.chance * (1 - whole.cdf(begun))
        either = in_parts + (1 - known.chance) * (1 - whole.cdf(open_for))
        chance[asked] = np.divide(in_parts, either, out=np.zeros(len(asked)), where=either > 0)
        first = known.sooner * whole.above(begun).mean() - days
        last = whole.above(open_for).mean() - days
        sooner[asked] = np.clip(np.divide(first, last, out=np.ones(len(asked)), where=last > 0), 0.01, 1.0)
    chance = np.where(chance * parts.share >= LEAST_AHEAD, chance, 0.0)
    return FirstParts(chance, parts.share, np.where(chance > 0, sooner, 1.0))


def split_ahead(
    parts: FirstParts, days: Array | Float32Array, units: Array | Float32Array
) -> tuple[NDArray[np.intp], Array, Array]:
    """First parts of k orders that bring `units` (k,) after `days` (k, M): whose (s,), after what days, units (s,)."""
    split = np.flatnonzero(parts.chance > 0)
    return split, days[split] * parts.sooner[split, None], units[split] * parts.ahead[split]


@dataclass(frozen=True)
class ReceivedCurve:
    """Distribution of the share of each of n open orders that has been received, at K points in time.

    Attributes
    ----------
    nothing, part, rest : probabilities (n, K), adding up to 1: nothing has come (perhaps never), a first part, all
        that ever comes
    part_share, whole_share : arrays (n,), shares of what is open that have come then
    """

    nothing: Array
    part: Array
    rest: Array
    part_share: Array
    whole_share: Array

    def mean(self) -> Array:
        """Expected share received (n, K)."""
        return self.part * self.part_share[:, None] + self.rest * self.whole_share[:, None]

    def crps(self, received: Array) -> Array:
        """Continuous ranked probability score (n, K) of the curve where the share `received` (n, K) had come.

        E|R − r| − ½·E|R − R′|, R among 0, a first part and the whole (Gneiting & Raftery, 2007).
        """
        values = (np.zeros_like(self.part_share), self.part_share, self.whole_share)
        chances = (self.nothing, self.part, self.rest)
        far = np.zeros_like(self.nothing)
        for value, chance in zip(values, chances, strict=True):
            far += chance * np.abs(value[:, None] - received)
        for i, j in ((0, 1), (0, 2), (1, 2)):
            far -= chances[i] * chances[j] * np.abs(values[i] - values[j])[:, None]
        return far


def received_curve(
    remaining: Distribution, never: Array, share: Array, parts: FirstParts, days: Array
) -> ReceivedCurve:
    """How much of n open orders has been received `days` (K,) from now.

    Parameters
    ----------
    remaining : days until all that comes of each has come
    never : array (n,), chance that nothing comes any more
    share : array (n,), share of what is open that comes of one that comes
    parts : of orders of which nothing has come yet, at their age
    """
    grid = np.broadcast_to(days, (len(never), len(days)))
    comes = 1 - never[:, None]
    all_by = remaining.cdf(grid)
    begun_by = remaining.cdf(grid / parts.sooner[:, None])
    part = comes * parts.chance[:, None] * (begun_by - all_by)
    rest = comes * all_by
    return ReceivedCurve(1 - part - rest, part, rest, parts.share * share, share)
