"""Scores of lead-time forecasts: their CRPS above that of the known true distribution."""

import numpy as np
import pandas as pd

from benchmarks.lead_times.known_distributions import true_cdf
from configs.schema import LeadTimeConfig
from distributions.distribution import Array
from models.lead_time.forecaster import LeadTimeForecaster
from models.lead_time.snapshots import snapshot

ENOUGH = 50  # closed orders
HALF_LIFE_DAYS = 180.0  # as in configs/demo.yaml
LAST = pd.Timestamp("2018-01-01")
DAYS = tuple(pd.to_datetime(["2017-07-03", "2017-10-02", "2017-11-13", LAST]))
_MOST_SKUS = 12  # forecast for each supplier
_GRID = np.arange(0.25, 250.0, 0.5)  # days: between the whole days on which orders come


def score_forecasts(history: pd.DataFrame, suppliers: pd.DataFrame) -> pd.DataFrame:
    """Scores, a row a model, day and supplier: CRPS `excess` over the truth's `own`, days, and the kind of `law`."""
    parts = []
    for day in DAYS:
        seen = snapshot(history, day - pd.Timedelta(days=1))
        rows = orders_to_forecast(day, seen)
        truth = true_cdf(suppliers, rows["supplier_id"], day, _GRID)
        model = LeadTimeForecaster(LeadTimeConfig(half_life_days=HALF_LIFE_DAYS)).fit(seen)
        grid = np.broadcast_to(_GRID, truth.shape)
        cdfs = {"ours": model.predict(rows).cdf(grid)} | {
            name: member.predict(rows).cdf(grid) for name, member in model.mixture_.members.items()
        }
        cdfs["the truth a lead time ago"] = true_cdf(suppliers, rows["supplier_id"], day, _GRID, ago=True)
        for name, forecast in cdfs.items():
            more, own = crps_parts(forecast, truth)
            parts.append(rows[["supplier_id"]].assign(model=name, day=day, excess=more, own=own))
    kind = suppliers.set_index("supplier_id")["law"]
    table = pd.concat(parts, ignore_index=True)
    table = table.groupby(["model", "day", "supplier_id"], sort=False, as_index=False).mean()
    return table.assign(law=table["supplier_id"].map(kind))


def orders_to_forecast(day: pd.Timestamp, seen: pd.DataFrame) -> pd.DataFrame:
    """Orders placed on `day` by which forecasts are scored: of the SKUs last ordered from each larger supplier."""
    closed = seen[~seen["is_open"].astype(bool)]
    large = closed.groupby("supplier_id")["duration"].transform("size") >= ENOUGH
    lanes = closed[large].drop_duplicates(["supplier_id", "unique_id"], keep="last")
    recent = lanes.groupby("supplier_id").tail(_MOST_SKUS)
    columns = ["supplier_id", "unique_id", "category", "contract_days"]
    return recent[columns].assign(ordered_at=day).reset_index(drop=True)


def crps_parts(forecast: Array, truth: Array) -> tuple[Array, Array]:
    """Scores (n,), days, of F by the truth G (n, K): CRPS above the truth's, ∫(F − G)² dt, and that, ∫G(1 − G) dt."""
    step = _GRID[1] - _GRID[0]
    return ((forecast - truth) ** 2).sum(axis=1) * step, (truth * (1 - truth)).sum(axis=1) * step
