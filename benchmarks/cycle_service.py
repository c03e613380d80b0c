"""Cycle service promised and achieved: `python -m benchmarks.cycle_service`, on the demo company.

On eight days of the demo's year, two weeks apart, a reorder point is set for every SKU at its preferred supplier, by
Purvey and by the normal formula E[D] + z·√((L+R)·σ_d² + d²·σ_L²) around the same mean. Then the future comes: what
was really asked for in the days after, sold out or not (the truth, of which forecasts see what was sold before), and
lead times drawn from the supplier's true distribution, which is known because suppliers are simulated. Cycle service is
the share of cycles, over SKUs, days and draws, in which demand until the next order's arrival (lead time and a week's
review) stays within the reorder point.

The smallest whole reorder point that reaches a target promises more than that. "Kept" is what a plan does: it
orders in whole units. "On the dot" orders one unit less in so many cycles that exactly
the target is promised (the normal formula: so that its own fraction of a unit is met), and shows how well the
forecasts themselves are calibrated. Intervals of 90 % are from a circular block bootstrap over the days, in blocks of
two: the demand of a day's weeks is shared by all SKUs and draws, and reaches into the next day's.
"""

import sys
import time
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchmarks.demand.data_sets import load_config_of, load_panel
from benchmarks.lead_times.known_distributions import demo_year
from configs.schema import LeadTimeConfig
from distributions.demand_forecast import DemandForecast
from distributions.distribution import Array
from examples.company.sales import START
from examples.company.suppliers import draw_lead_time
from examples.demo import make
from features.demand.panel import Panel
from models.demand.forecaster import DemandForecaster
from models.lead_time.forecaster import LeadTimeForecaster
from models.lead_time.snapshots import snapshot
from planning.policy.lead_time_demand import lead_time_demand
from planning.policy.normal_formulas import lead_time_demand_std, normal_safety_stock

CUTOFFS_BACK = (26, 24, 22, 20, 18, 16, 14, 12)
"""Weeks before the end at which reorder points are set."""

LEVELS = (0.90, 0.95, 0.98)
REVIEW = 7.0
DRAWS = 400
H = 10
_BLOCK = 2  # days
_MEMORY = 26  # weeks of demand that the normal formula takes σ from


@dataclass(frozen=True)
class ReorderPoints:
    """Reorder points of one day, arrays (n, levels): whole units, and how often they are one unit less on the dot."""

    whole: Array
    less: Array


def preferred_offers(panel: Panel) -> pd.DataFrame:
    """Offers of the cycle-service benchmark: the demo's preferred one a SKU, in panel order, else an empty row."""
    offers = make(7)[0]["offers"]
    first = offers[offers["preferred"].astype(bool)].drop_duplicates("unique_id")
    return first.set_index("unique_id").reindex(panel.unique_ids).reset_index()


def true_demand(panel: Panel) -> Array:
    """What customers asked for in the cycle-service benchmark, (n, T): the demo's truth, in the panel's order."""
    asked = make(7)[1]["demand"].pivot(index="unique_id", columns="ds", values="y")
    return np.asarray(asked.reindex(index=panel.unique_ids, columns=panel.ds).to_numpy(float))


def reorder_points(
    before: Panel, new_orders: pd.DataFrame, past_orders: pd.DataFrame
) -> tuple[ReorderPoints, ReorderPoints, Array]:
    """Reorder points of `new_orders` (n) by Purvey and the normal formula, and the cycle service Purvey promises."""
    config = load_config_of("demo")
    forecast = DemandForecaster(config.demand, H).fit(before).predict(before, H)
    model = LeadTimeForecaster(LeadTimeConfig(half_life_days=config.lead_time.half_life_days)).fit(
        past_orders
    )
    rows = forecast.rows(new_orders["unique_id"])
    demand = lead_time_demand(forecast, model.predict(new_orders), review=REVIEW, rows=rows)
    purvey = np.stack([np.ceil(demand.quantile(level) - 1e-9) for level in LEVELS], axis=1)
    promised, below = demand.cdf(purvey), demand.cdf(purvey - 1)
    less = np.clip((promised - LEVELS) / np.maximum(promised - below, 1e-9), 0.0, 1.0)
    closed = past_orders[~past_orders["is_open"].astype(bool)]
    lead_times = closed.groupby("supplier_id")["duration"].agg(["mean", "std"])
    normal = normal_reorder_points(
        forecast,
        rows,
        weekly_std(before.known_demand[rows, -_MEMORY:]),
        lead_times.reindex(new_orders["supplier_id"]).to_numpy(float),
    )
    return ReorderPoints(purvey, less), ReorderPoints(np.ceil(normal), np.ceil(normal) - normal), promised


def normal_reorder_points(
    forecast: DemandForecast, rows: NDArray[np.int64], weekly: Array, lead_time: Array
) -> Array:
    """Reorder points (n, levels) for the cycle service levels by the normal formula E[D] + z·√((L+R)·σ_d² + d²·σ_L²).

    Parameters
    ----------
    rows : array (n,), the SKUs in the forecast
    weekly : array (n,), σ of weekly demand
    lead_time : array (n, 2), mean and standard deviation in days
    """
    days = lead_time[:, 0] + REVIEW
    mean = forecast.mean_until(days, rows=rows)
    spread = lead_time_demand_std(mean / days, weekly / np.sqrt(7), days, lead_time[:, 1])
    return np.stack([mean + normal_safety_stock(level, spread) for level in LEVELS], axis=1)


