"""Service and cost targets: which target each lane is planned to, and at what level."""

from dataclasses import dataclass
from typing import Literal, Self

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from configs.schema import PolicyConfig
from distributions.distribution import Array
from distributions.outer_tail import OUTER_LEVELS
from planning.cost.lane_costs import DAYS_A_YEAR, LaneCosts, cycle_days
from planning.inputs import numbers_by_sku
from planning.policy.order_rules import OrderRules

TargetKind = Literal["cycle_service_level", "fill_rate", "cost"]

CYCLE, FILL, COST = "cycle_service_level", "fill_rate", "cost"

LEAST_LEVEL, MOST_LEVEL = 0.01, float(OUTER_LEVELS[-1])
"""Levels that targets are kept within: beyond them a plan would ask for no stock, or for an endless one."""


@dataclass(frozen=True)
class Targets:
    """Targets of n lanes.

    Attributes
    ----------
    kind : array (n,) of cycle_service_level, fill_rate, cost
    level : array (n,), α or β; for cost the critical fractile
    priced : array (n,), false where a cost target had to give way to the service level, its costs being unknown
    capped : array (n,), the level asked for lies beyond `LEAST_LEVEL` or `MOST_LEVEL`, which is taken instead
    """

    kind: NDArray[np.object_]
    level: Array
    priced: NDArray[np.bool_]
    capped: NDArray[np.bool_]

    def select(self, rows: NDArray[np.intp]) -> Self:
        """The targets of the lanes `rows` (k,)."""
        return type(self)(self.kind[rows], self.level[rows], self.priced[rows], self.capped[rows])


def service_levels(lanes: pd.DataFrame, items: pd.DataFrame, policy: PolicyConfig) -> Targets:
    """Service targets of the lanes: the item's own where it has one, else the policy's."""
    ids = lanes["unique_id"].to_numpy(object)
    cycle, fill = numbers_by_sku(items, "cycle_service_level", ids), numbers_by_sku(items, "fill_rate", ids)
    own = [~np.isnan(cycle), ~np.isnan(fill)]
    kind = np.select(own, [CYCLE, FILL], policy.target).astype(object)
    asked = np.select(own, [cycle, fill], policy.level)
    level = np.clip(asked, LEAST_LEVEL, MOST_LEVEL)
    return Targets(kind, level, priced=np.ones(len(ids), dtype=bool), capped=level != asked)


def critical_fractile(holding: ArrayLike, shortage: ArrayLike) -> Array:
    """Newsvendor ratio b / (b + h), the service level of least cost: h money per unit left over, b per unit short."""
    h, b = np.asarray(holding, float), np.asarray(shortage, float)
    return np.asarray(b / (b + h))


def with_cost_fractiles(
    targets: Targets,
    costs: LaneCosts,
    *,
    policy: PolicyConfig,
    rules: OrderRules,
    demand_class: NDArray[np.object_],
) -> Targets:
    """Targets with the level of cost-minimising lanes set to their calibrated critical fractile.

    Where holding or shortage cost is not known, a cost target gives way to the service level.
    """
    holding = costs.holding * cycle_days(policy) / DAYS_A_YEAR
    known = (costs.holding > 0) & (costs.shortage > 0)
    by_cost = targets.kind == COST
    critical = critical_fractile(np.where(known, holding, 1.0), np.where(known, costs.shortage, 1.0))
    best = rules.fractile(critical, demand_class)
    fractile = np.clip(best, LEAST_LEVEL, MOST_LEVEL)
    level = np.where(by_cost & known, fractile, targets.level)
    kind = np.where(by_cost & ~known, CYCLE, targets.kind)
    capped = np.where(by_cost & known, fractile != best, targets.capped)
    return Targets(kind, level, priced=~(by_cost & ~known), capped=capped)
