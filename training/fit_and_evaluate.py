"""The pure core of a training run: from tables to fitted models, their backtest's accuracy and their decision cost."""

from dataclasses import dataclass

import pandas as pd

from configs.progress import Progress, no_progress, sub_progress
from configs.schema import Config
from distributions.demand_forecast import DemandForecast
from features.demand.panel import Panel
from features.demand.panel_from_tables import make_panel
from features.orders.supplier_calendar import SupplierCalendar
from features.quality.check_result import CheckResult
from models.demand.attribution.explained_forecast import explained_forecast
from models.demand.attribution.explanation import Explanation
from models.demand.backtest.demand_backtest import DemandBacktest
from models.protocols import LeadTimeModel
from planning.inputs import PlanInputs
from training.decision_cost.cycle_costs import replay_cycle_costs
from training.decision_cost.decision_terms import DecisionTerms, decision_terms
from training.decision_cost.learn_order_rules import RuleCalibration, calibrate_order_rules
from training.decision_cost.replay_inputs import cycles_to_replay, forecasts_to_replay
from training.evaluation.demand_evaluation import DemandEvaluation, evaluate_demand
from training.evaluation.lead_time_accuracy import score_lead_times
from training.evaluation.lead_time_backtest import backtest_lead_times, snapshot_days
from training.evaluation.metrics import demand_metrics, lead_time_metrics
from training.horizon import demand_horizon
from training.model_factories import BacktestedForecaster, ModelFactories


@dataclass(frozen=True)
class LeadTimeEvaluation:
    """Accuracy of a lead-time model's out-of-sample distributions.

    Attributes
    ----------
    frame : the backtest frame, no rows with too few closed orders
    suppliers : accuracy by kind of order and supplier, as `lead_time_accuracy.score_lead_times`
    """

    frame: pd.DataFrame
    suppliers: pd.DataFrame


@dataclass(frozen=True)
class DecisionReplay:
    """Past cycles replayed with the demand model's out-of-sample forecasts.

    Attributes
    ----------
    terms : costs, lead times and review period that decisions are priced by
    calibration : order rules, and cost and fill rate of each candidate rule
    cycles : decision cost of each past cycle by the plain policy
    """

    terms: DecisionTerms
    calibration: RuleCalibration
    cycles: pd.DataFrame


@dataclass(frozen=True)
class TrainedModels:
    """The fitted models of a training run, and how good they are out of sample.

    Attributes
    ----------
    panel, orders : the demand and the order history that the models were fitted on
    demand, lead_time : the models
    forecast : of `demand` for the periods after the last one
    explanation : the parts of `forecast`, none where `demand` cannot say
    demand_evaluation, lead_time_evaluation : accuracy in the backtests
    decisions : what acting on the forecasts would have cost
    """

    panel: Panel
    orders: pd.DataFrame
    demand: BacktestedForecaster
    lead_time: LeadTimeModel
    forecast: DemandForecast
    explanation: Explanation | None
    demand_evaluation: DemandEvaluation
    lead_time_evaluation: LeadTimeEvaluation
    decisions: DecisionReplay

    @property
    def metrics(self) -> dict[str, float]:
        """Metric name → number: accuracy of demand and lead times, and the mean decision cost where it is known."""
        cycles = self.decisions.cycles
        return (
            demand_metrics(self.demand_evaluation.classes, self.demand_evaluation.suppliers)
            | lead_time_metrics(self.lead_time_evaluation.suppliers)
            | ({"decision_cost": float(cycles["cost"].mean())} if len(cycles) else {})
        )


def fit_and_evaluate(
    checked: CheckResult, config: Config, factories: ModelFactories, *, progress: Progress = no_progress
) -> TrainedModels:
    """Fit the demand and the lead-time model on checked tables, and evaluate both by backtest and replay.

    Raises
    ------
    DataError
        When the tables do not carry a forecast.
    """
    progress("Laying out the demand", 0.0)
    tables = checked.tables
    h = demand_horizon(tables, config, make_panel(tables, config.data, freq=checked.freq))
    panel = make_panel(tables, config.data, freq=checked.freq, horizon=h)
    progress(f"Learning demand of {len(panel):,} SKUs", 0.02)
    demand = factories.demand(config, h).fit(panel)
    progress("Forecasting", 0.70)
    forecast, explanation = explained_forecast(demand, panel, h)
    progress("Learning lead times", 0.74)
    lead_time = factories.lead_time(config, SupplierCalendar.of(tables)).fit(checked.orders)
    lead_time_evaluation = _evaluate_lead_times(
        checked, config, factories, progress=sub_progress(progress, 0.78, 0.9)
    )
    progress("Scoring the backtest", 0.9)
    demand_evaluation = evaluate_demand(demand, panel, tables, checked.as_of)
    progress("Replaying past cycles", 0.92)
    return TrainedModels(
        panel=panel,
        orders=checked.orders,
        demand=demand,
        lead_time=lead_time,
        forecast=forecast,
        explanation=explanation,
        demand_evaluation=demand_evaluation,
        lead_time_evaluation=lead_time_evaluation,
        decisions=_replay_decisions(checked, config, panel, demand.backtest_),
    )


def _evaluate_lead_times(
    checked: CheckResult, config: Config, factories: ModelFactories, *, progress: Progress
) -> LeadTimeEvaluation:
    """Backtest the lead-time model on the snapshot days of a training, and score it by supplier."""
    frame = backtest_lead_times(
        checked.tables,
        config,
        factories,
        cutoffs=snapshot_days(checked.orders, config.lead_time.cutoffs),
        as_of=checked.as_of,
        progress=progress,
    )
    return LeadTimeEvaluation(frame, score_lead_times(frame))


def _replay_decisions(
    checked: CheckResult, config: Config, panel: Panel, backtest: DemandBacktest
) -> DecisionReplay:
    """Replay past cycles with the backtest's demand forecasts: calibrated order rules and decision cost."""
    inputs = PlanInputs.of(checked.tables, checked.orders, as_of=checked.as_of)
    terms = decision_terms(panel.unique_ids, inputs, config.policy, panel.freq)
    past = cycles_to_replay(forecasts_to_replay(backtest), panel, terms)
    return DecisionReplay(terms, calibrate_order_rules(past, terms), replay_cycle_costs(past, panel, terms))
