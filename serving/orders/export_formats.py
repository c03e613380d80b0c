"""Export formats: which tables and columns each system's import takes for a purchase order, as data.

A column is filled from a field of the order or line (`FIELDS`), or holds a text that is always the same (`Always`).
Names are spelled as the systems spell them.
"""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["csv", "xlsx", "json"]
KINDS: tuple[Kind, ...] = ("csv", "xlsx", "json")

FIELDS = (
    "order_id", "supplier_id", "supplier_name", "order_on", "due_first", "currency", "note", "goods_total",
    "line", "line_id", "unique_id", "description", "quantity", "unit_price", "goods", "due", "purchase_unit",
    "purchase_quantity", "purchase_price", "units_each",
)  # fmt: skip
"""What a column of an export format may hold: fields of the order, then of its lines."""


@dataclass(frozen=True)
class Always:
    """A text that stands in every row."""

    text: str


@dataclass(frozen=True)
class ExportTable:
    """A table of a format: a row for each line, or one for the order, and column → field."""

    rows: Literal["order", "line"]
    columns: dict[str, str | Always]


SYSTEMS: dict[str, dict[str, ExportTable]] = {
    "purvey": {
        "order_lines": ExportTable(
            "line",
            {
                "order_id": "order_id",
                "supplier_id": "supplier_id",
                "supplier_name": "supplier_name",
                "order_on": "order_on",
                "line": "line",
                "unique_id": "unique_id",
                "description": "description",
                "quantity": "quantity",
                "purchase_quantity": "purchase_quantity",
                "purchase_unit": "purchase_unit",
                "unit_price": "unit_price",
                "goods": "goods",
                "currency": "currency",
                "due": "due",
                "note": "note",
            },
        )
    },
    "odoo": {
        "purchase.order": ExportTable(
            "order",
            {
                "id": "order_id",
                "name": "order_id",
                "partner_id": "supplier_id",
                "date_order": "order_on",
                "date_planned": "due_first",
                "currency_id": "currency",
                "state": Always("purchase"),
            },
        ),
        "purchase.order.line": ExportTable(
            "line",
            {
                "id": "line_id",
                "order_id": "order_id",
                "product_id": "unique_id",
                "product_qty": "purchase_quantity",
                "product_uom": "purchase_unit",
                "price_unit": "purchase_price",
                "date_planned": "due",
            },
        ),
    },
    "erpnext": {
        "Purchase Order": ExportTable(
            "order",
            {
                "name": "order_id",
                "supplier": "supplier_id",
                "transaction_date": "order_on",
                "schedule_date": "due_first",
                "currency": "currency",
            },
        ),
        "Purchase Order Item": ExportTable(
            "line",
            {
                "parent": "order_id",
                "idx": "line",
                "item_code": "unique_id",
                "qty": "purchase_quantity",
                "uom": "purchase_unit",
                "conversion_factor": "units_each",
                "rate": "purchase_price",
                "schedule_date": "due",
            },
        ),
    },
    "frepple": {
        "purchaseorder": ExportTable(
            "line",
            {
                "reference": "line_id",
                "item": "unique_id",
                "location": Always(""),
                "supplier": "supplier_id",
                "quantity": "quantity",
                "startdate": "order_on",
                "enddate": "due",
                "status": Always("approved"),
            },
        )
    },
    "aws": {
        "inbound_order": ExportTable(
            "order",
            {
                "id": "order_id",
                "tpartner_id": "supplier_id",
                "order_date": "order_on",
                "submitted_date": "order_on",
            },
        ),
        "inbound_order_line": ExportTable(
            "line",
            {
                "id": "line_id",
                "order_id": "order_id",
                "product_id": "unique_id",
                "tpartner_id": "supplier_id",
                "submitted_date": "order_on",
                "expected_delivery_date": "due",
                "quantity_submitted": "quantity",
            },
        ),
    },
}
"""System → its tables by name. Another system is another entry here."""

FORMS = tuple((system, kind) for system in SYSTEMS for kind in KINDS)
"""All formats of an export file."""
