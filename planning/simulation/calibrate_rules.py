"""Order rules from replayed cycles: one shift of the fractile a demand class."""

import numpy as np

from distributions.distribution import Array
from planning.policy.order_rules import OrderRules, shifted
from planning.simulation.past_cycles import Outcome, PastCycles, Target, replay

SHIFTS: Array = np.array([-1.5, -1.0, -0.6, -0.3, 0.0, 0.4, 0.8, 1.4, 2.2])
"""Candidate shifts of the log-odds of the level."""

ENOUGH = 400.0
"""SKU-cycles with demand at which a class's own result weighs as much as that of all SKUs."""

PERIODS = 20.0
"""Replayed periods at which the result of all SKUs weighs as much as no shift: SKUs err together, so that many
SKUs over few periods say little. On VN2 windows that no figure is taken from, half to three quarters of the plain
shift was best."""


def candidates(past: PastCycles, target: Target, level: Array) -> Outcome:
    """What each of `SHIFTS` would have come to in `past`."""
    return replay(past, target, np.stack([shifted(level, s) for s in SHIFTS]))


def best_shifts(outcome: Outcome, past: PastCycles) -> OrderRules:
    """Find the shift per demand class that would have been cheapest in `past`.

    Results of a class are mixed with those of all SKUs by how many cycles with demand there were, and both with no
    shift at all by how many periods were played.

    Parameters
    ----------
    outcome : what the `candidates` came to
    """
    if not past.demand.size:
        return OrderRules()
    demanded = (past.demand > 0).sum(axis=1).astype(float)
    common = _lowest(outcome.cost.sum(axis=1))
    periods = past.demand.shape[1]
    trust = periods / (periods + PERIODS)
    shifts = {}
    for name in np.unique(past.demand_class.astype(str)):
        rows = past.demand_class == name
        seen = float(demanded[rows].sum())
        weight = seen / (seen + ENOUGH)
        own = _lowest(outcome.cost[:, rows].sum(axis=1))
        shifts[str(name)] = float(round(trust * (weight * own + (1 - weight) * common), 4))
    return OrderRules(shifts)


def _lowest(cost: Array) -> float:
    """Minimum of the parabola through the cheapest candidate and its neighbours."""
    if np.ptp(cost) <= 0:
        return 0.0
    i = int(np.clip(np.argmin(cost), 1, len(cost) - 2))
    a, b, _ = np.polyfit(SHIFTS[i - 1 : i + 2], cost[i - 1 : i + 2], 2)
    if a <= 0:
        return float(SHIFTS[np.argmin(cost)])
    return float(np.clip(-b / (2 * a), SHIFTS[i - 1], SHIFTS[i + 1]))
