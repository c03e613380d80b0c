"""The ledger of actions as pages and answers show it: filtered, and added up by lever, supplier, person or month."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from database.action_ledger.bookings import ledger_frame
from planning.levers.lever_catalog import lever
from serving.http.problems import Problem
from serving.state.follower import Follower

STATES = ("agreed", "in_effect", "realised", "lapsed")
FILTERS = ("state", "kind", "supplier_id", "person", "month")
"""Columns of the ledger that it is filtered by; a supplier also as the one that was moved to."""

BY = {"lever": "kind", "supplier": "supplier_id", "person": "person", "month": "month"}
"""What the ledger is added up by → its column."""


def ledger_table(follower: Follower) -> pd.DataFrame:
    """The ledger of actions with `person` (whose it is, else who approved it), `month` of approval and `lever`."""
    frame = ledger_frame(follower.engine)
    return frame.assign(
        person=frame["assignee"].where(frame["assignee"].notna(), frame["who"]),
        month=frame["agreed_on"].dt.strftime("%Y-%m"),
        lever=[lever(kind).label for kind in frame["kind"]],
    )


def filtered_ledger(table: pd.DataFrame, where: Mapping[str, str]) -> pd.DataFrame:
    """The rows of the ledger that a query's `FILTERS` let through.

    Raises
    ------
    Problem
        422 when there is no such state.
    """
    state = where.get("state", "")
    if state and state not in STATES:
        raise Problem(422, "invalid_request", f"state: {state!r} is none of {', '.join(STATES)}")
    for name in FILTERS:
        value = where.get(name, "")
        if value and name == "supplier_id":
            table = table[(table[name] == value) | (table["alternative_supplier_id"] == value)]
        elif value:
            table = table[table[name] == value]
    return table


def ledger_totals(table: pd.DataFrame, by: str) -> pd.DataFrame:
    """Totals of the ledger by one of `BY`, what brought most first.

    Returns
    -------
    DataFrame
        `group`; `actions` and how many are in each state; `measured` of those that took effect, and of them `promised`
        and `realised_money` with `low` and `high` (money, of sums of independent ranges) and `share`, realised of
        promised; `lapsed_money`, what the lapsed ones had promised

    Raises
    ------
    Problem
        422 when it cannot be added up so.
    """
    if by not in BY:
        raise Problem(422, "invalid_request", f"by: {by!r} is none of {', '.join(BY)}")
    groups = [_total(str(name), some) for name, some in table.groupby(table[BY[by]].fillna("").astype(str))]
    columns = list(_total("", table.iloc[:0]))
    frame = pd.DataFrame(groups, columns=columns)
    return frame.sort_values(["realised_money", "group"], ascending=[False, True], ignore_index=True)


def ledger_total(table: pd.DataFrame) -> dict[str, object]:
    """The total of the whole ledger, as a row of `ledger_totals`."""
    return _total("", table)


def _total(group: str, some: pd.DataFrame) -> dict[str, object]:
    """One row of the totals."""
    lapsed = some["state"] == "lapsed"
    measured = some[some["realised"].notna() & ~lapsed]
    promised, money = float(measured["promised"].sum()), float(measured["realised"].sum())
    below, above = (
        float(np.sqrt((np.nan_to_num(measured["realised"] - measured[name]) ** 2).sum()))
        for name in ("low", "high")
    )
    return {
        "group": group,
        "actions": len(some),
        **{state: int((some["state"] == state).sum()) for state in STATES},
        "measured": len(measured),
        "promised": promised,
        "realised_money": money,
        "low": money - below,
        "high": money + above,
        "share": money / promised if promised > 0 else np.nan,
        "lapsed_money": float(some.loc[lapsed, "promised"].sum()),
    }
