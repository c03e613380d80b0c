"""The data contract: every table's columns, kinds and keys, which are required, and the clean tables."""

from dataclasses import dataclass, field, fields
from functools import partial
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from configs.errors import DomainError

Kind = Literal["text", "number", "date", "flag"]

_PROCUREMENT: dict[str, dict[str, Kind]] = {
    "contracts": {
        "contract_id": "text", "supplier_id": "text", "unique_id": "text", "category": "text", "valid_from": "date",
        "valid_to": "date", "price": "number", "lead_time_days": "number", "sla": "number", "volume": "number",
        "currency": "text",
    },
    "approvals": {
        "order_id": "text", "requested_by": "text", "department": "text", "approved_by": "text", "at": "date",
    },
    "invoices": {
        "invoice_id": "text", "order_id": "text", "line": "text", "amount": "number", "at": "date", "currency": "text",
    },
    "inventory_lots": {
        "lot_id": "text", "unique_id": "text", "received_at": "date", "expires_at": "date", "quantity": "number",
        "unit_cost": "number", "site": "text", "currency": "text",
    },
    "usage": {"unique_id": "text", "ds": "date", "quantity": "number", "department": "text", "site": "text"},
    "bins": {
        "site": "text", "bin": "text", "unique_id": "text", "counted_at": "date", "count": "number",
        "capacity": "number",
    },
}  # fmt: skip
PROCUREMENT_TABLES = tuple(_PROCUREMENT)
"""Tables about how goods are asked for, paid for and kept: no forecast and no order quantity rests on them."""

TABLES: dict[str, dict[str, Kind]] = {
    "demand": {"unique_id": "text", "ds": "date", "y": "number", "in_stock": "flag"},
    "items": {
        "unique_id": "text",
        "description": "text",
        "category": "text",
        "unit_cost": "number",
        "unit_price": "number",
        "holding_cost": "number",
        "holding_cost_rate": "number",
        "shortage_cost": "number",
        "cycle_service_level": "number",
        "fill_rate": "number",
        "shelf_life_days": "number",
        "department": "text",
        "replaces": "text",
        "replaces_share": "number",
        "replaces_from": "date",
        "last_buy": "flag",
        "weight": "number",
        "volume": "number",
        "units_per_pallet": "number",
        "currency": "text",
    },
    "suppliers": {
        "supplier_id": "text",
        "name": "text",
        "region": "text",
        "is_local": "flag",
        "is_diverse": "flag",
        "is_certified": "flag",
        "emission_factor": "number",
        "order_days": "text",
        "ordering_cost": "number",
        "minimum_order_value": "number",
        "minimum_order_quantity": "number",
        "freight_cost": "number",
        "free_freight_from": "number",
        "capacity_weight": "number",
        "capacity_volume": "number",
        "capacity_pallets": "number",
        "payment_days": "number",
        "currency": "text",
    },
    "offers": {
        "supplier_id": "text",
        "unique_id": "text",
        "unit_price": "number",
        "moq": "number",
        "order_multiple": "number",
        "max_quantity": "number",
        "ordering_cost": "number",
        "lead_time_days": "number",
        "price_breaks": "text",
        "expedite_cost": "number",
        "payment_days": "number",
        "valid_from": "date",
        "valid_to": "date",
        "preferred": "flag",
        "currency": "text",
        "purchase_unit": "text",
        "units_per_purchase_unit": "number",
    },
    "purchase_orders": {
        "order_id": "text",
        "line": "text",
        "supplier_id": "text",
        "unique_id": "text",
        "ordered_at": "date",
        "quantity_ordered": "number",
        "promised_at": "date",
        "repromised_at": "date",
        "received_at": "date",
        "quantity_received": "number",
        "quantity_rejected": "number",
        "unit_price": "number",
        "currency": "text",
        "expedited": "flag",
        "created_at": "date",
        "approved_at": "date",
        "sent_at": "date",
        "shipped_at": "date",
        "put_away_at": "date",
        "status": "text",
        "closed_at": "date",
        "reference": "text",
        "department": "text",
        "site": "text",
    },
    "receipts": {
        "order_id": "text",
        "line": "text",
        "received_at": "date",
        "quantity": "number",
        "shipped_at": "date",
        "put_away_at": "date",
    },
    "stock": {"unique_id": "text", "as_of": "date", "on_hand": "number", "backorders": "number"},
    "events": {
        "ds": "date",
        "name": "text",
        "unique_id": "text",
        "category": "text",
        "supplier_id": "text",
        "region": "text",
        "until": "date",
    },
    "budgets": {
        "period": "text",
        "amount": "number",
        "category": "text",
        "supplier_id": "text",
        "department": "text",
        "currency": "text",
    },
    "overrides": {
        "override_id": "text",
        "kind": "text",
        "unique_id": "text",
        "category": "text",
        "from": "date",
        "until": "date",
        "factor": "number",
        "units": "number",
        "last_year": "flag",
        "service_level": "number",
        "hold_until": "date",
        "quantity": "number",
        "reason": "text",
        "author": "text",
        "created": "date",
        "expires": "date",
    },
    "rates": {"currency": "text", "ds": "date", "rate": "number"},
    "calendar": {"ds": "date"},
    **_PROCUREMENT,
}
"""Column name → kind, per table. Extra columns may be static features (`items`) or covariates."""

