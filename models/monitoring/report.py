"""Everything `purvey monitor` says: the signal, and the tables behind it."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from models.monitoring.scores import SUMS
from models.monitoring.sequence import freshest, whole_weeks
from models.monitoring.signal import Signal, judge, watch

FIGURES = [
    "n", "bias", "coverage_80", "coverage_90", "scaled_pinball", "value_added", "backtest_scaled_pinball", "drift",
]  # fmt: skip

PERIODS = [
    "ds", "cutoff", "k", "n", "demand", "forecast", "scaled_pinball", "coverage_90", "usual", "low", "high", "alarm",
]  # fmt: skip


@dataclass(frozen=True)
class Report:
    """What came against what was forecast, since the champion was trained.

    Attributes
    ----------
    facts : bundle, cutoff, as_of, freq and counts, JSON-able
    signal : the judgement
    periods : columns `PERIODS`, one row a period (a week, for days), from the freshest forecast of each
    by_class : demand_class ("" for all) and `FIGURES`, of the freshest forecasts
    by_lead : k and `FIGURES`, of all forecasts
    lead_times : as `lead_times.by_supplier`
    """

    facts: dict[str, Any]
    signal: Signal
    periods: pd.DataFrame
    by_class: pd.DataFrame
    by_lead: pd.DataFrame
    lead_times: pd.DataFrame

    def to_json(self) -> dict[str, Any]:
        """JSON-able values; what is not known is null."""
        tables = ("periods", "by_class", "by_lead", "lead_times")
        return self.facts | self.signal.to_json() | {name: _records(getattr(self, name)) for name in tables}


def make_report(
    facts: dict[str, Any], *, backtest: pd.DataFrame, live: pd.DataFrame, lead_times: pd.DataFrame
) -> Report:
    """Judge the scores that came in.

    Parameters
    ----------
    facts : with freq and cutoff (the last period the champion was trained on)
    backtest, live : scores (columns `SCORES`) of the training's rolling origins, and since
    lead_times : as `lead_times.by_supplier`
    """
    freq = str(facts["freq"])
    cutoff = pd.Timestamp(facts["cutoff"])
    weeks = whole_weeks(pd.concat([part for part in (backtest, live) if len(part)] or [live]), freq)
    seen = watch(weeks[weeks["cutoff"] < cutoff], weeks[weeks["cutoff"] >= cutoff], freq)
    last = freshest(live)
    everything = pd.concat([last.assign(demand_class=""), last])
    periods = seen.periods.assign(
        scaled_pinball=_ratio(seen.periods, "scaled_pinball", "scaled_n"),
        coverage_90=_ratio(seen.periods, "inside_90", "n"),
    )
    return Report(
        facts=facts | {"periods_seen": len(periods), "forecasts": int(live["cutoff"].nunique())},
        signal=judge(seen, freq, cutoff),
        periods=periods[PERIODS],
        by_class=_figures(everything, ["demand_class"], backtest),
        by_lead=_figures(live, ["k"], backtest),
        lead_times=lead_times,
    )


def _figures(scores: pd.DataFrame, by: list[str], backtest: pd.DataFrame) -> pd.DataFrame:
    """`by` and `FIGURES`.

    bias: (forecast − demand) / demand; coverage: shares; scaled_pinball: mean, in naive errors; value_added: share by
    which it is below the seasonal naive's on the same periods; drift: share by which it is above the backtest's at the
    same leads and classes.
    """
    leads = (
        backtest.assign(demand_class="") if (scores["demand_class"] == "").all() else
        pd.concat([backtest.assign(demand_class=""), backtest])
    )  # fmt: skip
    told = leads.groupby(["demand_class", "k"], as_index=False)[["scaled_n", "scaled_pinball"]].sum()
    told = told.assign(usual=_ratio(told, "scaled_pinball", "scaled_n"))[["demand_class", "k", "usual"]]
    rows = scores.merge(told, on=["demand_class", "k"], how="left")
    compared = rows["usual"].notna()
    rows = rows.assign(
        expected=(rows["usual"] * rows["scaled_n"]).fillna(0.0),
        expected_n=rows["scaled_n"].where(compared, 0.0),
    )
    sums = rows.groupby(by)[[*SUMS, "expected", "expected_n"]].sum().reset_index()
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


def _ratio(rows: pd.DataFrame, top: str, bottom: str) -> pd.Series:
    return rows[top] / rows[bottom].where(rows[bottom] > 0)


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    shown = table.copy()
    for name in shown.columns[shown.dtypes.map(pd.api.types.is_datetime64_any_dtype)]:
        shown[name] = shown[name].dt.strftime("%Y-%m-%d")
    whole = shown.astype(object).where(shown.notna(), None).replace({np.inf: None})
    return [dict(row) for row in whole.to_dict("records")]
