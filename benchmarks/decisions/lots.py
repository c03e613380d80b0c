"""Part `lots`: orders, stock and shortage a year where an order is larger than what a review uses."""

import numpy as np

from benchmarks.decisions.brute_force import Offer
from benchmarks.decisions.figures import Figure, near, shown
from benchmarks.decisions.known_lanes import (
    DAYS,
    POISSON,
    PRICE,
    SHORTAGE,
    YEARS,
    poisson_lanes,
    poisson_world,
)
from configs.schema import PolicyConfig
from distributions.distribution import Array

WEEKS = (1.5, 4.0)
"""Weeks of demand in an order Q; the order-up-to level is s + Q − D(R)."""

_SEED, _SCENARIOS = 2, 1024


def lots() -> list[Figure]:
    """A year with lots of 1.5 and of 4 weeks: the product's play beside brute force, and the closed form to look at."""
    policy = PolicyConfig(level=0.95)
    world, figures = poisson_world(seed=_SEED), []
    for weeks in WEEKS:
        quantity = 7 * weeks * POISSON
        holding = policy.holding_cost_rate * PRICE
        known = poisson_lanes(policy, ordering_cost=quantity**2 * holding / (2 * DAYS * POISSON))
        s, level = float(known.terms.reorder_point[0]), float(known.terms.order_up_to[0])
        product = known.year(_SCENARIOS).play(known.terms.reorder_point, known.terms.order_up_to)
        truth = world.play(Offer(), s, level)
        cost, name = known.terms.total_cost, f"Q of {weeks:g} weeks (s {s:g}, S {level:g})"
        closed = {
            "orders": float(cost.ordering[0] / known.terms.costs.ordering[0]),
            "stock": float((cost.cycle_stock + cost.safety_stock)[0] / holding),
            "short": float(cost.shortage[0] / SHORTAGE),
        }
        pairs: dict[str, tuple[Array, Array]] = {
            "orders": (product.orders[0], truth.orders),
            "stock": (product.stock_days[0] / DAYS, truth.stock_days / DAYS),
            "short": (product.missed[0], truth.missed),
        }
        for what, (ours, theirs) in pairs.items():
            error = float(theirs.std() * np.sqrt(1 / YEARS + 1 / _SCENARIOS))
            figures.append(near(f"{name}: {what}", float(ours.mean()), float(theirs.mean()), error))
            figures.append(shown("  by the closed form", closed[what], float(theirs.mean())))
    return figures
