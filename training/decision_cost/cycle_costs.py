"""Decision cost of each replayed past cycle, and the comparison of two models on the cycles both were replayed over."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from features.demand.panel import Panel
from planning.simulation.replay_past_cycles import PastCycles, replay_by_period, target_levels
from training.decision_cost.decision_terms import DecisionTerms
from training.evaluation.paired_interval import PairedInterval, paired_interval

CYCLE_COLUMNS = ["unique_id", "demand_class", "ds", "block", "cost", "asked", "missed"]
"""Columns of the table of replayed cycles."""


@dataclass(frozen=True)
class CostComparison:
    """Cycle costs of two models over the cycles both were replayed over, money per SKU and period.

    Attributes
    ----------
    first, second : mean costs
    difference : first − second with its 90 % bounds
    """

    first: float
    second: float
    difference: PairedInterval

    @property
    def known(self) -> bool:
        """Whether there were replayed cycles to compare the costs of."""
        return bool(np.isfinite(self.difference.mean))


def replay_cycle_costs(past: PastCycles | None, panel: Panel, terms: DecisionTerms) -> pd.DataFrame:
    """Replay the plain policy with the forecasts of the time: cost of each SKU and period, columns `CYCLE_COLUMNS`.

    Periods before the first order arrives do not count. Without calibrated rules: these were tuned on the same cycles.
    cost: money; asked, missed: units; block: number of the protection interval, usual lead time and review, that the
    period lies in: what a decision brings about falls into its own or the next.

    Parameters
    ----------
    panel : the panel that `past` was taken from
    """
    if past is None:
        return pd.DataFrame({name: pd.Series(dtype=object) for name in CYCLE_COLUMNS}).astype({"cost": float})
    periods, outcome = replay_by_period(past, terms.policy.target, target_levels(past, terms.policy))
    n, at = len(past.holding), panel.periods - past.demand.shape[1] + periods
    length = max(1, round(float(np.median(past.lead_time))) + past.review)
    table = pd.DataFrame(
        {
            "unique_id": np.tile(past.forecasts[0].unique_ids, len(periods)),
            "demand_class": np.tile(past.demand_class, len(periods)),
            "ds": np.repeat(panel.ds[at], n),
            "block": np.repeat(periods // length, n),
            "cost": outcome.cost.ravel(),
            "asked": outcome.demand.ravel(),
            "missed": outcome.missed.ravel(),
        }
    )
    return table[outcome.cycles.ravel() > 0]


def compare_costs(first: pd.DataFrame, second: pd.DataFrame) -> CostComparison:
    """Compare two tables of cycle costs, columns `CYCLE_COLUMNS`, on the SKUs and periods that both have."""
    both = first.merge(second[["unique_id", "ds", "cost"]], on=["unique_id", "ds"], suffixes=("", "_second"))
    if not len(both):
        return CostComparison(np.nan, np.nan, PairedInterval(np.nan, -np.inf, np.inf))
    block, blocks = pd.factorize(both["block"])
    sku, skus = pd.factorize(both["unique_id"])
    difference, periods = np.zeros((2, len(blocks), len(skus)))
    np.add.at(difference, (block, sku), (both["cost"] - both["cost_second"]).to_numpy(float))
    np.add.at(periods, (block, sku), 1.0)
    return CostComparison(
        float(both["cost"].mean()),
        float(both["cost_second"].mean()),
        paired_interval(difference, periods),
    )
