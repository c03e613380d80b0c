"""Rows of exceptions as pages and API show them: filtered, the most pressing first, each with the rate of its rule."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import get_args

import pandas as pd
from sqlalchemy import Engine

from database.alerts.exception_list import (
    ExceptionRow,
    ExceptionState,
    exception_history,
    list_exceptions,
)
from database.schema import utc_now
from procurement.alerts.measured_rate import measured_rate
from procurement.alerts.rules import KINDS, SEVERITIES

STATES: tuple[str, ...] = get_args(ExceptionState)
KIND_LABELS = {name: kind.label for name, kind in KINDS.items()}

COLUMNS = (
    "id", "severity", "presses", "kind", "rule", "subject", "text", "money", "value", "owner", "state", "opened_on",
    "who", "reason", "closed_at", "closed_because", "link", "version", "a_week",
)  # fmt: skip
"""Of the table of exceptions; presses: the severity as a number, a_week: exceptions a week that its rule opens."""


@dataclass(frozen=True)
class ExceptionFilter:
    """Which exceptions are asked for; empty: all. Without a state those that stand."""

    state: str = ""
    kind: str = ""
    owner: str = ""
    severity: str = ""

    def has(self, row: ExceptionRow) -> bool:
        """Whether an exception is among those asked for."""
        state = self.state in ("", row.state) and (self.state in ("", "closed") or row.closed_at is None)
        return (
            state
            and self.kind in ("", row.kind)
            and self.owner in ("", row.owner)
            and self.severity in ("", row.severity)
        )


def exception_rows(engine: Engine, where: ExceptionFilter) -> list[ExceptionRow]:
    """Return the exceptions asked for, the newest first; closed ones are those that closed themselves, undismissed."""
    standing = where.state != "closed"
    return [row for row in list_exceptions(engine, standing=standing) if where.has(row)]


def exception_table(engine: Engine, where: ExceptionFilter) -> pd.DataFrame:
    """Return the exceptions asked for as `COLUMNS`, by severity and money."""
    a_week = rates(engine).set_index("rule")["a_week"]
    rows = [
        {**vars(row), "presses": SEVERITIES.index(row.severity) if row.severity in SEVERITIES else 0}
        for row in exception_rows(engine, where)
    ]
    table = pd.DataFrame(rows, columns=[name for name in COLUMNS if name != "a_week"], dtype=object)
    for name, dtype in (("money", "float64"), ("value", "float64"), ("presses", "int64")):
        table[name] = table[name].astype(dtype)
    table["opened_on"] = pd.to_datetime(table["opened_on"])
    table["closed_at"] = pd.to_datetime(table["closed_at"], utc=True).dt.tz_localize(None)
    table["a_week"] = table["rule"].map(a_week).astype(float)
    order = ["presses", "money", "id"]
    return table.sort_values(order, ascending=[False, False, True], kind="stable", ignore_index=True)[
        list(COLUMNS)
    ]


def rates(engine: Engine) -> pd.DataFrame:
    """Return how often each rule opened lately, as `procurement.alerts.measured_rate.measured_rate`."""
    return measured_rate(exception_history(engine), pd.Timestamp(utc_now()).tz_localize(None))


def owners(table: pd.DataFrame) -> list[str]:
    """Return whose the exceptions of a table are."""
    return sorted(set(table["owner"]))


def filter_of(query: Mapping[str, str]) -> ExceptionFilter:
    """Return the filter that a query asks for; what is not known is left out."""
    known: dict[str, tuple[str, ...]] = {
        "state": STATES, "kind": tuple(KINDS), "severity": SEVERITIES,
    }  # fmt: skip
    asked = {name: query.get(name, "") for name in known}
    usable = {name: value for name, value in asked.items() if value in known[name]}
    return ExceptionFilter(**usable, owner=query.get("owner", ""))
