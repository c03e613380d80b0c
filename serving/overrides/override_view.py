"""All overrides as they stand: entered ones and the table's, what the served plan says of each, and their value."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
from sqlalchemy import Engine

from database.overrides import ENTERED, Override, list_overrides
from planning.overrides.override_tables import (
    BEATEN,
    DONE,
    EXPIRED,
    NOWHERE,
    OVER,
    REFUSED,
    USED,
    WAITS,
)
from planning.overrides.sentences import what_it_sets
from planning.overrides.value_added import GROUPS, value_added
from serving.http.json_encoding import json_records
from serving.state.served import Served

NEW, ENDED = "new", "ended"
"""Status of an override that no plan has seen yet, and of one that somebody ended; others as the plan says."""

STATUSES = (NEW, USED, WAITS, REFUSED, BEATEN, EXPIRED, OVER, DONE, NOWHERE, ENDED)
"""Every status that an override may have."""

VALUE_COLUMNS = (
    "n",
    "mae",
    "model_mae",
    "bias",
    "model_bias",
    "scaled_error",
    "model_scaled_error",
    "value_added",
)

Row = dict[str, Any]


def override_rows(engine: Engine, served: Served, unique_id: str | None = None) -> list[Row]:
    """Every override as it stands, the newest first; with `unique_id` those of one SKU, its category's among them."""
    outcomes = _outcomes(served)
    entered = [override_row(override, outcomes) for override in list_overrides(engine)]
    tabled = [row for row in outcomes.values() if row["source"] == "table"]
    rows = entered + [
        {**row, "entered_at": None, "ended_at": None, "ended_by": None, "end_reason": None}
        for row in sorted(tabled, key=lambda row: str(row["created"]), reverse=True)
    ]
    if unique_id is None:
        return rows
    category = _category(served, unique_id)
    return [
        row
        for row in rows
        if row["unique_id"] == unique_id or (category is not None and row["category"] == category)
    ]


def override_row(override: Override, outcomes: Mapping[str, Row]) -> Row:
    """One entered override with its end, and with its outcome in the plan."""
    name = str(override.id)
    outcome = outcomes.get(name, {"status": NEW, "says": "", "skus": None})
    status = outcome["status"] if override.ended_by is None else ENDED
    values = {column: override.values[column] for column in ENTERED}
    return {
        "override_id": name,
        "source": "entered",
        **values,
        "what": what_it_sets(values),
        "entered_at": override.at,
        "skus": outcome["skus"],
        "status": status,
        "says": outcome["says"] if override.ended_by is None else "",
        "ended_at": override.ended_at,
        "ended_by": override.ended_by,
        "end_reason": override.end_reason,
    }


def plan_outcome(served: Served, override: Override) -> Row:
    """One entered override as the served plan has it."""
    return override_row(override, _outcomes(served))


def value_rows(served: Served, by: str) -> tuple[Row, list[Row]]:
    """Forecast value that overrides added: of all together, and by one of `GROUPS`."""
    kept = pd.DataFrame() if served.snapshot is None else served.snapshot.kept_forecasts
    if kept.empty or not kept["actual"].notna().any():
        return dict.fromkeys(VALUE_COLUMNS) | {"n": 0}, []
    groups = value_added(kept, GROUPS[by])
    if by != "period":
        groups = groups.sort_values("n", ascending=False, kind="stable")
    return json_records(value_added(kept))[0], json_records(groups)


def _outcomes(served: Served) -> dict[str, Row]:
    """Override → what the served plan has of it; none before the first plan."""
    if served.snapshot is None:
        return {}
    return {str(row["override_id"]): row for row in json_records(served.snapshot.overrides)}


def _category(served: Served, unique_id: str) -> str | None:
    """Category of a SKU, whose overrides hold for it too; none where it has none."""
    items = served.inputs.items
    found = items["category"][items["unique_id"] == unique_id].dropna()
    return str(found.iloc[-1]) if len(found) else None
