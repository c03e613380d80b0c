"""How far the champion's chances can be believed: the calibration of its backtest as charts and tables."""

from typing import Any

import pandas as pd
from starlette.requests import Request
from starlette.responses import Response

from charts.quality import calibration_chart
from distributions.levels import BACKTEST_LEVELS
from serving.pages.drawings import picture
from serving.pages.frame import follower_of

SHOWN = (0.05, 0.10, 0.25, 0.50, 0.75, 0.90, 0.95)
"""Levels with a column in the table; the chart shows all."""

STEPS = 12
"""Steps ahead with a row in the table, evenly spread over the horizon."""

_SUMS = {"periods": False, "sums": True}


def draw(request: Request) -> Response:
    """Draw the calibration of periods or of running sums, overall and by demand class."""
    name, scores = request.path_params["chart"], follower_of(request).current().bundle.scores
    if name not in _SUMS or scores is None:
        return picture(None)
    rows = of_classes(scores, sums=_SUMS[name])
    columns = [_column(level) for level in BACKTEST_LEVELS]
    observed = {row["demand_class"] or "all": [row[c] for c in columns] for row in rows}
    titles = {"periods": "Demand of a period", "sums": "Demand of running sums"}
    return picture(calibration_chart(BACKTEST_LEVELS, observed, title=titles[name]) if rows else None)


def of_classes(scores: pd.DataFrame, *, sums: bool) -> list[dict[str, Any]]:
    """Figures over all steps: of all SKUs first ("" as demand_class), then by class."""
    return list(scores[(scores["sums"] == sums) & (scores["k"] == 0)].to_dict("records"))


def tables(scores: pd.DataFrame | None) -> dict[str, Any]:
    """What the page lays out: shares below each shown level by class, and figures by step, of periods and of sums."""
    if scores is None or not len(scores):
        return {}
    ahead = sorted(scores.loc[scores["k"] > 0, "k"].unique())
    steps = ahead[:: -(-len(ahead) // STEPS)]
    overall = scores[(scores["demand_class"] == "") & scores["k"].isin(steps)]
    paired = overall[~overall["sums"]].merge(overall[overall["sums"]], on="k", suffixes=("", "_sums"))
    return {
        "levels": [(level, _column(level)) for level in SHOWN],
        "classes": {name: of_classes(scores, sums=sums) for name, sums in _SUMS.items()},
        "steps": paired.to_dict("records"),
    }


def _column(level: float) -> str:
    return f"q{level:.2f}"
