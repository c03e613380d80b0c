"""The risk heat map, and the SKUs behind each of its cells."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from serving.api.suppliers import report_of
from serving.http.web import page
from serving.pages.frame import context, follower_of, pages
from suppliers.report import SupplierReport
from suppliers.risk import CONSUMPTION, PERFORMANCE

_SHADES = 5
_WEIGHT = {"poor": 1.0, "weak": 0.5, "fair": 0.25, "good": 0.1, "unknown": 0.25}


def show(request: Request) -> Response:
    """Show the heat map and the SKUs of the chosen cell, all of poor and weak suppliers without one."""
    frame = context(request)
    served = frame["served"]
    if served is None or served.snapshot is None:
        return page(request, "welcome.html", frame)
    report = report_of(follower_of(request).current())
    chosen = {name: request.query_params.get(name, "") for name in ("performance", "consumption", "region")}
    rows = report.risk
    for name, column in (
        ("performance", "performance"),
        ("consumption", "consumption_class"),
        ("region", "region"),
    ):
        if chosen[name]:
            rows = rows[rows[column] == chosen[name]]
    if request.query_params.get("single"):
        rows = rows[rows["sources"] == 1]
    part = pages(request, len(rows), 100)
    shown = rows.iloc[part["start"] : part["stop"]].assign(
        alternatives=lambda table: (
            table["alternatives"].str.split(", ").map(lambda ids: [i for i in ids if i])
        )
    )
    more = {
        "heat": heat(report),
        "regions": report.regions.to_dict("records"),
        "rows": shown.to_dict("records"),
        "part": part,
        "chosen": chosen,
        "single": bool(request.query_params.get("single")),
    }
    return page(request, "supplier_risk.html", frame | more)


def heat(report: SupplierReport) -> dict[str, Any]:
    """Rows of cells, each with its SKUs, suppliers, consumption and shade 0 … 5: the worse and the more, the darker."""
    cells = report.cells
    total = max(float(cells["consumption"].sum()), 1e-12)
    risk = cells["consumption"] / total * cells["performance"].map(_WEIGHT)
    most = max(float(risk.max()), 1e-12)
    shades = (risk / most * _SHADES).round().astype(int).where(cells["skus"] > 0, 0)
    table = cells.assign(shade=shades).to_dict("records")
    by_row = {name: [cell for cell in table if cell["performance"] == name] for name in PERFORMANCE}
    return {
        "columns": CONSUMPTION,
        "rows": {name: row for name, row in by_row.items() if any(cell["skus"] for cell in row)},
    }
