"""Calibration of the champion's backtest on the model page: how often outcomes fell below each quantile."""

from typing import Any

import pandas as pd

LEVELS_SHOWN = (0.05, 0.10, 0.25, 0.50, 0.75, 0.90, 0.95)
"""Quantile levels with a column in the table; the chart shows all."""

MAX_STEPS = 12
"""Most steps ahead with a row in the table, evenly spread over the horizon."""

SUMS = {"periods": False, "sums": True}


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
        "levels": [(level, quantile_column(level)) for level in LEVELS_SHOWN],
        "classes": {name: scores_by_class(scores, sums=sums) for name, sums in SUMS.items()},
        "steps": paired.to_dict("records"),
    }


def quantile_column(level: float) -> str:
    """Column of the page's calibration tables with the share of outcomes below a quantile."""
    return f"q{level:.2f}"