def weekly_std(demand: Array) -> Array:
    """σ of weekly demand (n, T) for the normal reorder points; of all SKUs where fewer than two weeks are known."""
    enough = (~np.isnan(demand)).sum(axis=1) >= 2
    spread = np.nanstd(np.where(enough[:, None], demand, 0.0), axis=1)
    return np.asarray(np.where(enough, spread, spread[enough].mean()))


def demand_after(after: Array, days: Array) -> Array:
    """Demand of a cycle (n, K), the first `days` (n, K) after the cutoff, from weeks (n, T), each evenly spread.

    NaN where a week of it is not known.
    """
    total = np.concatenate([np.zeros((len(after), 1)), np.cumsum(after, axis=1)], axis=1)
    week = np.minimum((days // 7).astype(int), after.shape[1] - 1)
    low, high = np.take_along_axis(total, week, 1), np.take_along_axis(total, week + 1, 1)
    return np.asarray(np.where(days > 7 * after.shape[1], np.nan, low + (high - low) * (days / 7 - week)))


def served_cycles(points: ReorderPoints, demand: Array) -> Array:
    """Cycles served within the reorder points over their draws of demand (n, K), whole and on the dot, (2, levels)."""
    whole, one_less = (_within(points.whole - less, demand) for less in (0, 1))
    return np.stack([whole.sum(axis=0), (whole + points.less * (one_less - whole)).sum(axis=0)])


def _within(points: Array, demand: Array) -> Array:
    """Cycles, known draws of demand (n, K), that stay within the reorder points (n, levels), same shape as these."""
    known = ~np.isnan(demand)[:, :, None]
    return np.asarray((known & (np.nan_to_num(demand)[:, :, None] <= points[:, None, :])).sum(axis=1), float)


def one_day(
    panel: Panel,
    back: int,
    *,
    asked: Array,
    offers: pd.DataFrame,
    history: pd.DataFrame,
    suppliers: pd.DataFrame,
) -> tuple[Array, float]:
    """Cycles served from one day (promised; Purvey and normal, whole and on the dot), (5, levels), and all cycles."""
    before = panel.until(panel.periods - back)
    day = pd.Timestamp(before.cutoff) + pd.Timedelta(days=7)
    past_orders = snapshot(history, day - pd.Timedelta(days=1))
    known = set(past_orders.loc[~past_orders["is_open"].astype(bool), "supplier_id"])
    rows = np.flatnonzero(offers["supplier_id"].isin(known).to_numpy())
    new_orders = offers.iloc[rows].reset_index(drop=True)
    category = panel.static["category"].to_numpy(object)[rows]
    new_orders = new_orders.assign(
        ordered_at=day, category=category, contract_days=new_orders["lead_time_days"]
    )
    purvey, normal, promised = reorder_points(before, new_orders, past_orders)
    drawn_from = suppliers.set_index("supplier_id").loc[new_orders["supplier_id"].repeat(DRAWS)].reset_index()
    of_year = np.full(len(drawn_from), float((day - START).days))
    lead = draw_lead_time(drawn_from, of_year, np.random.default_rng(back)).reshape(len(rows), DRAWS)
    demand = demand_after(asked[rows, before.periods :], lead + REVIEW)
    cycles = (~np.isnan(demand)).sum(axis=1)
    promised_cycles = (promised * cycles[:, None]).sum(axis=0)[None]
    served = [promised_cycles, served_cycles(purvey, demand), served_cycles(normal, demand)]
    return np.concatenate(served), float(cycles.sum())


def interval(inside: Array, cycles: Array) -> Array:
    """5th and 95th percentile of the cycle service over days (T,), by circular block bootstrap."""
    days = len(cycles)
    first = np.random.default_rng(0).integers(0, days, (2000, days // _BLOCK))
    chosen = ((first[:, :, None] + np.arange(_BLOCK)) % days).reshape(2000, -1)
    return np.asarray(np.quantile(inside[chosen].sum(axis=1) / cycles[chosen].sum(axis=1), [0.05, 0.95]))


def main() -> None:
    """Run the benchmark of cycle service on the demo company: print what is promised and what is kept."""
    started = time.perf_counter()
    panel, (history, suppliers) = load_panel("demo"), demo_year()
    offers, asked = preferred_offers(panel), true_demand(panel)
    days = []
    for back in CUTOFFS_BACK:
        days.append(one_day(panel, back, asked=asked, offers=offers, history=history, suppliers=suppliers))
        print(
            f"{back} weeks before the end, {time.perf_counter() - started:.0f} s", file=sys.stderr, flush=True
        )
    print_table(np.stack([inside for inside, _ in days]), np.array([cycles for _, cycles in days]))


def print_table(inside: Array, cycles: Array) -> None:
    """Print the cycle service of T days: shares of the served cycles `inside` (T, 5, levels) in `cycles` (T,)."""
    print(f"Cycle service on the demo company, % of cycles, {len(cycles)} days (90 % intervals)\n")
    names = ("promised", "kept", "kept on the dot", "normal formula", "normal formula on the dot")
    print(f"| target | {' | '.join(names)} |\n|{'---|' * (len(names) + 1)}")
    for k, level in enumerate(LEVELS):
        cells = []
        for column in inside[:, :, k].T:
            low, high = 100 * interval(column, cycles)
            cells.append(f"{100 * column.sum() / cycles.sum():.1f} ({low:.1f} … {high:.1f})")
        print(f"| {100 * level:.0f} | {' | '.join(cells)} |")


if __name__ == "__main__":
    main()
