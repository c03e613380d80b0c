"""A new override from the fields of a form or a JSON body: held to the rules of the contract's table `overrides`."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd

from configs.schema import DataConfig
from database.access.secrets import NAME_LENGTH
from database.overrides import ENTERED, Values
from features.contract.tables import TABLES, DataError, RawTable
from features.quality.read_table import read_table
from features.quality.table_check import quarantined_rows
from serving.http.problems import Problem
from serving.state.served import Served

FIELDS = tuple(name for name in ENTERED if name != "created")
"""Fields that whoever enters an override may send; `created` is the business day."""

TEXT_LENGTH = 2_000
_ORIGIN = "override"


def read_override(fields: Mapping[str, Any], served: Served, *, author: str, today: date) -> Values:
    """Read a new override, held to the rules of the table `overrides`; empty fields count as not given.

    Raises
    ------
    Problem
        422 that names the field, its value and the fix.
    """
    texts = {name: _text(name, fields.get(name)) for name in FIELDS}
    texts |= {"author": _bounded("author", author.strip()), "created": today.isoformat()}
    if not texts["author"]:
        raise _invalid("author: your name is needed, so that others see whose override it is")
    raw = RawTable(pd.DataFrame({name: [texts[name] or None] for name in ENTERED}, dtype=object), _ORIGIN)
    try:
        check = read_table("overrides", raw, DataConfig())
    except DataError as error:
        raise _invalid(str(error)) from None
    bad = quarantined_rows(check)
    if len(bad):
        raise _invalid(str(bad["reason"].iloc[0]))
    values = {name: _plain(name, check.frame[name].iloc[0]) for name in ENTERED}
    _check_scope(values, served)
    return values


def check_fields(body: Mapping[str, Any], names: tuple[str, ...]) -> None:
    """Refuse an override's fields that are unknown: they would be dropped.

    Raises
    ------
    Problem
        422 that names the field.
    """
    for name in body:
        if name not in names:
            raise _invalid(f"{name}: no such field; there are {', '.join(names)}")


def _text(name: str, value: Any) -> str:
    """A field of the override as text, as a CSV file would have it."""
    if value is None or value is False:
        return ""
    if not isinstance(value, str | int | float):
        raise _invalid(f"{name}: {value!r:.60} is neither a text nor a number")
    return _bounded(name, str(value).strip())


def _bounded(name: str, text: str) -> str:
    """An override's text, refused where it is too long to be kept whole or holds NUL."""
    most = NAME_LENGTH if name == "author" else TEXT_LENGTH
    if len(text) > most:
        raise _invalid(f"{name}: has {len(text):,} characters, {most:,} is the most; shorten it")
    if "\x00" in text:  # PostgreSQL stores none
        raise _invalid(f"{name}: holds a NUL character; leave it out")
    return text


def _plain(name: str, value: Any) -> Any:
    """A parsed value of an override as the state database keeps it: None, text, number, flag or date."""
    if pd.isna(value):
        return None
    kind = TABLES["overrides"][name]
    if kind == "date":
        return value.date()
    return {"number": float, "flag": bool, "text": str}[kind](value)


def _check_scope(values: Values, served: Served) -> None:
    """Refuse an override of a SKU or category that the served plan does not know: it would change nothing."""
    unique_id, category, items = values["unique_id"], values["category"], served.inputs.items
    if unique_id is not None and unique_id not in served.row_of and unique_id not in set(items["unique_id"]):
        raise _invalid(
            f"unique_id is {unique_id}, which no forecast and no item has; /skus lists those there are"
        )
    if category is not None and category not in set(items["category"]):
        known = sorted(items["category"].dropna().unique())
        shown = ", ".join(map(str, known[:5])) + (", …" if len(known) > 5 else "")
        raise _invalid(f"category is {category}, which no item has; there are {shown or 'none'}")


def _invalid(detail: str) -> Problem:
    return Problem(422, "invalid_override", detail)
