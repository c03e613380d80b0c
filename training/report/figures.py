"""Figures of a training run as PNG files: calibration, fan charts of best and worst series, lead-time histograms."""

from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from charts.calibration import calibration_chart
from charts.canvas import to_png
from charts.demand import fan_chart
from charts.lead_time import lead_time_histogram
from distributions.levels import BACKTEST_LEVELS, LEAD_TIME_LEVELS
from training.evaluation.backtest_frames import QUANTILES
from training.fit_and_evaluate import TrainedModels

EXTREMES = 2
"""Series drawn as the best and as the worst."""

SUPPLIERS = 6
"""Suppliers drawn, those with the most orders."""

HISTORY = 60
"""Periods of history drawn before a fan."""


def draw_figures(trained: TrainedModels, folder: Path) -> list[Path]:
    """Draw calibration, fans of the best and worst series, and lead-time fits as PNG files in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    drawn = {**_calibration(trained), **_fans(trained), **_lead_times(trained)}
    paths = []
    for name, picture in drawn.items():
        path = folder / f"{name}.png"
        path.write_bytes(picture)
        paths.append(path)
    return paths


def _calibration(trained: TrainedModels) -> dict[str, bytes]:
    """Calibration charts of period and of cumulative demand by class, name → PNG."""
    drawn = {}
    classes = trained.demand_evaluation.classes
    overall = classes[classes["k"] == 0]
    for name, rows in (("periods", overall[~overall["sums"]]), ("sums", overall[overall["sums"]])):
        if len(rows):
            observed = {
                row["demand_class"] or "all": [row[q] for q in QUANTILES] for row in rows.to_dict("records")
            }
            title = f"Calibration of {name}, out of sample"
            drawn[f"calibration_{name}"] = to_png(calibration_chart(BACKTEST_LEVELS, observed, title=title))
    return drawn


def _fans(trained: TrainedModels) -> dict[str, bytes]:
    """Fan charts of the series with the smallest and the largest scaled pinball loss, name → PNG."""
    ranked = trained.demand_evaluation.series.dropna(subset="scaled_pinball").sort_values("scaled_pinball")
    best, worst = ranked.head(EXTREMES), ranked.iloc[EXTREMES:].tail(EXTREMES)[::-1]
    drawn = {}
    for kind, rows in (("best", best), ("worst", worst)):
        for rank, row in enumerate(rows.itertuples(), 1):
            title = f"{row.unique_id}: {row.demand_class}, scaled pinball loss {row.scaled_pinball:.2f}"
            drawn[f"fan_{kind}_{rank}"] = to_png(_fan(trained, row.unique_id, title))
    return drawn


def _fan(trained: TrainedModels, unique_id: str, title: str) -> Figure:
    """Fan chart of one series: its backtest forecast at the latest fully known cutoff, beside the demand that came."""
    period = trained.demand_evaluation.frames.period
    rows = period[period["unique_id"] == unique_id]
    full = rows[
        rows.groupby("cutoff")["y"].transform("count") == rows.groupby("cutoff")["y"].transform("size")
    ]
    shown = full if len(full) else rows
    future = shown[shown["cutoff"] == shown["cutoff"].max()]
    panel = trained.panel
    at = int(np.flatnonzero(panel.unique_ids == unique_id)[0])
    past = pd.DataFrame({"ds": panel.ds, "y": panel.y[at], "in_stock": panel.in_stock[at]})
    past = past[past["ds"] <= future["cutoff"].iloc[0]].tail(HISTORY)
    return fan_chart(past, future, title=title, actual=future[["ds", "y"]])


def _lead_times(trained: TrainedModels) -> dict[str, bytes]:
    """Histograms of received lead times with the fitted distribution, for the busiest suppliers, name → PNG."""
    closed = trained.orders[~trained.orders["is_open"]]
    drawn = {}
    for rank, supplier_id in enumerate(closed["supplier_id"].value_counts().head(SUPPLIERS).index, 1):
        rows = closed[closed["supplier_id"] == supplier_id]
        promised = rows["contract_days"].dropna()
        quantiles = trained.lead_time.predict(rows.tail(1).assign(promised_at=pd.NaT)).quantile(
            LEAD_TIME_LEVELS[None, :]
        )[0]
        figure = lead_time_histogram(
            rows["lead_time"],
            title=f"{supplier_id}: {len(rows)} orders received",
            promise=float(promised.median()) if len(promised) else None,
            levels=LEAD_TIME_LEVELS,
            quantiles=quantiles,
        )
        drawn[f"lead_time_{rank}"] = to_png(figure)
    return drawn
