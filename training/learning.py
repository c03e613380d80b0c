"""The pure core of a training run: tables in, fitted models and what the backtest says about them out."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from features.contract import Tables
from features.orders import order_history
from features.panel import Panel, make_panel
from models.demand.explanation import explained_forecast
from models.explanation import Explanation
from models.protocols import LeadTimeModel
from planning.forecast import DemandForecast
from planning.rules import OrderRules
from training.backtest import backtest_lead_times, demand_horizon, snapshot_days
from training.config import Config
from training.decision import DecisionTerms, decision_terms
from training.frames import BacktestedForecaster, DemandFrames, origin_frames
from training.makers import Makers
from training.metrics import demand_metrics, lead_time_metrics, score_series, score_suppliers
from training.order_rules import backtest_forecasts, learn_rules, past_cycles, replayed_cost
from training.progress import Progress, part, silent


@dataclass(frozen=True)
class Learned:
    """What a training run found out.

    Attributes
    ----------
    demand, lead_time : the models, fitted on everything
    forecast : of `demand` for the periods after the last one
    explanation : the parts of `forecast`, none where `demand` cannot say
    orders : the order history the lead-time model has seen
    frames : the rolling origins of the demand model
    lead_times : the backtest of the lead-time model, no rows without orders enough
    rules : calibrated order rules
    series, suppliers : the tables of per-series and per-supplier figures
    terms : what decisions are judged by
    metrics : metric name → number
    """

    panel: Panel
    demand: BacktestedForecaster
    lead_time: LeadTimeModel
    forecast: DemandForecast
    explanation: Explanation | None
    orders: pd.DataFrame
    frames: DemandFrames
    lead_times: pd.DataFrame
    rules: OrderRules
    series: pd.DataFrame
    suppliers: pd.DataFrame
    terms: DecisionTerms
    metrics: dict[str, float]


def learn(
    tables: Tables,
    config: Config,
    makers: Makers,
    *,
    freq: str,
    as_of: pd.Timestamp,
    progress: Progress = silent,
) -> Learned:
    """Backtest and fit both models and score them.

    Raises
    ------
    DataError
        When the tables do not carry a forecast.
    """
    progress("Laying out the demand", 0.0)
    h = demand_horizon(tables, config, make_panel(tables, config.data, freq=freq))
    panel = make_panel(tables, config.data, freq=freq, horizon=h)
    progress(f"Learning demand of {len(panel):,} SKUs", 0.02)
    demand = makers.demand(config, h).fit(panel)
    progress("Forecasting", 0.70)
    forecast, explanation = explained_forecast(demand, panel, h)
    progress("Learning lead times", 0.74)
    orders = order_history(tables, as_of, config.data.order_covariates)
    lead_time = makers.lead_time(config).fit(orders)
    days = snapshot_days(orders, config.lead_time.cutoffs)
    lead_times = backtest_lead_times(
        tables, config, makers, cutoffs=days, as_of=as_of, progress=part(progress, 0.78, 0.9)
    )
    progress("Scoring the backtest", 0.9)
    frames = origin_frames(demand.backtest_.frame())
    series = score_series(frames, panel_history(panel, frames)).merge(
        demand.per_series_.drop(columns="demand_class"), on="unique_id", how="left"
    )
    suppliers = score_suppliers(lead_times)
    terms = decision_terms(tables, config.policy, panel.freq)
    progress("Replaying past cycles", 0.92)
    past = past_cycles(backtest_forecasts(demand.backtest_), panel, terms)
    cost = replayed_cost(past, terms)
    return Learned(
        panel=panel, demand=demand, lead_time=lead_time, forecast=forecast, explanation=explanation,
        orders=orders, frames=frames, lead_times=lead_times, rules=learn_rules(past, terms), series=series,
        suppliers=suppliers, terms=terms,
        metrics=demand_metrics(series) | lead_time_metrics(suppliers)
        | ({"decision_cost": cost} if np.isfinite(cost) else {}),
    )  # fmt: skip


def panel_history(panel: Panel, frames: DemandFrames) -> pd.DataFrame:
    """Known demand up to the first cutoff as unique_id, ds, y: what errors are scaled by."""
    first = frames.period["cutoff"].min()
    seen = panel.ds <= first if pd.notna(first) else np.zeros(panel.periods, bool)
    y = np.where(panel.in_stock, panel.y, np.nan)[:, seen]
    return pd.DataFrame(
        {
            "unique_id": np.repeat(panel.unique_ids, int(seen.sum())),
            "ds": np.tile(panel.ds[seen], len(panel)),
            "y": y.ravel(),
        }
    )
