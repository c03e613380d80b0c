"""The pictures of a training run, drawn by `charts/`."""

from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from charts.canvas import to_png
from charts.demand import fan_chart
from charts.lead_time import lead_time_histogram
from charts.quality import calibration_chart
from distributions.levels import BACKTEST_LEVELS, LEAD_TIME_LEVELS
from training.evaluation.frames import QUANTILES
from training.learning import Learned

EXTREMES = 2
"""Series drawn as the best and as the worst."""

SUPPLIERS = 6
"""Suppliers drawn, those with the most orders."""

HISTORY = 60
"""Periods of history before a fan."""


def draw_figures(learned: Learned, folder: Path) -> list[Path]:
    """Draw calibration, fans of the best and worst series, and lead-time fits as PNG files in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    drawn = {**_calibration(learned), **_fans(learned), **_lead_times(learned)}
    paths = []
    for name, picture in drawn.items():
        path = folder / f"{name}.png"
        path.write_bytes(picture)
        paths.append(path)
    return paths


def _calibration(learned: Learned) -> dict[str, bytes]:
    drawn = {}
    overall = learned.scores[learned.scores["k"] == 0]
    for name, rows in (("periods", overall[~overall["sums"]]), ("sums", overall[overall["sums"]])):
        if len(rows):
            observed = {
                row["demand_class"] or "all": [row[q] for q in QUANTILES] for row in rows.to_dict("records")
            }
            title = f"Calibration of {name}, out of sample"
            drawn[f"calibration_{name}"] = to_png(calibration_chart(BACKTEST_LEVELS, observed, title=title))
    return drawn


def _fans(learned: Learned) -> dict[str, bytes]:
    """Forecasts of a past cutoff beside what came, for the series with the smallest and the largest scaled loss."""
    ranked = learned.series.dropna(subset="scaled_pinball").sort_values("scaled_pinball")
    best, worst = ranked.head(EXTREMES), ranked.iloc[EXTREMES:].tail(EXTREMES)[::-1]
    drawn = {}
    for kind, rows in (("best", best), ("worst", worst)):
        for rank, row in enumerate(rows.itertuples(), 1):
            title = f"{row.unique_id}: {row.demand_class}, scaled pinball loss {row.scaled_pinball:.2f}"
            drawn[f"fan_{kind}_{rank}"] = to_png(_fan(learned, row.unique_id, title))
    return drawn


def _fan(learned: Learned, unique_id: str, title: str) -> Figure:
    rows = learned.frames.period[learned.frames.period["unique_id"] == unique_id]
    full = rows[
        rows.groupby("cutoff")["y"].transform("count") == rows.groupby("cutoff")["y"].transform("size")
    ]
    shown = full if len(full) else rows
    future = shown[shown["cutoff"] == shown["cutoff"].max()]
    panel = learned.panel
    at = int(np.flatnonzero(panel.unique_ids == unique_id)[0])
    past = pd.DataFrame({"ds": panel.ds, "y": panel.y[at], "in_stock": panel.in_stock[at]})
    past = past[past["ds"] <= future["cutoff"].iloc[0]].tail(HISTORY)
    return fan_chart(past, future, title=title, actual=future[["ds", "y"]])


def _lead_times(learned: Learned) -> dict[str, bytes]:
    closed = learned.orders[~learned.orders["is_open"]]
    drawn = {}
    for rank, supplier_id in enumerate(closed["supplier_id"].value_counts().head(SUPPLIERS).index, 1):
        rows = closed[closed["supplier_id"] == supplier_id]
        promised = rows["contract_days"].dropna()
        quantiles = learned.lead_time.predict(rows.tail(1)).quantile(LEAD_TIME_LEVELS[None, :])[0]
        figure = lead_time_histogram(
            rows["lead_time"], title=f"{supplier_id}: {len(rows)} orders received",
            promise=float(promised.median()) if len(promised) else None, levels=LEAD_TIME_LEVELS, quantiles=quantiles,
        )  # fmt: skip
        drawn[f"lead_time_{rank}"] = to_png(figure)
    return drawn
