"""The OpenAPI description of `/v1/buy` and `/v1/restock`."""

from collections.abc import Mapping
from typing import Any

from procurement.requests.buying_options import OPTIONS
from procurement.restocking.site_visits import RESTOCK, VISITS
from serving.api.description.parameters import paging, query
from serving.api.description.shapes import MAYBE_TEXT, MODEL, NEXT, TEXT, json_answer, list_of, object_of

_NUMBER: dict[str, Any] = {"type": ["number", "null"]}
_DAY: dict[str, Any] = {"type": ["string", "null"], "format": "date"}
_KINDS: dict[str, dict[str, Any]] = {
    "object": MAYBE_TEXT,
    "float64": _NUMBER,
    "bool": {"type": "boolean"},
    "datetime64[ns]": _DAY,
}
_HEAD: dict[str, Any] = {"model": MODEL, "as_of": {**TEXT, "format": "date"}, "currency": TEXT}


def _row(columns: Mapping[str, str]) -> dict[str, Any]:
    """Schema of a row with these columns."""
    return object_of({name: _KINDS[dtype] for name, dtype in columns.items()})


def _get(summary: str, parameters: list[dict[str, Any]], answer: dict[str, Any]) -> dict[str, Any]:
    responses = {"200": json_answer(object_of(_HEAD | answer))}
    return {
        "get": {"tags": ["resources"], "summary": summary, "parameters": parameters, "responses": responses}
    }


BUY_PATHS: dict[str, Any] = {
    "/v1/buy": _get(
        "What a request can be bought as: contract, price, lead time, chance to be in time, approval",
        [
            {**query("unique_id", {**TEXT, "minLength": 1}), "required": True},
            {**query("quantity", {"type": "number", "exclusiveMinimum": 0}, "units"), "required": True},
            query(
                "needed_by", {**TEXT, "format": "date"}, "day on which it has to be there, from the plan's on"
            ),
        ],
        {
            "unique_id": TEXT,
            "quantity": {"type": "number"},
            "needed_by": _DAY,
            "on_hand": _NUMBER,
            "options": list_of(_row(OPTIONS)),
            "elsewhere": list_of(object_of({"site": TEXT, "units": {"type": "number"}, "counted_at": _DAY})),
        },
    ),
    "/v1/restock": _get(
        "Visits of the company's sites, and what to bring to each bin",
        paging(),
        {
            "visits": list_of(_row(VISITS)),
            "total": {"type": "integer"},
            "bins": list_of(object_of({"number": {"type": "integer"}, **_row(RESTOCK)["properties"]})),
            "next": NEXT,
        },
    ),
}
