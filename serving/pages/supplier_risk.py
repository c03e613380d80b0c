"""The supply risk page: the heat map of supplier performance × consumption, and the SKUs behind each cell."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
from starlette.requests import Request
from starlette.responses import Response

from serving.rendering.layout import page_context, paginate
from serving.rendering.templates import render_page
from serving.state.follower import follower_of
from serving.state.lookup import supplier_report_of
from suppliers.report import SupplierReport
from suppliers.risk import CONSUMPTION, PERFORMANCE

_MAX_SHADE = 5
_FILTERS = {"performance": "performance", "consumption": "consumption_class", "region": "region"}
"""Query parameter → column of the SKUs at risk."""
_RISK_WEIGHTS = {"poor": 1.0, "weak": 0.5, "fair": 0.25, "good": 0.1, "unknown": 0.25}


def supplier_risk_page(request: Request) -> Response:
    """Show the supply risk heat map and the SKUs of the chosen cell, by risk."""
    base = page_context(request)
    served = base["served"]
    if served is None or served.snapshot is None:
        return render_page(request, "welcome.html", base)
    report = supplier_report_of(follower_of(request).current())
    single = bool(request.query_params.get("single"))
    chosen = {name: request.query_params.get(name, "") for name in _FILTERS}
    rows = _filter_skus(report.sku_risk, chosen, single=single)
    part = paginate(request, len(rows), 100)
    shown = rows.iloc[part["start"] : part["stop"]].assign(
        alternatives=lambda table: (
            table["alternatives"].str.split(", ").map(lambda ids: [i for i in ids if i])
        )
    )
    more = {
        "heat": heat_map(report),
        "regions": report.regions.to_dict("records"),
        "rows": shown.to_dict("records"),
        "part": part,
        "chosen": chosen,
        "single": single,
    }
    return render_page(request, "supplier_risk.html", base | more)


def _filter_skus(rows: pd.DataFrame, chosen: Mapping[str, str], *, single: bool) -> pd.DataFrame:
    """SKUs at risk in the chosen cell of the heat map and region; `single`: only those with one source."""
    for name, column in _FILTERS.items():
        if chosen[name]:
            rows = rows[rows[column] == chosen[name]]
    return rows[rows["sources"] == 1] if single else rows


def heat_map(report: SupplierReport) -> dict[str, Any]:
    """Cells of the risk heat map with SKUs, suppliers, consumption and shade 0 … 5: the more at risk, the darker."""
    cells = report.heat_map
    total = max(float(cells["consumption"].sum()), 1e-12)
    risk = cells["consumption"] / total * cells["performance"].map(_RISK_WEIGHTS)
    most = max(float(risk.max()), 1e-12)
    shades = (risk / most * _MAX_SHADE).round().astype(int).where(cells["skus"] > 0, 0)
    table = cells.assign(shade=shades).to_dict("records")
    by_row = {name: [cell for cell in table if cell["performance"] == name] for name in PERFORMANCE}
    return {
        "columns": CONSUMPTION,
        "rows": {name: row for name, row in by_row.items() if any(cell["skus"] for cell in row)},
    }
