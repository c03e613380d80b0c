"""What `/v1/suppliers` answers."""

from typing import Any

from serving.api.forecast import records
from serving.http.problems import Problem
from serving.state.served import World
from suppliers.report import SupplierReport

NO_PLAN = "nothing has been planned yet; run `purvey plan --data DIR --out OUT`"


def report_of(world: World) -> SupplierReport:
    """Return the report of the current plan.

    Raises
    ------
    Problem
        503 before the first plan.
    """
    if world.suppliers is None:
        raise Problem(503, "no_plan", NO_PLAN)
    return world.suppliers


def suppliers_answer(world: World) -> dict[str, Any]:
    """Answer `/v1/suppliers`."""
    report = report_of(world)
    return _header(world, report) | {"suppliers": records(report.table)}


def supplier_answer(world: World, supplier_id: str) -> dict[str, Any]:
    """Answer `/v1/suppliers/{supplier_id}`.

    Raises
    ------
    Problem
        404 when nobody knows the supplier.
    """
    report = report_of(world)
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
    return _header(world, report) | found[0] | mine


def _header(world: World, report: SupplierReport) -> dict[str, Any]:
    return {
        "model": world.version,
        "as_of": str(world.as_of.date()),
        "currency": world.currency,
        "not_measured": report.card.not_measured,
    }
