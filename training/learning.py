"""The pure core of a training run: tables in, fitted models and what the backtest says about them out."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from configs.schema import Config
from distributions.demand_forecast import DemandForecast
from features.contract.tables import Tables
from features.demand.demand_class import known_demand
from features.demand.panel import Panel, make_panel
from features.orders.supplier_calendar import SupplierCalendar
from features.quality.checked import Checked
from models.demand.attribution.attribution import explained_forecast
from models.demand.attribution.explanation import Explanation
from models.protocols import LeadTimeModel
from planning.policy.order_rules import OrderRules
from training.decision_cost.cycles import played_cycles
from training.decision_cost.order_rules import backtest_forecasts, learn_rules, past_cycles
from training.decision_cost.terms import DecisionTerms, decision_terms
from training.evaluation.backtest import backtest_lead_times, demand_horizon, snapshot_days
from training.evaluation.frames import BacktestedForecaster, DemandFrames, origin_frames
from training.evaluation.members import compare_members
from training.evaluation.metrics import demand_metrics, lead_time_metrics, score_suppliers
from training.evaluation.naive import with_naive
from training.evaluation.scores import score_cells, score_groups, score_series, wide
from training.makers import ModelFactories
from training.progress import Progress, part, silent
from training.suppliers import usual_suppliers


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
    candidates, cycles : costs and fill rates of candidate rules; what each past cycle cost by the plain policy
    series, suppliers : the tables of per-series and per-supplier figures (the latter of lead times)
    scores, supplier_scores : figures of demand by class and step, and by who usually delivers
    members : the ensemble against each of its members, by class
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
    candidates: pd.DataFrame
    cycles: pd.DataFrame
    series: pd.DataFrame
    suppliers: pd.DataFrame
    scores: pd.DataFrame
    supplier_scores: pd.DataFrame
    members: pd.DataFrame
    terms: DecisionTerms
    metrics: dict[str, float]


def learn(
    checked: Checked, config: Config, makers: ModelFactories, *, progress: Progress = silent
) -> Learned:
    """DemandBacktest and fit both models and score them.

    Raises
    ------
    DataError
        When the tables do not carry a forecast.
    """
    progress("Laying out the demand", 0.0)
    tables, as_of, freq = checked.tables, checked.as_of, checked.freq
    h = demand_horizon(tables, config, make_panel(tables, config.data, freq=freq))
    panel = make_panel(tables, config.data, freq=freq, horizon=h)
    progress(f"Learning demand of {len(panel):,} SKUs", 0.02)
    demand = makers.demand(config, h).fit(panel)
    progress("Forecasting", 0.70)
    forecast, explanation = explained_forecast(demand, panel, h)
    progress("Learning lead times", 0.74)
    lead_time = makers.lead_time(config, SupplierCalendar.of(tables)).fit(checked.orders)
    days = snapshot_days(checked.orders, config.lead_time.cutoffs)
    lead_times = backtest_lead_times(
        tables, config, makers, cutoffs=days, as_of=as_of, progress=part(progress, 0.78, 0.9)
    )
    progress("Scoring the backtest", 0.9)
    frames = origin_frames(demand.backtest_.frame())
    scored = _scored(with_naive(frames, panel), panel_history(panel, frames), tables)
    series = scored.series.merge(demand.per_series_.drop(columns="demand_class"), on="unique_id", how="left")
    suppliers = score_suppliers(lead_times)
    terms = decision_terms(tables, config.policy, panel.freq)
    progress("Replaying past cycles", 0.92)
    past = past_cycles(backtest_forecasts(demand.backtest_), panel, terms)
    replayed, cycles = learn_rules(past, terms), played_cycles(past, panel, terms)
    return Learned(
        panel=panel, demand=demand, lead_time=lead_time, forecast=forecast, explanation=explanation,
        orders=checked.orders, frames=frames, lead_times=lead_times, rules=replayed.rules,
        candidates=replayed.candidates, cycles=cycles, series=series, suppliers=suppliers,
        scores=scored.classes, supplier_scores=scored.suppliers,
        members=compare_members(demand.backtest_), terms=terms,
        metrics=demand_metrics(scored.classes, scored.suppliers) | lead_time_metrics(suppliers)
        | ({"decision_cost": float(cycles["cost"].mean())} if len(cycles) else {}),
    )  # fmt: skip


@dataclass(frozen=True)
class _Scored:
    """Figures of demand: one row per SKU; by class and step; by supplier."""

    series: pd.DataFrame
    classes: pd.DataFrame
    suppliers: pd.DataFrame


def _scored(frames: DemandFrames, history: pd.DataFrame, tables: Tables) -> _Scored:
    cells = score_cells(frames, history)
    series = score_series(cells)
    supplier = series["unique_id"].map(usual_suppliers(tables)).astype(object)
    delivered = series.assign(supplier_id=supplier).dropna(subset="supplier_id")
    return _Scored(
        wide(series),
        score_groups(pd.concat([series, cells], ignore_index=True)),
        score_groups(delivered, by="supplier_id"),
    )


def panel_history(panel: Panel, frames: DemandFrames) -> pd.DataFrame:
    """Known demand up to the first cutoff as unique_id, ds, y: what errors are scaled by."""
    first = frames.period["cutoff"].min()
    seen = panel.ds <= first if pd.notna(first) else np.zeros(panel.periods, bool)
    y = known_demand(panel)[:, seen]
    return pd.DataFrame(
        {
            "unique_id": np.repeat(panel.unique_ids, int(seen.sum())),
            "ds": np.tile(panel.ds[seen], len(panel)),
            "y": y.ravel(),
        }
    )
