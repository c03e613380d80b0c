"""The report of `purvey monitor`: the retrain signal, and tables by period, class, step ahead and supplier."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from models.monitoring.cusum_charts import run_cusum_charts
from models.monitoring.demand_scores import SUM_COLUMNS
from models.monitoring.error_series import latest_forecasts, weekly_scores
from models.monitoring.retrain_signal import RetrainSignal, retrain_signal

FIGURES = [
    "n", "bias", "coverage_80", "coverage_90", "scaled_pinball", "value_added", "backtest_scaled_pinball", "drift",
]  # fmt: skip

PERIODS = [
    "ds", "cutoff", "k", "n", "demand", "forecast", "scaled_pinball", "coverage_90", "usual", "low", "high", "alarm",
]  # fmt: skip


@dataclass(frozen=True)
class MonitorReport:
    """How the champion's forecasts compare with what came since it was trained.

    Attributes
    ----------
    facts : bundle, cutoff, as_of, freq and counts, JSON-able
    signal : whether to retrain, and why
    periods : columns `PERIODS`, one row a period (a week, for days), of the latest forecast of each
    by_class : demand_class ("" for all) and `FIGURES`, of the latest forecasts
    by_lead : k and `FIGURES`, of all forecasts
    lead_times : as `lead_time_scores.score_by_supplier`
    """

    facts: dict[str, Any]
    signal: RetrainSignal
    periods: pd.DataFrame
    by_class: pd.DataFrame
    by_lead: pd.DataFrame
    lead_times: pd.DataFrame

    def to_json(self) -> dict[str, Any]:
        """JSON-able values of the monitoring report; what is not known is null."""
        tables = ("periods", "by_class", "by_lead", "lead_times")
        return self.facts | self.signal.to_json() | {name: _records(getattr(self, name)) for name in tables}


def make_monitor_report(
    facts: dict[str, Any], *, backtest: pd.DataFrame, live: pd.DataFrame, lead_times: pd.DataFrame
) -> MonitorReport:
    """Build the monitoring report from the scores of the backtest and those since training.

    Parameters
    ----------
    facts : with freq and cutoff (the last period the champion was trained on)
    backtest, live : demand scores (columns `SCORE_COLUMNS`) of the training's rolling origins, and since
    lead_times : as `lead_time_scores.score_by_supplier`
    """
    freq = str(facts["freq"])
    cutoff = pd.Timestamp(facts["cutoff"])
    weeks = weekly_scores(pd.concat([part for part in (backtest, live) if len(part)] or [live]), freq)
    charted = run_cusum_charts(weeks[weeks["cutoff"] < cutoff], weeks[weeks["cutoff"] >= cutoff], freq)
    latest = latest_forecasts(live)
    periods = charted.periods.assign(
        scaled_pinball=_ratio(charted.periods, "scaled_pinball", "scaled_n"),
        coverage_90=_ratio(charted.periods, "inside_90", "n"),
    )
    return MonitorReport(
        facts=facts | {"periods_seen": len(periods), "forecasts": int(live["cutoff"].nunique())},
        signal=retrain_signal(charted, freq, cutoff),
        periods=periods[PERIODS],
        by_class=_figures(pd.concat([latest.assign(demand_class=""), latest]), ["demand_class"], backtest),
        by_lead=_figures(live, ["k"], backtest),
        lead_times=lead_times,
    )


def _figures(scores: pd.DataFrame, by: list[str], backtest: pd.DataFrame) -> pd.DataFrame:
    """Figures of the monitoring report by class or step: accuracy of live demand forecasts, columns `by` and `FIGURES`.

    bias: (forecast − demand) / demand; coverage: shares; scaled_pinball: mean, in naive errors; value_added: share by
    which it is below the seasonal naive's on the same periods; drift: share by which it is above the backtest's at the
    same steps and classes.
    """
    rows = _with_backtest_loss(scores, backtest)
    sums = rows.groupby(by)[[*SUM_COLUMNS, "expected", "expected_n"]].sum().reset_index()
    table = sums[[*by, "n"]].assign(
        bias=(sums["forecast"] - sums["demand"]) / sums["demand"].where(sums["demand"] > 0),
        coverage_80=_ratio(sums, "inside_80", "n"),
        coverage_90=_ratio(sums, "inside_90", "n"),
        scaled_pinball=_ratio(sums, "scaled_pinball", "scaled_n"),
        value_added=1 - _ratio(sums, "own", "rival"),
        backtest_scaled_pinball=_ratio(sums, "expected", "expected_n"),
    )
    table["drift"] = table["scaled_pinball"] / table["backtest_scaled_pinball"] - 1
    return table[[*by, *FIGURES]]


def _with_backtest_loss(scores: pd.DataFrame, backtest: pd.DataFrame) -> pd.DataFrame:
    """Add what the report measures drift against: the backtest's scaled pinball loss at the same step and class.

    expected: that loss summed over expected_n demands, those of steps and classes that the backtest has.
    """
    classes = backtest.assign(demand_class="")
    if not (scores["demand_class"] == "").all():
        classes = pd.concat([classes, backtest])
    sums = classes.groupby(["demand_class", "k"], as_index=False)[["scaled_n", "scaled_pinball"]].sum()
    sums = sums.assign(backtest_loss=_ratio(sums, "scaled_pinball", "scaled_n"))
    loss = sums[["demand_class", "k", "backtest_loss"]]
    rows = scores.merge(loss, on=["demand_class", "k"], how="left")
    return rows.assign(
        expected=(rows["backtest_loss"] * rows["scaled_n"]).fillna(0.0),
        expected_n=rows["scaled_n"].where(rows["backtest_loss"].notna(), 0.0),
    )


def _ratio(rows: pd.DataFrame, top: str, bottom: str) -> pd.Series:
    return rows[top] / rows[bottom].where(rows[bottom] > 0)


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows of a monitoring report's table as dicts for JSON: dates as text, unknown and infinite values as None."""
    shown = table.copy()
    for name in shown.columns[shown.dtypes.map(pd.api.types.is_datetime64_any_dtype)]:
        shown[name] = shown[name].dt.strftime("%Y-%m-%d")
    values = shown.astype(object).where(shown.notna(), None).replace({np.inf: None})
    return [dict(row) for row in values.to_dict("records")]