REQUIRED: dict[str, tuple[str, ...]] = {
    "demand": ("unique_id", "ds", "y"),
    "items": ("unique_id",),
    "suppliers": ("supplier_id",),
    "offers": ("supplier_id", "unique_id"),
    "purchase_orders": ("order_id", "line", "supplier_id", "unique_id", "ordered_at", "quantity_ordered"),
    "receipts": ("order_id", "line", "received_at", "quantity"),
    "stock": ("unique_id", "as_of", "on_hand"),
    "events": ("ds", "name"),
    "budgets": ("period", "amount"),
    "overrides": ("kind", "reason", "author", "created", "expires"),
    "rates": ("currency", "ds", "rate"),
    "calendar": ("ds",),
    "contracts": ("supplier_id",),
    "approvals": ("order_id",),
    "invoices": ("order_id", "amount", "at"),
    "inventory_lots": ("unique_id", "received_at", "quantity"),
    "usage": ("unique_id", "ds", "quantity"),
    "bins": ("site", "unique_id", "count"),
}

KEYS: dict[str, tuple[str, ...]] = {
    "demand": ("unique_id", "ds"),
    "items": ("unique_id",),
    "suppliers": ("supplier_id",),
    "offers": ("supplier_id", "unique_id", "valid_from"),
    "purchase_orders": ("order_id", "line"),
    "stock": ("unique_id", "as_of"),
    "rates": ("currency", "ds"),
    "calendar": ("ds",),
    "contracts": ("contract_id", "supplier_id", "unique_id", "category", "valid_from"),
    "approvals": ("order_id", "approved_by", "at"),
    "inventory_lots": ("lot_id", "unique_id", "received_at", "expires_at", "unit_cost", "site"),
    "bins": ("site", "bin", "unique_id", "counted_at"),
}
"""A second row with the same key is quarantined. Invoices have none: one entered twice is a finding, not a bad row."""

COVARIATE = "covariate:"
"""Begins the name under which `purchase_orders` and the order history keep a covariate: no column of ours begins so,
whatever a covariate is called."""

_DTYPES: dict[Kind, str] = {
    "text": "object", "number": "float64", "date": "datetime64[ns]", "flag": "boolean",
}  # fmt: skip


class DataError(DomainError):
    """Input that cannot be used: says the table, row or column, the value and the fix."""


