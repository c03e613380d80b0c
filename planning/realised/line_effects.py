"""Evidence about an open order line that was to change: cancelled, reduced, put off, expedited, or neither."""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from configs.formats import quantity
from planning.realised.opening import is_line
from planning.realised.promise import Promise
from planning.realised.what_came import WhatCame

LINE_KINDS = ("cancel", "close_short", "reduce", "push_back", "split", "expedite", "expedite_question")
"""Kinds of actions about an open order line."""

_ENDED = ("cancel", "close_short")
_DAY = pd.Timedelta(days=1)
_UNITS, _SHARE = 0.5, 0.1
"""What may come beyond what was agreed, in units and as a share of what was to be saved."""


@dataclass(frozen=True)
class Effect:
    """Evidence about a SKU: on which day, in words, and whether the action took effect (else it did not)."""

    unique_id: str
    on: pd.Timestamp
    says: str
    took: bool = True


def line_effect(promise: Promise, sku: dict[str, Any], came: WhatCame) -> Effect | None:
    """What became of the open line that was to be changed; none while nothing shows."""
    line = sku.get("line")
    if line is None:
        return None
    rows = came.orders(sku["unique_id"])
    rows = rows[is_line(rows, (line["order_id"], line["line"]))]
    if rows.empty:
        says = f"{line['order_id']}/{line['line']} is gone from the orders"
        return Effect(sku["unique_id"], came.as_of, says, took=promise.kind in _ENDED)
    if promise.kind in (*_ENDED, "reduce"):
        return _fewer(promise, sku, rows.iloc[0], came)
    if promise.kind == "split":
        smaller = _fewer(promise, sku, rows.iloc[0], came)
        if smaller is not None and smaller.took:
            return smaller
    if promise.kind in ("push_back", "split"):
        return _put_off(promise, sku, rows.iloc[0], came)
    return _sooner(promise, sku, rows.iloc[0], came)


def _fewer(promise: Promise, sku: dict[str, Any], row: pd.Series, came: WhatCame) -> Effect | None:
    """A line of which fewer units come than were open, or that came in full."""
    units, call = float(sku["line"]["units"]), f"{row['order_id']}/{row['line']}"
    to = left_of(promise)
    comes = float(row["quantity_received"] or 0.0) + float(row["quantity_open"] or 0.0)
    ended = row["arrived_at"] if pd.notna(row["arrived_at"]) else came.as_of
    if comes <= to + _UNITS + _SHARE * (units - to):
        return Effect(sku["unique_id"], ended, f"{call}: {quantity(comes)} of {quantity(units)} units come")
    if not row["is_open"]:
        return Effect(sku["unique_id"], ended, f"{call} came in full: {quantity(comes)} units", took=False)
    return None


def left_of(promise: Promise) -> float:
    """Units that were agreed to come still, of a line that is cancelled or reduced."""
    proposed = 0.0 if promise.kind in _ENDED else float(promise.facts.get("reduced_to") or 0.0)
    return float(promise.agreed.get("reduced_to", proposed))


def _sooner(promise: Promise, sku: dict[str, Any], row: pd.Series, came: WhatCame) -> Effect | None:
    """A line that was expedited, or that came before it was due."""
    call = f"{row['order_id']}/{row['line']}"
    due = pd.Timestamp(promise.facts.get("due") or promise.decided_on)
    came_on = row["arrived_at"]
    if row["expedited"] and (pd.notna(came_on) or came.as_of > due):
        return Effect(sku["unique_id"], came_on if pd.notna(came_on) else came.as_of, f"{call} was expedited")
    if pd.isna(came_on):
        return None
    says = f"{call} came on {came_on:%Y-%m-%d}, due {due:%Y-%m-%d}"
    return Effect(sku["unique_id"], came_on, says, took=bool(came_on < due))


def _put_off(promise: Promise, sku: dict[str, Any], row: pd.Series, came: WhatCame) -> Effect | None:
    """A line that was pushed back: a later promise, or a receipt that much later than it was due."""
    name, call = sku["unique_id"], f"{row['order_id']}/{row['line']}"
    later = float(promise.agreed.get("delay_days", promise.facts.get("delay_days") or 0.0))
    due = pd.Timestamp(promise.facts.get("due") or promise.decided_on)
    again = came.promises[is_line(came.promises, (sku["line"]["order_id"], sku["line"]["line"]))]
    if len(again) and pd.notna(again["repromised_at"].iloc[0]):
        new = again["repromised_at"].iloc[0]
        old = row["promised_at"] if pd.notna(row["promised_at"]) else due
        if new - old >= later / 2 * _DAY:
            return Effect(
                name, pd.Timestamp(promise.decided_on), f"{call} is promised anew for {new:%Y-%m-%d}"
            )
    if pd.notna(row["arrived_at"]):
        took = row["arrived_at"] >= due + later / 2 * _DAY
        says = f"{call} came on {row['arrived_at']:%Y-%m-%d}, due {due:%Y-%m-%d} before"
        return Effect(name, row["arrived_at"], says, took)
    if came.as_of >= due + later / 2 * _DAY:
        return Effect(name, came.as_of, f"{call}, due {due:%Y-%m-%d} before, has not come yet")
    return None
