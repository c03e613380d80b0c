"""Which target each lane is planned to, and the reorder point that meets it."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from configs.schema import PolicyConfig
from distributions.distribution import Array, Distribution
from planning.cost.costs import DAYS_A_YEAR, Costs, cycle_days
from planning.inputs import numbers
from planning.policy.order_rules import OrderRules
from planning.policy.reorder_points import (
    cost_target,
    critical_fractile,
    cycle_service_target,
    fill_rate_target,
)

CYCLE, FILL, COST = "cycle_service_level", "fill_rate", "cost"


@dataclass(frozen=True)
class Targets:
    """What n lanes aim at.

    Attributes
    ----------
    kind : array (n,) of cycle_service_level, fill_rate, cost
    level : array (n,), α or β; for cost the critical fractile
    priced : array (n,), false where a cost target had to give way to the service level, its costs being unknown
    """

    kind: NDArray[np.object_]
    level: Array
    priced: NDArray[np.bool_]


def service_levels(lanes: pd.DataFrame, items: pd.DataFrame, policy: PolicyConfig) -> Targets:
    """Service targets: the item's own where it has one, else the policy's."""
    ids = lanes["unique_id"].to_numpy(object)
    cycle, fill = numbers(items, "cycle_service_level", ids), numbers(items, "fill_rate", ids)
    own = [~np.isnan(cycle), ~np.isnan(fill)]
    kind = np.select(own, [CYCLE, FILL], policy.target).astype(object)
    # a level of exactly 0 or 1 asks for no stock or an endless one
    level = np.clip(np.select(own, [cycle, fill], policy.level), 0.01, 0.9999)
    return Targets(kind, level, np.ones(len(ids), dtype=bool))


def with_cost_fractiles(
    targets: Targets, costs: Costs, policy: PolicyConfig, rules: OrderRules, demand_class: NDArray[np.object_]
) -> Targets:
    """Set the level of cost-minimising lanes to their calibrated critical fractile."""
    holding = costs.holding * cycle_days(policy) / DAYS_A_YEAR
    known = (costs.holding > 0) & (costs.shortage > 0)
    wanted = targets.kind == COST
    critical = critical_fractile(np.where(known, holding, 1.0), np.where(known, costs.shortage, 1.0))
    fractile = np.clip(rules.fractile(critical, demand_class), 0.01, 0.9999)
    level = np.where(wanted & known, fractile, targets.level)
    kind = np.where(wanted & ~known, CYCLE, targets.kind)
    return Targets(kind, level, ~(wanted & ~known))


def reorder_points(
    targets: Targets,
    demand: Distribution,
    before: Distribution,
    cycle: Distribution,
    *,
    whole: NDArray[np.bool_],
) -> Array:
    """Reorder point of each lane, shape (n,), from D(L+R), D(L) and, for fill rates, D(L + a cycle).

    In whole units a service level is met by the next whole number; a cost is least near the fractile, so that
    rounds to the nearest.
    """
    s = cycle_service_target(demand, targets.level)
    fill = np.flatnonzero(targets.kind == FILL)
    s[fill] = fill_rate_target(cycle[fill], before[fill], targets.level[fill])
    cost = targets.kind == COST
    s[cost] = cost_target(demand[cost], targets.level[cost])
    return np.where(whole, np.where(cost, np.round(s), np.ceil(s - 1e-9)), s)
