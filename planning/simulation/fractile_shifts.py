"""Calibration of the critical fractile on replayed cycles: the shift of it that was cheapest, one a demand class."""

import numpy as np

from distributions.distribution import Array
from planning.policy.order_rules import OrderRules, corrected_fractile
from planning.policy.targets import TargetKind
from planning.simulation.replay_past_cycles import PastCycles, ReplayResult, replay

CANDIDATE_SHIFTS: Array = np.array([-1.5, -1.0, -0.6, -0.3, 0.0, 0.4, 0.8, 1.4, 2.2])
"""Candidate shifts of the log-odds of the level."""

_CLASS_CYCLES = 400.0
"""SKU-cycles with demand at which a class's own result weighs as much as that of all SKUs."""

_PERIODS = 20.0
"""Replayed periods at which the result of all SKUs weighs as much as no shift: SKUs err together, so that many
SKUs over few periods say little. On VN2 windows that no figure is taken from, half to three quarters of the plain
shift was best."""


def replay_shifts(past: PastCycles, target: TargetKind, level: Array) -> ReplayResult:
    """Replay past cycles with the level (n,) shifted by each of `CANDIDATE_SHIFTS`."""
    return replay(past, target, np.stack([corrected_fractile(level, shift) for shift in CANDIDATE_SHIFTS]))


def cheapest_shifts(result: ReplayResult, past: PastCycles) -> OrderRules:
    """Find the fractile shift per demand class that would have been cheapest in `past`.

    Results of a class are mixed with those of all SKUs by how many cycles with demand there were, and both with no
    shift at all by how many periods were replayed.

    Parameters
    ----------
    result : of `replay_shifts`
    """
    if not past.demand.size:
        return OrderRules()
    with_demand = (past.demand > 0).sum(axis=1).astype(float)
    common = _cheapest_shift(result.cost.sum(axis=1))
    periods = past.demand.shape[1]
    trust = periods / (periods + _PERIODS)
    shifts = {}
    for name in np.unique(past.demand_class.astype(str)):
        rows = past.demand_class == name
        cycles = float(with_demand[rows].sum())
        weight = cycles / (cycles + _CLASS_CYCLES)
        own = _cheapest_shift(result.cost[:, rows].sum(axis=1))
        shifts[str(name)] = float(round(trust * (weight * own + (1 - weight) * common), 4))
    return OrderRules(shifts)


def _cheapest_shift(cost: Array) -> float:
    """Shift at the minimum of the parabola through the cheapest candidate's cost and its neighbours'."""
    if np.ptp(cost) <= 0:
        return 0.0
    i = int(np.clip(np.argmin(cost), 1, len(cost) - 2))
    a, b, _ = np.polyfit(CANDIDATE_SHIFTS[i - 1 : i + 2], cost[i - 1 : i + 2], 2)
    if a <= 0:
        return float(CANDIDATE_SHIFTS[np.argmin(cost)])
    return float(np.clip(-b / (2 * a), CANDIDATE_SHIFTS[i - 1], CANDIDATE_SHIFTS[i + 1]))
