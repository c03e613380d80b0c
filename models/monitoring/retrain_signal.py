"""Retrain or not: the judgement on the CUSUM charts, and one sentence a planner understands."""

from dataclasses import asdict, dataclass
from typing import Any

import pandas as pd

from configs.formats import share
from features.contract.frequency import freq_multiple, freq_unit
from models.monitoring.cusum_charts import (
    ERRORS_ABOVE,
    LEAST_PERIODS,
    YEARS_PER_FALSE_ALARM,
    ChartedPeriods,
    CusumChart,
    charted_periods_per_year,
)

_UNITS = {
    "D": "week",
    "B": "week",
    "W": "week",
    "MS": "month",
    "QS": "quarter",
    "YS": "year",
    "calendar": "period",
}
_MOST_YEARS = 50


@dataclass(frozen=True)
class RetrainSignal:
    """Whether to train again, and why.

    Attributes
    ----------
    retrain : whether a chart has reached its limit since training
    message : the reason in a sentence
    promise : how seldom the signal is wrong
    charts : all of them
    """

    retrain: bool
    message: str
    promise: str
    charts: tuple[CusumChart, ...]

    def to_json(self) -> dict[str, Any]:
        """JSON-able values of the retrain signal and its charts."""
        charts = [asdict(chart) | {"alarm": chart.alarm} for chart in self.charts]
        return {
            "retrain": self.retrain, "message": self.message, "promise": self.promise, "charts": charts,
        }  # fmt: skip


def retrain_signal(charted: ChartedPeriods, freq: str, cutoff: pd.Timestamp) -> RetrainSignal:
    """Decide by the CUSUM charts whether to retrain, and say why in a sentence.

    Parameters
    ----------
    cutoff : last period the champion was trained on
    """
    years = max(YEARS_PER_FALSE_ALARM, LEAST_PERIODS / charted_periods_per_year(freq))
    promise = (
        f"While nothing changes, one false alarm in {years:.0f} years on average at most; "
        f"no single {_unit_name(freq, 1)} raises one."
    )
    highest = max(charted.charts, key=lambda chart: chart.height)
    return RetrainSignal(highest.alarm, _message(charted, highest, freq, cutoff), promise, charted.charts)


def _message(charted: ChartedPeriods, highest: CusumChart, freq: str, cutoff: pd.Timestamp) -> str:
    """Sentence about the highest chart: what it found and how often chance does that, or that all is as usual."""
    if not len(charted.periods):
        return f"Nothing has come in since the champion was trained on demand up to {cutoff:%Y-%m-%d}."
    if not highest.height > 0 and not highest.alarm:
        return f"No retrain needed. {_overall_finding(charted.periods, freq)}, as usual."
    finding = _finding(highest, freq, charted.periods)
    how_often = _how_often(highest.false_alarm_years, freq)
    if highest.alarm:
        return f"{finding}; that happens by chance {how_often}: retrain."
    return f"No retrain needed. {finding}; that happens by chance {how_often}."


def _finding(chart: CusumChart, freq: str, rows: pd.DataFrame) -> str:
    """What one chart found, in words: `Demand of the last 6 weeks was 30% above forecast`."""
    number = _unit_name(freq, chart.periods, count=True)
    now = chart.until == f"{rows['ds'].iloc[-1]:%Y-%m-%d}"
    what = f"of the last {number}" if now else f"of the {number} up to {chart.until}"
    if chart.name != ERRORS_ABOVE:
        return f"Demand {what} was {_above_or_below(chart.change, 'forecast')}"
    return f"Forecast errors {what} were {_above_or_below(chart.change, 'those of the backtest')}"


def _above_or_below(change: float, what: str) -> str:
    return f"{share(abs(change))} {'above' if change >= 0 else 'below'} {what}"


def _overall_finding(rows: pd.DataFrame, freq: str) -> str:
    """Demand of all periods since training against forecast, in words."""
    change = rows["demand"].sum() / rows["forecast"].sum() - 1 if rows["forecast"].sum() > 0 else 0.0
    periods = f"the {_unit_name(freq, len(rows), count=True)} since training"
    return f"Demand of {periods} was {_above_or_below(change, 'forecast')}"


def _how_often(years: float, freq: str) -> str:
    """How often chance brings a chart so far, in words: `once in 7 years`, `once in 3 weeks`."""
    if years > _MOST_YEARS:
        return f"less than once in {_MOST_YEARS} years"
    if years >= 1.5:
        return f"once in {years:.0f} years"
    periods = max(round(years * charted_periods_per_year(freq)), 1)
    return f"once in {_unit_name(freq, periods, count=True)}"


def _unit_name(freq: str, number: int, *, count: bool = False) -> str:
    """`week`, `weeks`, `4 weeks`; several units in a period are periods."""
    name = "period" if freq_multiple(freq) > 1 else _UNITS[freq_unit(freq)]
    words = name if number == 1 else f"{name}s"
    return f"{number} {words}" if count and number > 1 else words
