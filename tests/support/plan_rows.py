"""Rows of the tables that plans of one SKU are tested with: an offer, an open order line."""

from typing import Any


def offer_row(**terms: Any) -> dict[str, Any]:
    """An offer of supplier `far` for the first SKU at 9.0 a unit, with what `terms` say instead."""
    return {"supplier_id": "far", "unique_id": "sku00000", "unit_price": 9.0} | terms


def order_line(**terms: Any) -> dict[str, Any]:
    """A line of 100 units of the first SKU, ordered from `far` five days ago, with what `terms` say instead."""
    line = {"order_id": "PO1", "line": "1", "supplier_id": "far", "unique_id": "sku00000", "age": 5.0}
    return line | {"quantity_open": 100.0} | terms
