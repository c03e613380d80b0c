"""Order rules from replayed cycles: one shift of the fractile a demand class."""

import numpy as np

from planning.distributions import Array
from planning.replay import Outcome, Past, Target, replay
from planning.rules import OrderRules, shifted

SHIFTS: Array = np.array([-1.5, -1.0, -0.6, -0.3, 0.0, 0.4, 0.8, 1.4, 2.2])
"""Candidate shifts of the log-odds of the level."""

ENOUGH = 400.0
"""SKU-cycles with demand at which a class's own result weighs as much as that of all SKUs."""

PERIODS = 20.0
"""Replayed periods at which the result of all SKUs weighs as much as no shift: SKUs err together, so that many
SKUs over few periods say little. On VN2 windows that no figure is taken from, half to three quarters of the plain
shift was best."""


def candidates(past: Past, target: Target, level: Array) -> Outcome:
    """What each of `SHIFTS` would have come to in `past`."""
    return replay(past, target, np.stack([shifted(level, s) for s in SHIFTS]))


def calibrate(past: Past, target: Target, level: Array) -> OrderRules:
    """Find the shift per demand class that would have been best in `past`.

    For a cost target the cheapest; for a service target the one that would have met it. Results of a class are
    mixed with those of all SKUs by how many cycles with demand there were; for a cost target these are
    mixed with no shift at all, by how many periods were played.

    Parameters
    ----------
    target : what `level` is
    level : array (n,), critical fractile, cycle service level or fill rate of each SKU
    """
    return best_shifts(candidates(past, target, level), past, target, level)


def best_shifts(outcome: Outcome, past: Past, target: Target, level: Array) -> OrderRules:
    """Choose the shifts as `calibrate` does, from the candidates that were played."""
    if not past.demand.size:
        return OrderRules()
    everyone = np.ones(len(level), bool)
    demanded = (past.demand > 0).sum(axis=1).astype(float)
    common = _best(outcome, target, level, everyone)
    periods = past.demand.shape[1]
    trust = periods / (periods + PERIODS) if target == "cost" else 1.0
    shifts = {}
    for name in np.unique(past.demand_class.astype(str)):
        rows = past.demand_class == name
        weight = _weight(demanded, rows)
        own = _best(outcome, target, level, rows)
        shifts[str(name)] = float(round(trust * (weight * own + (1 - weight) * common), 4))
    return OrderRules(shifts)


def _weight(demanded: Array, rows: "np.ndarray[tuple[int], np.dtype[np.bool_]]") -> float:
    seen = float(demanded[rows].sum())
    return seen / (seen + ENOUGH)


def _best(
    outcome: Outcome, target: Target, level: Array, rows: "np.ndarray[tuple[int], np.dtype[np.bool_]]"
) -> float:
    if target == "cost":
        return _lowest(outcome.cost[:, rows].sum(axis=1))
    reached = outcome.fill_rate(rows) if target == "fill_rate" else outcome.cycle_service(rows)
    asked = outcome.asked[0, rows] if target == "fill_rate" else outcome.cycles[0, rows]
    if not asked.sum():
        return 0.0
    wanted = float(np.average(level[rows], weights=asked))
    return float(np.interp(wanted, np.maximum.accumulate(reached), SHIFTS))


def _lowest(cost: Array) -> float:
    """Minimum of the parabola through the cheapest candidate and its neighbours."""
    if np.ptp(cost) <= 0:
        return 0.0
    i = int(np.clip(np.argmin(cost), 1, len(cost) - 2))
    a, b, _ = np.polyfit(SHIFTS[i - 1 : i + 2], cost[i - 1 : i + 2], 2)
    if a <= 0:
        return float(SHIFTS[np.argmin(cost)])
    return float(np.clip(-b / (2 * a), SHIFTS[i - 1], SHIFTS[i + 1]))
