"""The answers of `/v1/suppliers`: scorecards of all suppliers, and of one with its changes and SKUs."""

from typing import Any

from serving.http.json_encoding import json_records
from serving.http.problems import Problem
from serving.state.lookup import supplier_report_of
from serving.state.served import Served
from suppliers.report import SupplierReport


def suppliers_answer(served: Served) -> dict[str, Any]:
    """Answer `/v1/suppliers`: the scorecards of all suppliers."""
    report = supplier_report_of(served)
    return _report_header(served, report) | {"suppliers": json_records(report.table)}


def supplier_answer(served: Served, supplier_id: str) -> dict[str, Any]:
    """Answer `/v1/suppliers/{supplier_id}`: its scorecard, changes of lead time, SKUs bought and internal delay.

    Raises
    ------
    Problem
        404 when nobody knows the supplier.
    """
    report = supplier_report_of(served)
    found = json_records(report.table[report.table["supplier_id"] == supplier_id])
    if not found:
        raise Problem(
            404, "unknown_supplier", f"no supplier {supplier_id}; /v1/suppliers lists those there are"
        )
    parts = {
        "changes": report.scorecard.flags,
        "bought": report.sku_risk,
        "internal_delay": report.internal_delay,
    }
    tables = {
        name: json_records(table[table["supplier_id"] == supplier_id].drop(columns="supplier_id"))
        for name, table in parts.items()
    }
    return _report_header(served, report) | found[0] | tables


def _report_header(served: Served, report: SupplierReport) -> dict[str, Any]:
    """Fields that both supplier answers begin with."""
    return {
        "model": served.version,
        "as_of": str(served.as_of.date()),
        "currency": served.currency,
        "not_measured": report.scorecard.not_measured,
    }
