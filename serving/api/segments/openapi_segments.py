"""The OpenAPI description of `/v1/segments/{view}`."""

from typing import Any

from procurement.segments.segment_policy import DEVIATIONS
from procurement.segments.sku_segments import SKU_SEGMENTS
from procurement.segments.supplier_segments import SUPPLIER_SEGMENTS
from serving.api.description.parameters import paging
from serving.api.description.shapes import MAYBE_TEXT, MODEL, NEXT, TEXT, json_answer, list_of, object_of

_NUMBER: dict[str, Any] = {"type": ["number", "null"]}


def _row(columns: dict[str, str]) -> dict[str, Any]:
    """Schema of a row with these columns."""
    fields = {name: _NUMBER if dtype == "float64" else MAYBE_TEXT for name, dtype in columns.items()}
    return object_of({"number": {"type": "integer"}, **fields})


_ROWS = {"anyOf": [_row(columns) for columns in (SKU_SEGMENTS, SUPPLIER_SEGMENTS, DEVIATIONS)]}

SEGMENT_PATHS: dict[str, Any] = {
    "/v1/segments/{view}": {
        "get": {
            "tags": ["resources"],
            "summary": "Segments of SKUs and suppliers, and purchases that deviate from their policy",
            "parameters": [
                {
                    "name": "view",
                    "in": "path",
                    "required": True,
                    "schema": {**TEXT, "enum": ["skus", "suppliers", "deviations"]},
                },
                *paging(),
            ],
            "responses": {
                "200": json_answer(
                    object_of(
                        {
                            "model": MODEL,
                            "as_of": {**TEXT, "format": "date"},
                            "plan": {"type": "integer"},
                            "currency": TEXT,
                            "total": {"type": "integer"},
                            "rows": list_of(_ROWS),
                            "next": NEXT,
                        }
                    )
                )
            },
        }
    }
}
