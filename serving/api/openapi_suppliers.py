"""The OpenAPI schemas of `/v1/suppliers`: scorecards, changes, SKUs at risk, internal delay."""

from typing import Any

from serving.api.description.shapes import NEXT
from suppliers.report import FILE_COLUMNS
from suppliers.risk import CONSUMPTION, PERFORMANCE, SOURCING

_TEXT = {"type": "string"}
_DAY = {"type": ["string", "null"], "format": "date"}
_TEXTS = ("supplier_id", "name", "region")
_DAYS = ("since", "flagged_at", "last_ordered_at")
_DESCRIPTIONS = {
    "rank": "by score; 1 is the best",
    "score": "perfect order rate, 0 … 100: punctual × complete × without defects, each at its bad end",
    "orders": "order lines", "order_count": "orders",
    "late_open_orders": "open lines past their first promise",
    "cancelled_lines": "lines that ended with nothing received",
    "promised": "lines whose first promise is due", "on_time_rate": "of them, received by it",
    "contracted": "lines whose contract lead time has passed", "contract_rate": "of them, received within it",
    "lead_time_mean": "days", "lead_time_sd": "days", "lead_time_p50": "days", "lead_time_p90": "days",
    "lead_time_trend": "growth a year, a share", "price_trend": "growth a year, a share, the mix held",
    "since": "first order after the last change of lead times", "flagged_at": "day it was known",
    "shift": "median lead time since, as a ratio of before",
    "spread": "spread of lead times since, median distance from the median of their logarithms, as a ratio of before",
    "promised_days": "median, days",
    "promise_error": "mean days from the first promise to the receipt; below 0 promises are padded",
    "promise_error_sd": "standard deviation, days", "promise_error_trend": "days a year",
    "fill_rate": "received / ordered of closed lines", "defect_rate": "rejected / received",
    "expedites": "lines", "expedite_response": "share of its time that an expedited line saves",
    "deliveries_a_month": "days with a receipt", "priced": "lines with a contract price in force",
    "price_compliance": "of them, at that price or below", "spend": "money ordered",
    "average_order_value": "money an order", "average_order_quantity": "units an order",
    "skus": "SKUs the plan buys here", "single_source_skus": "of them, without another source",
    "consumption": "money a year of these SKUs",
}  # fmt: skip
_SUFFIX_DESCRIPTIONS = {"_shrunk": "shrunk to the mean of all", "_low": "5 % point", "_high": "95 % point"}
_ENUMS = {
    "state": ("stable", "eroding", "improving", "erratic", ""),
    "performance": PERFORMANCE,
    "sourcing": (*SOURCING[:2], ""),
}


def _property(name: str) -> dict[str, Any]:
    """OpenAPI schema of a scorecard column."""
    if name in _ENUMS:
        return {"enum": list(_ENUMS[name])}
    if name in _TEXTS:
        return _TEXT
    if name in _DAYS:
        return _DAY | ({"description": _DESCRIPTIONS[name]} if name in _DESCRIPTIONS else {})
    description = _DESCRIPTIONS.get(name) or next(
        (text for suffix, text in _SUFFIX_DESCRIPTIONS.items() if name.endswith(suffix)), None
    )
    return {"type": ["number", "null"]} | ({"description": description} if description else {})


_SCORECARD = {name: _property(name) for name in FILE_COLUMNS}
_HEADER = {
    "model": {"type": "object", "properties": {"bundle": _TEXT, "version": _TEXT}},
    "as_of": {**_TEXT, "format": "date"},
    "currency": _TEXT,
    "not_measured": {
        "type": "object",
        "additionalProperties": _TEXT,
        "description": "measure → why it is known of no supplier",
    },
}
_SKU = {
    "unique_id": _TEXT, "description": _TEXT, "region": _TEXT,
    "performance": {"enum": list(PERFORMANCE)}, "state": {"enum": list(_ENUMS["state"])},
    "score": {"type": ["number", "null"]}, "consumption_class": {"enum": list(CONSUMPTION)},
    "consumption": {"type": "number", "description": "money a year"}, "sources": {"type": "integer"},
    "sourcing": {"enum": list(SOURCING)},
    "alternatives": {**_TEXT, "description": "other suppliers, comma-separated, the best score first"},
}  # fmt: skip
_CHANGE = {"state": {"enum": list(_ENUMS["state"][1:4])}, "since": _DAY, "flagged_at": _DAY}
_INTERNAL_DELAY = {
    "stage": {"enum": ["before_sending", "after_receipt"]},
    "lines": {"type": "integer"},
    **{name: {"type": ["number", "null"]} for name in ("days_mean", "days_p90", "unit_days", "cost")},
}


def _list(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": {"type": "object", "properties": properties}}


SUPPLIERS: dict[str, Any] = {
    "type": "object",
    "properties": {**_HEADER, "total": {"type": "integer"}, "suppliers": _list(_SCORECARD), "next": NEXT},
}
SUPPLIER: dict[str, Any] = {
    "type": "object",
    "properties": {
        **_HEADER,
        **_SCORECARD,
        "changes": _list(_CHANGE),
        "bought": {**_list(_SKU), "description": "SKUs the plan buys here"},
        "internal_delay": _list(_INTERNAL_DELAY),
    },
}
