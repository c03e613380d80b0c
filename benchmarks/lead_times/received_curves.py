"""How much of each open order has come by when: forecasts of the received share as a curve, and what really came."""

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from benchmarks.lead_times.known_distributions import YEAR
from benchmarks.lead_times.scores import HALF_LIFE_DAYS
from benchmarks.scms.peers import conditional_kaplan_meier
from configs.schema import LeadTimeConfig
from distributions.distribution import Array, Distribution
from distributions.levels import BACKTEST_LEVELS
from examples.company.sales import START
from features.contract.tables import Tables
from features.orders.order_history import order_history
from models.lead_time.forecaster import LeadTimeForecaster
from models.lead_time.snapshots import usable
from planning.projection.first_parts import ReceivedCurve, received_curve
from planning.projection.open_orders import make_pipeline
from planning.protocols import FirstParts

AHEAD = np.arange(0.5, 60.0)
"""Days from now at whose middle the received share is looked at."""

DAYS = tuple(START + pd.Timedelta(days=int(back)) for back in np.linspace(0.4 * YEAR, YEAR - 61, 6))
"""Days whose open orders are forecast: sixty days later it is known what came of them."""

_KEY = ["order_id", "line"]


def score_received_curves(tables: Tables) -> pd.DataFrame:
    """CRPS of the received share of open order lines, a row a day, line and model: `crps`, share × days, and `parts`.

    Summed over the next sixty days. `parts`: the line came in parts, the first of them after the day it was forecast.
    """
    return pd.concat(_scores(tables), ignore_index=True)


def _scores(tables: Tables) -> Iterator[pd.DataFrame]:
    for day in DAYS:
        history = order_history(tables, day)
        model = LeadTimeForecaster(LeadTimeConfig(half_life_days=HALF_LIFE_DAYS)).fit(history)
        lines = history[history["is_open"].astype(bool)].reset_index(drop=True)
        came = _received_share(tables.receipts, lines, day)
        parts = ((came > 0.01) & (came < 0.99)).any(axis=1) & lines["part_after"].isna().to_numpy()
        for name, curve in _curves(model, usable(history), lines).items():
            crps = curve.crps(came).sum(axis=1)
            yield lines[_KEY].assign(day=day, model=name, crps=crps, parts=parts)


def _curves(
    model: LeadTimeForecaster, known: pd.DataFrame, lines: pd.DataFrame
) -> Mapping[str, ReceivedCurve]:
    """Curves of the open order lines by model: ours, the same without first parts, and two that others would use."""
    n, age = len(lines), lines["age"].to_numpy(float)
    pipeline = make_pipeline(lines, np.arange(n), model.predict, deliveries=model.deliveries(lines))
    whole, none, full = FirstParts.whole(n), np.zeros(n), np.ones(n)
    share = pipeline.quantity / lines["quantity_open"].to_numpy(float)
    total = conditional_kaplan_meier(known, lines) - age[:, None]
    promised = (lines["promised_at"] - lines["ordered_at"]) / pd.Timedelta(days=1) - age
    days = {"conditional Kaplan–Meier": Distribution(BACKTEST_LEVELS, np.maximum(total, 0.0))}
    if promised.notna().any():
        left = np.maximum(promised.fillna(promised.median()).to_numpy(float), 0.5)
        days["the promised day"] = Distribution(np.array([0.0, 1.0]), np.column_stack([left, left]))
    return {
        "ours": received_curve(pipeline.remaining, pipeline.never, share, pipeline.parts or whole, AHEAD),
        "ours, all of it at once": received_curve(pipeline.remaining, pipeline.never, share, whole, AHEAD),
        **{name: received_curve(left, none, full, whole, AHEAD) for name, left in days.items()},
    }


def _received_share(receipts: pd.DataFrame, lines: pd.DataFrame, day: pd.Timestamp) -> Array:
    """Share (n, K) of what was open of each line on `day` that has come by each of `AHEAD` days later."""
    later = receipts[receipts["received_at"] > day]
    row = pd.MultiIndex.from_frame(lines[_KEY]).get_indexer(pd.MultiIndex.from_frame(later[_KEY]))
    known = row >= 0
    after = ((later["received_at"] - day) / pd.Timedelta(days=1)).to_numpy(float)[known]
    came = np.zeros((len(lines), len(AHEAD) + 1))
    np.add.at(came, (row[known], np.searchsorted(AHEAD, after)), later["quantity"].to_numpy(float)[known])
    share = np.cumsum(came, axis=1)[:, :-1] / lines["quantity_open"].to_numpy(float)[:, None]
    return np.asarray(np.minimum(share, 1.0))
