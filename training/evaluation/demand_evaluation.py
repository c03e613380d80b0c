"""Evaluation of a fitted demand model on its rolling origins: accuracy by SKU, class, step ahead and supplier."""

from dataclasses import dataclass

import pandas as pd

from features.contract.tables import Tables
from features.demand.panel import Panel
from planning.lanes.usual_supplier import usual_supplier
from training.evaluation.backtest_frames import DemandFrames, history_before, origin_frames
from training.evaluation.demand_accuracy import (
    per_series_table,
    score_groups,
    score_series,
    score_series_steps,
)
from training.evaluation.member_comparison import compare_members
from training.evaluation.seasonal_naive import add_naive_loss
from training.evaluation.sku_backtest import scores_by_step
from training.model_factories import BacktestedForecaster


@dataclass(frozen=True)
class DemandEvaluation:
    """Accuracy of a demand model's out-of-sample forecasts.

    Attributes
    ----------
    frames : forecasts of the rolling origins beside the demand that came
    series : one row per SKU
    classes : by demand class and step, as `demand_accuracy.score_groups`
    suppliers : by the supplier that usually delivers a SKU, as `demand_accuracy.score_groups`
    steps : one row per SKU and step ahead, as `sku_backtest.scores_by_step`
    members : the ensemble against each of its members, by class
    """

    frames: DemandFrames
    series: pd.DataFrame
    classes: pd.DataFrame
    suppliers: pd.DataFrame
    members: pd.DataFrame
    steps: pd.DataFrame


def evaluate_demand(
    demand: BacktestedForecaster, panel: Panel, tables: Tables, as_of: pd.Timestamp
) -> DemandEvaluation:
    """Score the rolling-origin backtest of a fitted demand model: accuracy by SKU, class, step and supplier."""
    frames = origin_frames(demand.backtest_.frame())
    cells = score_series_steps(add_naive_loss(frames, panel), history_before(panel, frames))
    series = score_series(cells)
    supplier = series["unique_id"].map(usual_supplier(tables.purchase_orders, as_of, tables.offers))
    delivered = series.assign(supplier_id=supplier.astype(object)).dropna(subset="supplier_id")
    reasons = demand.per_series_.drop(columns="demand_class")
    return DemandEvaluation(
        frames=frames,
        series=per_series_table(series).merge(reasons, on="unique_id", how="left"),
        classes=score_groups(pd.concat([series, cells], ignore_index=True)),
        suppliers=score_groups(delivered, by="supplier_id"),
        members=compare_members(demand.backtest_),
        steps=scores_by_step(cells),
    )
