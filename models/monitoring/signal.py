"""Retrain or not: three charts over the periods since training, and one sentence a planner understands."""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd

from distributions.distribution import Array
from features.contract.calendar import base, multiple, periods_per_year
from models.monitoring.cusum import Cusum, Evidence, limit, run_length, sequential_scores
from models.monitoring.sequence import Lens, freshest, totals

YEARS = 5
"""At most one false alarm in so many years, on average, of all charts together."""

MARGIN = 1.5
"""The limits are set for so many times the years promised: heavy-tailed errors raise more alarms than normal ones."""

LEAST_PERIODS = 60
"""At least so many periods between false alarms: with quarters five years would be no promise at all."""

CHARTS = ("demand above forecast", "demand below forecast", "errors above backtest")

_UNITS = {"D": "week", "B": "week", "W": "week", "MS": "month", "QS": "quarter", "YS": "year"}
_OFTEN = 50


@dataclass(frozen=True)
class Chart:
    """One chart: where it stands, where it raises the alarm, and what it has seen in the periods that brought it there.

    An alarm stands until another champion is trained: then the chart is shown as it was at its highest.

    Attributes
    ----------
    name : one of `CHARTS`
    height, limit : where it stands, and where the alarm is
    periods, until : how many the evidence rests on, and the start of the last of them
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
        """Whether it has reached its limit."""
        return self.height >= self.limit


@dataclass(frozen=True)
class Signal:
    """The judgement.

    Attributes
    ----------
    retrain : whether to train again: whether a chart has reached its limit since training
    message : the reason in a sentence
    promise : how seldom it is wrong
    charts : all of them
    """

    retrain: bool
    message: str
    promise: str
    charts: tuple[Chart, ...]

    def to_json(self) -> dict[str, Any]:
        """JSON-able values."""
        charts = [asdict(chart) | {"alarm": chart.alarm} for chart in self.charts]
        return {
            "retrain": self.retrain, "message": self.message, "promise": self.promise, "charts": charts,
        }  # fmt: skip


@dataclass(frozen=True)
class ChartedPeriods:
    """The freshest forecast of each period since training, as `totals`, and what the charts make of it.

    Attributes
    ----------
    periods : DataFrame; with usual, low and high: the loss the backtest led to expect at that lead, and where 90 % of
        it lay; alarm: whether a chart stood above its limit
    charts : as `CHARTS`
    per_year : watched periods in a year (weeks for days)
    """

    periods: pd.DataFrame
    charts: tuple[Chart, ...]


def watch(backtest: pd.DataFrame, live: pd.DataFrame, freq: str) -> ChartedPeriods:
    """Run the charts over what came in since training.

    Parameters
    ----------
    backtest, live : scores (in whole weeks, if the data are daily) of the training's rolling origins and since
    """
    paths = totals(backtest)
    usual, rows = totals(freshest(backtest)), totals(freshest(live))
    both = pd.concat([usual, rows], ignore_index=True)
    per_year = min(periods_per_year(freq), 365.25 / 7)
    height = limit(MARGIN * len(CHARTS) * max(YEARS * per_year, LEAST_PERIODS))
    level, loss = Lens.of(paths, "level"), Lens.of(paths, "loss")
    level_scores, loss_scores = (
        _scores(lens.look(both, name), len(usual)) for lens, name in ((level, "level"), (loss, "loss"))
    )
    rows = rows.assign(**_band(loss, usual, rows))
    runs = [Cusum.of(level_scores), Cusum.of(-level_scores), Cusum.of(loss_scores)]
    rows = rows.assign(alarm=np.any([run.path >= height for run in runs], axis=0) if len(rows) else False)
    charts = tuple(
        _chart(name, run.seen(height), height, rows, per_year) for name, run in zip(CHARTS, runs, strict=True)
    )
    return ChartedPeriods(rows, charts)


def _chart(name: str, found: Evidence, height: float, rows: pd.DataFrame, per_year: float) -> Chart:
    mine = rows.iloc[found.first : found.last]
    return Chart(
        name=name, height=found.height, limit=height, periods=len(mine), change=_change(name, mine),
        until=f"{mine['ds'].iloc[-1]:%Y-%m-%d}" if len(mine) else "",
        false_alarm_years=run_length(found.height) / (MARGIN * len(CHARTS)) / per_year,
    )  # fmt: skip


def _scores(errors: Array, before: int) -> Array:
    """Scores of the periods after the first `before`; 0 where a period says nothing."""
    known = ~np.isnan(errors)
    scores = np.zeros(len(errors) - before)
    scores[known[before:]] = sequential_scores(
        errors[:before][known[:before]], errors[before:][known[before:]]
    )
    return scores


def _band(loss: Lens, usual: pd.DataFrame, rows: pd.DataFrame) -> dict[str, Array]:
    """Loss to be expected at each period's lead, by the backtest, and the range of nine in ten."""
    off = (usual["loss"] - loss.expected(usual["k"].to_numpy(float))).dropna().to_numpy()
    at = loss.expected(rows["k"].to_numpy(float))
    low, middle, high = np.quantile(off, [0.05, 0.5, 0.95]) if len(off) else (np.nan, np.nan, np.nan)
    return {"usual": np.exp(at + middle), "low": np.exp(at + low), "high": np.exp(at + high)}


