"""The page of segments: SKUs by value and forecastability, suppliers by risk and impact, deviations from policy."""

from typing import Any

import pandas as pd
from starlette.requests import Request
from starlette.responses import Response

from procurement.segments.segment_policy import WHATS
from procurement.segments.sku_segments import segment_matrix
from procurement.segments.treatments import TREATMENTS
from serving.rendering.layout import page_context
from serving.rendering.listing import Column, list_file, list_part, searched, sorted_table
from serving.rendering.templates import render_page
from serving.state.follower import follower_of
from serving.state.lookup import spend_of
from serving.state.served import Served

VIEWS = {"skus": "SKUs", "suppliers": "Suppliers", "deviations": "Deviations"}
COLUMNS = {
    "skus": (
        Column("unique_id", "SKU"),
        Column(
            "segment", "segment", hint="A, B, C by value a year; X, Y, Z by how well demand can be forecast"
        ),
        Column("abc_units", "by units"),
        Column("category", "category"),
        Column("supplier_id", "supplier"),
        Column("supplier", "delivers"),
        Column("value_year", "value a year", numeric=True, rising=False, hint="expected demand at cost"),
        Column("value_share", "share", numeric=True, rising=False),
        Column(
            "forecast_error", "forecast error", numeric=True, hint="over lead time and review, by the demand"
        ),
    ),
    "suppliers": (
        Column("supplier_id", "supplier"),
        Column("segment", "segment"),
        Column("spend", "spend a year", numeric=True, rising=False),
        Column("spend_share", "share", numeric=True, rising=False),
        Column("skus", "SKUs", numeric=True, rising=False),
        Column(
            "single_share",
            "from it alone",
            numeric=True,
            rising=False,
            hint="of its spend, on SKUs nobody else has",
        ),
        Column("sourcing", "sourcing"),
        Column("origin", "origin"),
        Column("supplier", "delivers"),
        Column(
            "risk", "supply risk", numeric=True, rising=False, hint="from 0 to 1; one half is hard to replace"
        ),
    ),
    "deviations": (
        Column("what", "what"),
        Column("unique_id", "SKU"),
        Column("abc", "class"),
        Column("supplier_id", "supplier"),
        Column("department", "department"),
        Column("amount", "spend a year", numeric=True, rising=False),
        Column("lines", "lines", numeric=True, rising=False),
    ),
}
_FIRST = {"skus": "-value_year", "suppliers": "-spend", "deviations": "-amount"}
_TABLES = {"skus": "sku_segments", "suppliers": "supplier_segments", "deviations": "deviations"}
_WORDS = {
    "skus": ("unique_id", "title", "category", "supplier_id"),
    "suppliers": ("supplier_id", "title", "segment"),
    "deviations": ("unique_id", "supplier_id", "department"),
}


def segments_page(request: Request) -> Response:
    """Show segments of SKUs, of suppliers, or deviations from their policy."""
    base = page_context(request)
    served = base["served"]
    if served is None or served.snapshot is None:
        return render_page(request, "welcome.html", base)
    if served.spend is None or served.spend.procurement.table("sku_segments").empty:
        return render_page(request, "segments.html", base | {"view": ""})
    tables, view = served.spend.procurement, _view(request)
    deviations, suppliers = tables.table("deviations"), tables.table("supplier_segments")
    more: dict[str, Any] = {
        "view": view,
        "views": VIEWS,
        "matrix": segment_matrix(tables.table("sku_segments")).to_dict("records"),
        "effort": tables.table("class_effort").to_dict("records"),
        "whats": WHATS,
        "what_counts": {} if deviations.empty else deviations["what"].value_counts().to_dict(),
        "treatments": TREATMENTS,
        "by_segment": {}
        if suppliers.empty
        else suppliers.groupby("segment")["spend"].agg(["size", "sum"]).T.to_dict(),
        "chosen": request.query_params.get("segment", "") or request.query_params.get("what", ""),
    }
    table = segment_table(served, request)
    return render_page(
        request, "segments.html", base | more | list_part(request, table, COLUMNS[view], _FIRST[view])
    )


def segment_table(served: Served, request: Request) -> pd.DataFrame:
    """The list of a view with names, of one segment or kind of deviation where it is named, searched."""
    view, params = _view(request), request.query_params
    table = spend_of(served).procurement.table(_TABLES[view])
    names = served.supplier_names if view == "suppliers" else served.descriptions
    of = "supplier_id" if view == "suppliers" else "unique_id"
    table = table.assign(title=table[of].map(names).fillna("")) if len(table) else table.assign(title="")
    for name in ("segment", "what"):
        asked = params.get(name, "")
        if asked and name in table:
            table = table[table[name] == asked]
    return searched(table, params.get("q", ""), _WORDS[view])


def segments_csv(request: Request) -> Response:
    """Download a list of segments as a CSV file."""
    return _file(request, "csv")


def segments_xlsx(request: Request) -> Response:
    """Download a list of segments as an Excel workbook."""
    return _file(request, "xlsx")


def _file(request: Request, kind: str) -> Response:
    served, view = follower_of(request).current(), _view(request)
    table = sorted_table(segment_table(served, request), COLUMNS[view], request.query_params, _FIRST[view])
    return list_file(table, kind, f"segments-{view}-{served.as_of:%Y-%m-%d}")


def _view(request: Request) -> str:
    asked = request.query_params.get("view", "skus")
    return asked if asked in VIEWS else "skus"
