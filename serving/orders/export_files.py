"""Export files of purchase orders: their rows in a system's tables, as CSV, Excel or JSON."""

import io
import zipfile
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import orjson
import pandas as pd

from database.purchase_orders.export_file import FileContent
from database.purchase_orders.records import PurchaseOrder
from planning.inputs import texts_by_sku
from serving.http.problems import Problem
from serving.orders.export_formats import KINDS, SYSTEMS, Always, ExportTable, Kind
from serving.rendering.spreadsheets import MEDIA_TYPES, to_csv_bytes, to_xlsx_bytes
from serving.state.served import Served

_MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "zip": "application/zip",
    "xlsx": MEDIA_TYPES["xlsx"],
    "json": "application/json",
}
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)


def parse_form(form: str) -> tuple[str, Kind]:
    """Read which export file is asked for: `csv`, `xlsx` or `json`, or that of a system, such as `odoo.csv`.

    Raises
    ------
    Problem
        422 when there is no such form.
    """
    system, _, kind = form.rpartition(".")
    for known in KINDS:
        if kind == known and (system or "purvey") in SYSTEMS:
            return system or "purvey", known
    systems = ", ".join(name for name in SYSTEMS if name != "purvey")
    raise Problem(
        422,
        "invalid_request",
        f"format: {form!r:.60} is none of csv, xlsx and json, nor one of these after {systems} and a dot, such as "
        "odoo.csv",
    )


def make_file(served: Served, orders: Sequence[PurchaseOrder], system: str, kind: Kind) -> FileContent:
    """Make the export file of orders for a system; CSV files of several tables are one zip."""
    tables = export_tables(served, orders, system)
    name = orders[0].order_id if len(orders) == 1 else f"{orders[0].order_id}-and-{len(orders) - 1}-more"
    name = name if system == "purvey" else f"{name}-{system}"
    if kind == "json":
        return FileContent(f"{name}.json", _MEDIA_TYPES["json"], _json_bytes(tables))
    if kind == "xlsx":
        return FileContent(f"{name}.xlsx", _MEDIA_TYPES["xlsx"], to_xlsx_bytes(tables))
    if len(tables) == 1:
        return FileContent(f"{name}.csv", _MEDIA_TYPES["csv"], to_csv_bytes(next(iter(tables.values()))))
    return FileContent(f"{name}.zip", _MEDIA_TYPES["zip"], _zip_bytes(tables))


def export_tables(served: Served, orders: Sequence[PurchaseOrder], system: str) -> dict[str, pd.DataFrame]:
    """Return the tables of an export file, by name: the orders' lines with a quantity as the system takes them."""
    fields = pd.concat([_line_fields(served, order) for order in orders], ignore_index=True)
    return {name: _table(fields, table) for name, table in SYSTEMS[system].items()}


def _table(fields: pd.DataFrame, table: ExportTable) -> pd.DataFrame:
    """One table of an export file from the fields of the orders' lines."""
    rows = fields if table.rows == "line" else fields.drop_duplicates("order_id")
    return pd.DataFrame(
        {
            column: [source.text] * len(rows) if isinstance(source, Always) else rows[source].to_numpy()
            for column, source in table.columns.items()
        }
    )


def _line_fields(served: Served, order: PurchaseOrder) -> pd.DataFrame:
    """Fields of an export file, `export_formats.FIELDS`: a row a line, in the order of the lines."""
    lines = pd.DataFrame([asdict(line) for line in order.ordered])
    ids = lines["unique_id"].to_numpy(object)
    names = served.inputs.suppliers
    known = names.loc[names["supplier_id"] == order.supplier_id].get("name", pd.Series(dtype=object)).dropna()
    price = lines["unit_price"].astype(float)
    due = pd.to_datetime(lines["due"])
    return lines.assign(
        order_id=order.order_id,
        supplier_id=order.supplier_id,
        supplier_name=known.iloc[0] if len(known) else "",
        order_on=pd.Timestamp(order.order_on) if order.order_on is not None else pd.NaT,
        due=due,
        due_first=due.min(),
        currency=order.currency,
        note=order.note,
        goods_total=order.goods,
        line_id=[f"{order.order_id}-{line}" for line in lines["line"]],
        description=pd.Series(texts_by_sku(served.inputs.items, "description", ids)).fillna("").to_numpy(),
        unit_price=price,
        goods=lines["quantity"] * price,
        purchase_quantity=(lines["quantity"] / lines["units_each"]).round(9),
        purchase_price=price * lines["units_each"],
    )


def _json_bytes(tables: dict[str, pd.DataFrame]) -> bytes:
    """The export file's tables as one JSON object, table → rows; days as texts, missing values null."""
    return orjson.dumps(
        {name: [_plain(row) for row in table.to_dict("records")] for name, table in tables.items()}
    )


def _plain(row: dict[Any, Any]) -> dict[str, Any]:
    """A row of an export file with days as texts and missing values none."""
    return {
        str(name): None if pd.isna(value) else str(value.date()) if isinstance(value, pd.Timestamp) else value
        for name, value in row.items()
    }


def _zip_bytes(tables: dict[str, pd.DataFrame]) -> bytes:
    """The export file's tables as CSV files in a zip."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, table in tables.items():
            archive.writestr(zipfile.ZipInfo(f"{name}.csv", _ZIP_TIME), to_csv_bytes(table))
    return buffer.getvalue()
