"""A change as the query of an address has it, and the same query again as a link to share."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import urlencode

import pandas as pd

from planning.what_if.change import Change
from serving.http.problems import Problem
from serving.what_if.change_fields import FIELDS, MOST_DAYS, read_field


def read_change(query: Mapping[str, str], supplier_id: str, as_of: pd.Timestamp) -> Change:
    """Return the change that a query asks about; a field that is empty changes nothing.

    Raises
    ------
    Problem
        422 with the first field that cannot be read, its text and what is expected.
    """
    found: dict[str, Any] = {}
    for field in FIELDS:
        text = query.get(field.name, "")
        if text.strip():
            found[field.name] = read_field(field, text)
    if found.get("demand") == 0:
        raise Problem(
            422,
            "invalid_request",
            "demand is 0, expected a factor above 0, such as 0.5",
        )
    if "closed_until" in found:
        found["closed_until"] = _closed_until(found["closed_until"], as_of)
    return Change(supplier_id, **found)


def _closed_until(until: date, as_of: pd.Timestamp) -> pd.Timestamp:
    """The day until which the changed supplier is closed, refused unless it is in the year after `as_of`."""
    day, latest = pd.Timestamp(until), as_of.normalize() + pd.Timedelta(days=MOST_DAYS)
    if not as_of.normalize() < day <= latest:
        raise Problem(
            422, "invalid_request",
            f"closed_until is {until}, expected a day after the plan's {as_of:%Y-%m-%d} and until {latest:%Y-%m-%d}",
        )  # fmt: skip
    return day


def entered(query: Mapping[str, str]) -> dict[str, str]:
    """Return what stands in each field of a change's form: the query's text, empty where it has none.

    A plus that the address has turned into a blank is a plus again.
    """
    return {field.name: _with_plus(query.get(field.name, "")) for field in FIELDS}


def _with_plus(text: str) -> str:
    """A field's text of a change without blanks around it, but for the one that was a plus."""
    bare = text.strip()
    return f"+{bare}" if text[:1] == " " and bare[:1].isdigit() else bare


def shared_query(query: Mapping[str, str]) -> str:
    """Return the query of a link to share a change: its fields that say something, and the supplier it is about."""
    said = {name: text for name, text in entered(query).items() if text}
    return urlencode(said | {"supplier_id": query["supplier_id"]} if query.get("supplier_id") else said)
