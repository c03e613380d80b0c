"""The answer of `/v1/forecast_groups`: demand forecasts of groups of SKUs."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from distributions.levels import BACKTEST_LEVELS
from models.demand.groups.group_forecast import GroupForecast
from serving.api.answer_format import answer_header, answer_rows
from serving.api.request_schemas import LEVELS
from serving.http.problems import Problem
from serving.state.served import Served

NO_GROUPS = "this model was trained before groups were forecast; run `purvey train` again, then `purvey plan`"


def groups_answer(served: Served, level: str | None, group: str | None) -> dict[str, Any]:
    """Answer `/v1/forecast_groups`: demand of all groups of a level, or of one of them, mean and quantiles.

    Raises
    ------
    Problem
        422 without a level or with an unknown level or group, 404 when the model has no forecast of groups.
    """
    if served.groups is None:
        raise Problem(404, "no_groups", NO_GROUPS)
    found = served.groups.select(_group_rows(served.groups, level, group))
    at = np.searchsorted(BACKTEST_LEVELS, LEVELS)
    columns: dict[str, Any] = {
        "group": found.group,
        "skus": found.skus.tolist(),
        "mean": found.mean,
        "quantiles": found.quantiles[..., at],
        "cumulative_mean": found.cumulative_mean,
        "cumulative_quantiles": found.cumulative[..., at],
    }
    return answer_header(served, []) | {
        "level": level,
        "ds": [str(day)[:10] for day in found.starts[:-1]],
        "levels": list(LEVELS),
        "groups": answer_rows(columns),
    }


def _group_rows(groups: GroupForecast, level: str | None, group: str | None) -> NDArray[np.int64]:
    """Rows of the group forecast that are of a level, or of one group of it."""
    known = groups.levels
    if level not in known:
        names = ", ".join(known)
        if level is None:
            raise Problem(422, "invalid_request", f"level: missing, one of {names} is needed", levels=known)
        raise Problem(422, "unknown_level", f"level: no level {level!r}; there are {names}", levels=known)
    rows = np.flatnonzero(groups.level == level)
    if group is not None:
        rows = rows[groups.group[rows] == group]
        if not len(rows):
            path = f"/v1/forecast_groups?level={level}"
            raise Problem(422, "unknown_group", f"group: no group {group!r} in {level}; {path} has them all")
    return rows