@dataclass(frozen=True)
class RawTable:
    """A table as its source holds it, before parsing.

    Attributes
    ----------
    frame : the columns as they came, unparsed; CSV values are all text
    origin : how messages call it: `offers.csv`, `table offers`
    lines : int array (len(frame),), the row each row has in the source; none: 1, 2, …
    malformed : rows that could not be split into columns: `source_line`, `text`, `reason`
    dot_is_decimal : whether a dot in numbers written as texts is surely a decimal point; not in a semicolon-separated
        file, nor in a workbook
    """

    frame: pd.DataFrame
    origin: str
    lines: NDArray[np.int64] | None = None
    malformed: pd.DataFrame = field(
        default_factory=lambda: pd.DataFrame({"source_line": [], "text": [], "reason": []})
    )
    dot_is_decimal: bool = True

    @property
    def source_line(self) -> NDArray[np.int64]:
        """Row in the source of each row; a CSV file's first row of values is 2, as a spreadsheet counts."""
        return np.arange(1, len(self.frame) + 1) if self.lines is None else self.lines


def empty_table(name: str) -> pd.DataFrame:
    """Contract table `name` without rows, with all its columns in their dtypes."""
    return pd.DataFrame({c: pd.Series(dtype=_DTYPES[kind]) for c, kind in TABLES[name].items()})


@dataclass(frozen=True)
class Tables:
    """A company's clean tables. Every contract column is there; a missing table has no rows.

    Quantities are in the SKU's own unit and money in the company's currency. `currency`, `purchase_unit` and
    `units_per_purchase_unit` say what the source has; offers and orders of a source that names currencies also have
    `exchange_rate`, the company's currency for one unit of the row's own.

    Texts are `object` (missing: None), numbers float64 (NaN), dates datetime64[ns] without zone (NaT),
    flags pandas `boolean` (NA). Sorted by key. Of extra columns, `demand` and `purchase_orders` keep those that the
    config names (`purchase_orders` as `COVARIATE` and the name), `items` all, the other tables none. A row of
    `demand` whose `y` is NaN says that the period's demand is unknown (its row was quarantined, or it lies ahead and
    only carries covariates known in advance).
    """

    demand: pd.DataFrame = field(default_factory=partial(empty_table, "demand"))
    items: pd.DataFrame = field(default_factory=partial(empty_table, "items"))
    suppliers: pd.DataFrame = field(default_factory=partial(empty_table, "suppliers"))
    offers: pd.DataFrame = field(default_factory=partial(empty_table, "offers"))
    purchase_orders: pd.DataFrame = field(default_factory=partial(empty_table, "purchase_orders"))
    receipts: pd.DataFrame = field(default_factory=partial(empty_table, "receipts"))
    stock: pd.DataFrame = field(default_factory=partial(empty_table, "stock"))
    events: pd.DataFrame = field(default_factory=partial(empty_table, "events"))
    budgets: pd.DataFrame = field(default_factory=partial(empty_table, "budgets"))
    overrides: pd.DataFrame = field(default_factory=partial(empty_table, "overrides"))
    calendar: pd.DataFrame = field(default_factory=partial(empty_table, "calendar"))
    rates: pd.DataFrame = field(default_factory=partial(empty_table, "rates"))
    contracts: pd.DataFrame = field(default_factory=partial(empty_table, "contracts"))
    approvals: pd.DataFrame = field(default_factory=partial(empty_table, "approvals"))
    invoices: pd.DataFrame = field(default_factory=partial(empty_table, "invoices"))
    inventory_lots: pd.DataFrame = field(default_factory=partial(empty_table, "inventory_lots"))
    usage: pd.DataFrame = field(default_factory=partial(empty_table, "usage"))
    bins: pd.DataFrame = field(default_factory=partial(empty_table, "bins"))

    @property
    def present(self) -> tuple[str, ...]:
        """Names of the tables that have rows."""
        return tuple(f.name for f in fields(self) if len(getattr(self, f.name)))
