"""Demand of groups of SKUs, as the planning run left it."""

from typing import Any

import numpy as np

from distributions.levels import BACKTEST_LEVELS
from serving.api.forecast import header
from serving.api.schemas import LEVELS
from serving.http.problems import Problem
from serving.state.served import Served

NO_GROUPS = "this model was trained before groups were forecast; run `purvey train` again, then `purvey plan`"


def groups_answer(served: Served, level: str | None, group: str | None) -> dict[str, Any]:
    """Answer `/v1/forecast_groups`: all groups of a level, or one of them.

    Raises
    ------
    Problem
        422 without a level, 404 when level or group is unknown or the model has no forecast of groups.
    """
    if served.groups is None:
        raise Problem(404, "no_groups", NO_GROUPS)
    known = served.groups.levels
    if level not in known:
        names = ", ".join(known)
        if level is None:
            raise Problem(422, "invalid_request", f"level: missing, one of {names} is needed", levels=known)
        raise Problem(404, "unknown_level", f"no level {level!r}; there are {names}", levels=known)
    rows = np.flatnonzero(served.groups.level == level)
    if group is not None:
        rows = rows[served.groups.group[rows] == group]
        if not len(rows):
            path = f"/v1/forecast_groups?level={level}"
            raise Problem(404, "unknown_group", f"no group {group!r} in {level}; {path} has them all")
    found = served.groups.select(rows)
    at = np.searchsorted(BACKTEST_LEVELS, LEVELS)
    columns: dict[str, Any] = {
        "group": found.group,
        "skus": found.skus.tolist(),
        "mean": found.mean,
        "quantiles": found.quantiles[..., at],
        "cumulative_mean": found.cumulative_mean,
        "cumulative_quantiles": found.cumulative[..., at],
    }
    return header(served, []) | {
        "level": level,
        "ds": [str(day)[:10] for day in found.starts[:-1]],
        "levels": list(LEVELS),
        "groups": [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)],
    }
