"""The three CUSUM charts over the forecast errors since training: demand above, demand below, errors above backtest."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from distributions.distribution import Array
from features.contract.frequency import periods_per_year
from models.monitoring.cusum import (
    Cusum,
    CusumEvidence,
    average_run_length,
    control_limit,
    self_starting_scores,
)
from models.monitoring.error_model import ErrorModel
from models.monitoring.error_series import latest_forecasts, period_errors

YEARS_PER_FALSE_ALARM = 5
"""At most one false alarm in so many years, on average, of all charts together."""

MARGIN = 1.5
"""The limits are set for so many times the years promised: heavy-tailed errors raise more alarms than normal ones."""

LEAST_PERIODS = 60
"""At least so many periods between false alarms: with quarters five years would be no promise at all."""

DEMAND_ABOVE = "demand above forecast"
DEMAND_BELOW = "demand below forecast"
ERRORS_ABOVE = "errors above backtest"
CHART_NAMES = (DEMAND_ABOVE, DEMAND_BELOW, ERRORS_ABOVE)


@dataclass(frozen=True)
class CusumChart:
    """One CUSUM chart: its height, its limit, and what happened in the periods that brought it there.

    An alarm stands until another champion is trained: then the chart is shown as it was at its highest.

    Attributes
    ----------
    name : one of `CHART_NAMES`
    height, limit : height of the CUSUM, and the height that raises the alarm
    periods, until : how many periods the evidence rests on, and the start of the last of them
    change : of demand over forecast, or of the loss over the backtest's, minus one, in those periods
    false_alarm_years : mean time until chance brings any of the charts as far as this one
    """

    name: str
    height: float
    limit: float
    periods: int
    until: str
    change: float
    false_alarm_years: float

    @property
    def alarm(self) -> bool:
        """Whether the CUSUM has reached its limit."""
        return self.height >= self.limit


@dataclass(frozen=True)
class ChartedPeriods:
    """The latest forecast of each period since training, as `period_errors`, and the CUSUM charts over them.

    Attributes
    ----------
    periods : DataFrame; with usual, low and high: the loss the backtest led to expect at that step ahead, and where
        90 % of it lay; alarm: whether a chart stood above its limit
    charts : one for each of `CHART_NAMES`, in that order
    """

    periods: pd.DataFrame
    charts: tuple[CusumChart, ...]


def charted_periods_per_year(freq: str) -> float:
    """Periods a year that the CUSUM charts have a point for: days are charted as weeks."""
    return min(periods_per_year(freq), 365.25 / 7)


def run_cusum_charts(backtest: pd.DataFrame, live: pd.DataFrame, freq: str) -> ChartedPeriods:
    """Run the three CUSUM charts over the forecast errors since training.

    Parameters
    ----------
    backtest, live : demand scores (in whole weeks, if the data are daily) of the training's rolling origins and since
    """
    baseline, rows = period_errors(latest_forecasts(backtest)), period_errors(latest_forecasts(live))
    both = pd.concat([baseline, rows], ignore_index=True)
    per_year = charted_periods_per_year(freq)
    limit = control_limit(MARGIN * len(CHART_NAMES) * max(YEARS_PER_FALSE_ALARM * per_year, LEAST_PERIODS))
    all_errors = period_errors(backtest)
    models = {column: ErrorModel.of(all_errors, column) for column in ("log_demand_ratio", "log_loss")}
    ratio_scores, loss_scores = (
        _scores_since(model.independent_errors(both, column), len(baseline))
        for column, model in models.items()
    )
    rows = rows.assign(**_expected_loss(models["log_loss"], baseline, rows))
    cusums = [Cusum.of(ratio_scores), Cusum.of(-ratio_scores), Cusum.of(loss_scores)]
    rows = rows.assign(
        alarm=np.any([cusum.path >= limit for cusum in cusums], axis=0) if len(rows) else False
    )
    charts = tuple(
        _cusum_chart(name, cusum.evidence(limit), limit, rows, per_year)
        for name, cusum in zip(CHART_NAMES, cusums, strict=True)
    )
    return ChartedPeriods(rows, charts)


def _cusum_chart(
    name: str, evidence: CusumEvidence, limit: float, rows: pd.DataFrame, per_year: float
) -> CusumChart:
    """Chart of one CUSUM, described by the periods its evidence rests on."""
    periods = rows.iloc[evidence.first : evidence.last]
    return CusumChart(
        name=name,
        height=evidence.height,
        limit=limit,
        periods=len(periods),
        change=_charted_change(name, periods),
        until=f"{periods['ds'].iloc[-1]:%Y-%m-%d}" if len(periods) else "",
        false_alarm_years=average_run_length(evidence.height) / (MARGIN * len(CHART_NAMES)) / per_year,
    )


def _scores_since(errors: Array, start: int) -> Array:
    """Self-starting scores of errors from `start` on for a chart, those before as baseline; 0 where one is unknown."""
    known = ~np.isnan(errors)
    scores = np.zeros(len(errors) - start)
    scores[known[start:]] = self_starting_scores(errors[:start][known[:start]], errors[start:][known[start:]])
    return scores


def _expected_loss(model: ErrorModel, baseline: pd.DataFrame, rows: pd.DataFrame) -> dict[str, Array]:
    """What the chart of errors takes for usual: the backtest's scaled pinball loss by step ahead, and its 90 % band."""
    off = (baseline["log_loss"] - model.expected(baseline["k"].to_numpy(float))).dropna().to_numpy()
    at = model.expected(rows["k"].to_numpy(float))
    low, middle, high = np.quantile(off, [0.05, 0.5, 0.95]) if len(off) else (np.nan, np.nan, np.nan)
    return {"usual": np.exp(at + middle), "low": np.exp(at + low), "high": np.exp(at + high)}


def _charted_change(name: str, rows: pd.DataFrame) -> float:
    """`change` of a CUSUM chart: demand over forecast, of the chart of errors loss over the backtest's, minus one."""
    if name == ERRORS_ABOVE:
        off = (rows["log_loss"] - np.log(rows["usual"])).mean()
        return float(np.exp(off) - 1) if np.isfinite(off) else 0.0
    forecast = rows["forecast"].sum()
    return float(rows["demand"].sum() / forecast - 1) if forecast > 0 else 0.0
