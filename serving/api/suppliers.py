"""What `/v1/suppliers` answers."""

from typing import Any

from serving.api.forecast import records
from serving.http.problems import Problem
from serving.state.served import Served
from suppliers.report import SupplierReport

NO_PLAN = "nothing has been planned yet; run `purvey plan --data DIR --out OUT`"


def report_of(served: Served) -> SupplierReport:
    """Return the report of the current plan.

    Raises
    ------
    Problem
        503 before the first plan.
    """
    if served.suppliers is None:
        raise Problem(503, "no_plan", NO_PLAN)
    return served.suppliers


def suppliers_answer(served: Served) -> dict[str, Any]:
    """Answer `/v1/suppliers`."""
    report = report_of(served)
    return _header(served, report) | {"suppliers": records(report.table)}


def supplier_answer(served: Served, supplier_id: str) -> dict[str, Any]:
    """Answer `/v1/suppliers/{supplier_id}`.

    Raises
    ------
    Problem
        404 when nobody knows the supplier.
    """
    report = report_of(served)
    found = records(report.table[report.table["supplier_id"] == supplier_id])
    if not found:
        raise Problem(
            404, "unknown_supplier", f"no supplier {supplier_id}; /v1/suppliers lists those there are"
        )
    parts = {"changes": report.card.flags, "bought": report.risk, "internal_delay": report.delays}
    mine = {
        name: records(table[table["supplier_id"] == supplier_id].drop(columns="supplier_id"))
        for name, table in parts.items()
    }
    return _header(served, report) | found[0] | mine


def _header(served: Served, report: SupplierReport) -> dict[str, Any]:
    return {
        "model": served.version,
        "as_of": str(served.as_of.date()),
        "currency": served.currency,
        "not_measured": report.card.not_measured,
    }
