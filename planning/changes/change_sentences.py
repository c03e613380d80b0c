"""What changed since an earlier plan in sentences: `reorder point 41 → 52: demand level +8, lead-time spread +3`."""

from collections.abc import Mapping
from typing import Any

from configs.formats import quantity, with_plus
from planning.changes import causes
from planning.changes.plan_changes import NUMBERS, sku_parts

WORDS = {cause: cause.replace("_", " ") for cause in causes.CAUSES} | {
    causes.LEAD_TIME_MEAN: "lead time",
    causes.LEAD_TIME_SPREAD: "lead-time spread",
    causes.TERMS: "cost and terms",
    causes.SUPPLIER_ORDER: "supplier's order",
    causes.ASSORTMENT: "new or gone",
    causes.NOT_SPLIT: "not split",
}
"""Cause → its name for people."""

_SMALL = 0.05
"""Share of the largest part below which a part is not worth a word."""


def change_sentence(row: Mapping[str, Any]) -> str:
    """What changed of a SKU, from its row in the table of changes; empty where neither number moved."""
    said = (_number_sentence(row, number) for number in NUMBERS if row[number] != row[f"{number}_before"])
    return "; ".join(said)


def _number_sentence(row: Mapping[str, Any], number: str) -> str:
    """The change of one number with its parts, the largest first, in units."""
    parts = sorted(sku_parts(row, number).items(), key=lambda part: -abs(part[1]))
    least = _SMALL * abs(parts[0][1]) if parts else 0.0
    listed = ", ".join(
        f"{WORDS[cause]} {with_plus(quantity(part))}" for cause, part in parts if abs(part) >= least
    )
    name = number.replace("_", " ")
    return f"{name} {quantity(row[f'{number}_before'])} → {quantity(row[number])}: {listed}"
