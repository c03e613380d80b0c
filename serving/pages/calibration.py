"""Calibration of the champion's backtest on the model page: how often outcomes fell below each quantile."""

from typing import Any

import pandas as pd
from starlette.requests import Request
from starlette.responses import Response

from charts.calibration import calibration_chart
from distributions.levels import BACKTEST_LEVELS
from serving.pages.chart_images import svg_response
from serving.state.follower import follower_of

LEVELS_SHOWN = (0.05, 0.10, 0.25, 0.50, 0.75, 0.90, 0.95)
"""Quantile levels with a column in the table; the chart shows all."""

MAX_STEPS = 12
"""Most steps ahead with a row in the table, evenly spread over the horizon."""

_SUMS = {"periods": False, "sums": True}


def calibration_image(request: Request) -> Response:
    """Draw the calibration chart of periods or of running sums, overall and by demand class."""
    name, scores = request.path_params["chart"], follower_of(request).current().bundle.scores
    if name not in _SUMS or scores is None:
        return svg_response(None)
    rows = scores_by_class(scores, sums=_SUMS[name])
    columns = [_quantile_column(level) for level in BACKTEST_LEVELS]
    observed = {row["demand_class"] or "all": [row[c] for c in columns] for row in rows}
    titles = {"periods": "Demand of a period", "sums": "Demand of running sums"}
    return svg_response(calibration_chart(BACKTEST_LEVELS, observed, title=titles[name]) if rows else None)


def scores_by_class(scores: pd.DataFrame, *, sums: bool) -> list[dict[str, Any]]:
    """Calibration scores over all steps ahead: of all SKUs first ("" as demand_class), then by demand class."""
    return list(scores[(scores["sums"] == sums) & (scores["k"] == 0)].to_dict("records"))


def calibration_tables(scores: pd.DataFrame | None) -> dict[str, Any]:
    """Calibration tables of the page: share below each shown level by class, and scores by step ahead."""
    if scores is None or not len(scores):
        return {}
    ahead = sorted(scores.loc[scores["k"] > 0, "k"].unique())
    steps = ahead[:: -(-len(ahead) // MAX_STEPS)]
    overall = scores[(scores["demand_class"] == "") & scores["k"].isin(steps)]
    paired = overall[~overall["sums"]].merge(overall[overall["sums"]], on="k", suffixes=("", "_sums"))
    return {
        "levels": [(level, _quantile_column(level)) for level in LEVELS_SHOWN],
        "classes": {name: scores_by_class(scores, sums=sums) for name, sums in _SUMS.items()},
        "steps": paired.to_dict("records"),
    }


def _quantile_column(level: float) -> str:
    return f"q{level:.2f}"
