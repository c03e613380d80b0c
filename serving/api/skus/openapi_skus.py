"""The OpenAPI description of `/v1/skus`."""

from typing import Any

from serving.api.description.parameters import paging, query
from serving.api.description.shapes import MAYBE_TEXT, MODEL, NEXT, TEXT, json_answer, list_of, object_of
from serving.state.sku_table import SKU_COLUMNS

_NUMBER = {"type": ["number", "null"]}
_TEXTS = ("description", "category", "supplier_id", "target", "purchase_unit")
_SKU = {"title": "Sku"} | object_of(
    {
        name: TEXT
        if name == "unique_id"
        else {**MAYBE_TEXT, "format": "date"}
        if name == "order_by"
        else MAYBE_TEXT
        if name in _TEXTS
        else _NUMBER
        for name in SKU_COLUMNS
    }
)

SKU_PATHS: dict[str, Any] = {
    "/v1/skus": {
        "get": {
            "tags": ["resources"],
            "summary": "Planned SKUs with stock, levels and today's order",
            "parameters": [query("supplier_id", TEXT), query("category", TEXT), *paging()],
            "responses": {
                "200": json_answer(
                    object_of(
                        {
                            "model": MODEL,
                            "as_of": {**TEXT, "format": "date"},
                            "plan": {"type": "integer"},
                            "currency": TEXT,
                            "total": {"type": "integer"},
                            "skus": list_of(_SKU),
                            "next": NEXT,
                        }
                    )
                )
            },
        }
    }
}
