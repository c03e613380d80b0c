"""Whether the service that is promised is kept: `python -m benchmarks.service`, on the demo company.

On four days of the demo's year a reorder point is set for every SKU at its preferred supplier, by Purvey and by the
normal formula E[D] + z·√((L+R)·σ_d² + d²·σ_L²) around the same mean. Then the future comes: the demand that was really
sold in the days after (not seen by the forecast), and lead times drawn from the supplier's true law, which is known
because suppliers are simulated. Cycle service is the share of cycles, over SKUs, days and draws, in which demand
until the next order's arrival (lead time and a week's review) stays within the reorder point.
"""

import sys
import time
from dataclasses import dataclass

import numpy as np
import pandas as pd

from benchmarks.demand_data import config_of, panel_of
from benchmarks.lead_time_company import demo_year
from examples.company.sales import START
from examples.company.suppliers import draw_lead_time
from examples.demo import make
from features.demand_class import known_demand
from features.panel import Panel
from models.config import LeadTimeConfig
from models.demand.ensemble import DemandEnsemble
from models.lead_time.ensemble import LeadTimeForecaster
from models.lead_time.snapshots import snapshot
from planning.distributions import Array
from planning.lead_time_demand import lead_time_demand
from planning.normal import lead_time_demand_std, normal_safety_stock

BACK = (24, 20, 16, 12)
"""Weeks before the end at which reorder points are set."""

LEVELS = (0.90, 0.95, 0.98)
REVIEW = 7.0
DRAWS = 400
H = 10
_MEMORY = 26  # weeks of demand that the normal formula takes σ from


@dataclass(frozen=True)
class Points:
    """Reorder points of one day, arrays (n, levels): ours, what they promise, and the normal formula's."""

    ours: Array
    promised: Array
    normal: Array


def lanes(panel: Panel) -> pd.DataFrame:
    """Each SKU's preferred offer, in the order of the panel; without a supplier: no row values."""
    offers = make(7)[0]["offers"]
    first = offers[offers["preferred"].astype(bool)].drop_duplicates("unique_id")
    return first.set_index("unique_id").reindex(panel.unique_ids).reset_index()


def reorder_points(before: Panel, asked: pd.DataFrame, orders: pd.DataFrame) -> Points:
    """Train on what was known, and set reorder points for SKUs `asked` (n) of the panel."""
    config = config_of("demo")
    forecast = DemandEnsemble(config.demand, H).fit(before).predict(before, H)
    model = LeadTimeForecaster(LeadTimeConfig(half_life_days=config.lead_time.half_life_days)).fit(orders)
    law = model.predict(asked)
    rows = forecast.rows(asked["unique_id"])
    demand = lead_time_demand(forecast, law, review=REVIEW, rows=rows)
    ours = np.stack([np.ceil(demand.quantile(level) - 1e-9) for level in LEVELS], axis=1)
    closed = orders[~orders["is_open"].astype(bool)].groupby("supplier_id")["duration"].agg(["mean", "std"])
    own = closed.reindex(asked["supplier_id"]).to_numpy(float)
    mean = forecast.mean_until(own[:, 0] + REVIEW, rows=rows)
    weekly = np.nanstd(known_demand(before)[rows, -_MEMORY:], axis=1)
    spread = lead_time_demand_std(
        mean / (own[:, 0] + REVIEW), weekly / np.sqrt(7), own[:, 0] + REVIEW, own[:, 1]
    )
    normal = np.stack([np.ceil(mean + normal_safety_stock(level, spread)) for level in LEVELS], axis=1)
    return Points(ours, demand.cdf(ours), normal)


def used(after: Array, days: Array) -> Array:
    """Demand of the first `days` (n, K) days after the cutoff, from periods (n, T), evenly spread over a week.

    NaN where a week of it is not known.
    """
    total = np.concatenate([np.zeros((len(after), 1)), np.cumsum(after, axis=1)], axis=1)
    week = np.minimum((days // 7).astype(int), after.shape[1] - 1)
    low, high = np.take_along_axis(total, week, 1), np.take_along_axis(total, week + 1, 1)
    return np.asarray(np.where(days > 7 * after.shape[1], np.nan, low + (high - low) * (days / 7 - week)))


def kept(points: Array, demand: Array) -> Array:
    """Cycles within each reorder point (n, levels) over draws of demand (n, K): their sum and number, (2, levels)."""
    known = ~np.isnan(demand)
    inside = (np.nan_to_num(demand)[:, :, None] <= points[:, None, :]) & known[:, :, None]
    return np.stack([inside.sum(axis=(0, 1)), np.full(points.shape[1], known.sum())]).astype(float)


def main() -> None:
    """Print promised and achieved service."""
    begun = time.perf_counter()
    panel, (history, laws) = panel_of("demo"), demo_year()
    ways = lanes(panel)
    rng = np.random.default_rng(0)
    totals = {name: np.zeros((2, len(LEVELS))) for name in ("promised", "ours", "normal")}
    for back in BACK:
        before = panel.until(panel.periods - back)
        day = pd.Timestamp(before.cutoff) + pd.Timedelta(days=7)
        orders = snapshot(history, day - pd.Timedelta(days=1))
        known = set(orders.loc[~orders["is_open"].astype(bool), "supplier_id"])
        rows = np.flatnonzero(ways["supplier_id"].isin(known).to_numpy())
        asked = ways.iloc[rows].reset_index(drop=True)
        category = panel.static["category"].to_numpy(object)[rows]
        asked = asked.assign(ordered_at=day, category=category, contract_days=asked["lead_time_days"])
        points = reorder_points(before, asked, orders)
        law = laws.set_index("supplier_id").loc[asked["supplier_id"].repeat(DRAWS)].reset_index()
        of_year = np.full(len(law), float((day - START).days))
        lead = draw_lead_time(law, of_year, rng).reshape(len(rows), DRAWS)
        demand = used(known_demand(panel)[rows, before.periods :], lead + REVIEW)
        seen = (~np.isnan(demand)).sum(axis=1)[:, None]
        totals["promised"] += np.stack(
            [(points.promised * seen).sum(axis=0), np.full(len(LEVELS), seen.sum())]
        )
        totals["ours"] += kept(points.ours, demand)
        totals["normal"] += kept(points.normal, demand)
        print(
            f"{day:%Y-%m-%d}: {len(rows)} SKUs, {time.perf_counter() - begun:.0f} s",
            file=sys.stderr,
            flush=True,
        )
    print("Cycle service on the demo company, % of cycles (whole units promise a bit more than the target)\n")
    print("| target | Purvey promises | Purvey keeps | normal formula keeps |\n|---|---|---|---|")
    for k, level in enumerate(LEVELS):
        cells = " | ".join(f"{100 * total[0, k] / total[1, k]:.1f}" for total in totals.values())
        print(f"| {100 * level:.0f} | {cells} |")


if __name__ == "__main__":
    main()