def _change(name: str, rows: pd.DataFrame) -> float:
    if name == CHARTS[2]:
        off = (rows["loss"] - np.log(rows["usual"])).mean()
        return float(np.exp(off) - 1) if np.isfinite(off) else 0.0
    forecast = rows["forecast"].sum()
    return float(rows["demand"].sum() / forecast - 1) if forecast > 0 else 0.0


def judge(seen: ChartedPeriods, freq: str, cutoff: pd.Timestamp) -> Signal:
    """Say what the charts say.

    Parameters
    ----------
    cutoff : last period the champion was trained on
    """
    per_year = min(periods_per_year(freq), 365.25 / 7)
    years = max(YEARS, LEAST_PERIODS / per_year)
    promise = (
        f"While nothing changes, one false alarm in {years:.0f} years on average at most; "
        f"no single {_unit(freq, 1)} raises one."
    )
    loudest = max(seen.charts, key=lambda chart: chart.height)
    seldom = _seldom(loudest.false_alarm_years, per_year, freq)
    if not len(seen.periods):
        message = f"Nothing has come in since the champion was trained on demand up to {cutoff:%Y-%m-%d}."
    elif loudest.alarm:
        message = f"{_finding(loudest, freq, seen.periods)}; that happens by chance {seldom}: retrain."
    elif loudest.height > 0:
        message = (
            f"No retrain needed. {_finding(loudest, freq, seen.periods)}; that happens by chance {seldom}."
        )
    else:
        message = f"No retrain needed. {_all_well(seen.periods, freq)}, as usual."
    return Signal(loudest.alarm, message, promise, seen.charts)


def _finding(chart: Chart, freq: str, rows: pd.DataFrame) -> str:
    number = _unit(freq, chart.periods, count=True)
    now = chart.until == f"{rows['ds'].iloc[-1]:%Y-%m-%d}"
    what = f"of the last {number}" if now else f"of the {number} up to {chart.until}"
    if chart.name != CHARTS[2]:
        return f"Demand {what} was {_against(chart.change, 'forecast')}"
    return f"Forecast errors {what} were {_against(chart.change, 'those of the backtest')}"


def _against(change: float, what: str) -> str:
    return f"{abs(change):.0%} {'above' if change >= 0 else 'below'} {what}"


def _all_well(rows: pd.DataFrame, freq: str) -> str:
    level = rows["demand"].sum() / rows["forecast"].sum() - 1 if rows["forecast"].sum() > 0 else 0.0
    since = f"the {_unit(freq, len(rows), count=True)} since training"
    return f"Demand of {since} was {_against(level, 'forecast')}"


def _seldom(years: float, per_year: float, freq: str) -> str:
    if years > _OFTEN:
        return f"less than once in {_OFTEN} years"
    if years >= 1.5:
        return f"once in {years:.0f} years"
    return f"once in {_unit(freq, max(round(years * per_year), 1), count=True)}"


def _unit(freq: str, number: int, *, count: bool = False) -> str:
    """`week`, `weeks`, `4 weeks`; several units in a period are periods."""
    name = "period" if multiple(freq) > 1 else _UNITS[base(freq)]
    words = name if number == 1 else f"{name}s"
    return f"{number} {words}" if count and number > 1 else words
