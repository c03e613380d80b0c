"""Past cycles laid out to be played again with out-of-sample forecasts, and the order rules learned from them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from distributions.demand_forecast import DemandForecast
from distributions.levels import DEMAND_LEVELS
from features.demand.panel import Panel
from models.demand.backtest.backtest import DemandBacktest
from planning.policy.order_rules import OrderRules
from planning.simulation.calibrate_rules import SHIFTS, best_shifts, candidates
from planning.simulation.past_cycles import PastCycles
from training.decision_cost.terms import DecisionTerms, aims

ENOUGH_SKUS = 2_000
"""Rules are per demand class: more SKUs than these cost time and change nothing."""


@dataclass(frozen=True)
class Learning:
    """What replaying the candidates taught.

    Attributes
    ----------
    rules : the shifts in use
    candidates : demand_class ("" for all), shift, cost (money per SKU and period), fill_rate, cycle_service,
        skus, in_use (the calibrated shift of the class), one row per class and candidate
    """

    rules: OrderRules
    candidates: pd.DataFrame


def learn_rules(past: PastCycles | None, terms: DecisionTerms) -> Learning:
    """Play the candidate shifts; for a cost target calibrate rules by them, for service targets promise the level."""
    columns = ["demand_class", "shift", "cost", "fill_rate", "cycle_service", "skus", "in_use"]
    if past is None:
        return Learning(OrderRules(), pd.DataFrame({name: pd.Series(dtype=float) for name in columns}))
    target, level = terms.policy.target, aims(past, terms.policy)
    outcome = candidates(past, target, level)
    rules = best_shifts(outcome, past) if target == "cost" else OrderRules()
    parts = []
    for name in ("", *np.unique(past.demand_class.astype(str))):
        rows = past.demand_class == name if name else np.ones(len(level), bool)
        cycles = np.maximum(outcome.cycles[:, rows].sum(axis=1), 1.0)
        facts = {
            "demand_class": name, "shift": SHIFTS, "cost": outcome.cost[:, rows].sum(axis=1) / cycles,
            "fill_rate": outcome.fill_rate(rows), "cycle_service": outcome.cycle_service(rows),
            "skus": int(rows.sum()), "in_use": rules.shift.get(name, 0.0) if name else np.nan,
        }  # fmt: skip
        parts.append(pd.DataFrame(facts)[columns])
    return Learning(rules, pd.concat(parts, ignore_index=True))


def past_cycles(forecasts: Sequence[DemandForecast], panel: Panel, terms: DecisionTerms) -> PastCycles | None:
    """Lay out what is to be replayed; None without forecasts or without a SKU that has costs.

    Forecasts know nothing after their cutoff, and their calibration nothing of their own window, so neither does
    the replay. Lead times count as certain, at their usual length: it is the forecasts that are played.

    Parameters
    ----------
    forecasts : of the panel's SKUs in the panel's order, by rising cutoff
    """
    if not len(forecasts):
        return None
    rows = np.unique(np.linspace(0, len(panel) - 1, min(len(panel), ENOUGH_SKUS)).astype(int))
    items = terms.items.set_index("unique_id").reindex(panel.unique_ids[rows])
    priced = ((items["holding"] > 0) & (items["shortage"] > 0)).to_numpy()
    if not priced.any():
        return None
    rows, items = rows[priced], items[priced]
    first = int(np.searchsorted(panel.ds, forecasts[0].starts[0]))
    return PastCycles(
        forecasts=[forecast.select(rows) for forecast in forecasts],
        made=np.array([np.searchsorted(panel.ds, f.starts[0]) - first for f in forecasts], np.int64),
        demand=np.where(panel.in_stock, panel.y, np.nan)[rows, first:],
        holding=items["holding"].to_numpy(float),
        shortage=items["shortage"].to_numpy(float),
        lead_time=items["lead_time"].to_numpy(np.int64),
        review=terms.review,
        lost_sales=terms.policy.lost_sales,
    )


def backtest_forecasts(backtest: DemandBacktest) -> list[DemandForecast]:
    """Return the forecasts of a demand model's rolling origins, by rising cutoff."""
    n = len(backtest.unique_ids)
    return [
        DemandForecast(
            unique_ids=backtest.unique_ids,
            cutoff=pd.Timestamp(cutoff),
            starts=backtest.starts[o],
            levels=DEMAND_LEVELS,
            mean=backtest.mean[o],
            quantiles=backtest.quantiles[o],
            cumulative_mean=backtest.cumulative_mean[o],
            cumulative=backtest.cumulative[o],
            demand_class=backtest.demand_class[-1],
            reason=np.full(n, "", object),
        )
        for o, cutoff in enumerate(backtest.cutoffs)
    ]
