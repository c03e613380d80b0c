"""The page of responsible purchasing: shares of spend with their goals, and what went past the preferred vendors."""

import json
from typing import Any

import pandas as pd
from starlette.requests import Request
from starlette.responses import Response

from planning.levers.responsible.goals import ALL, FLAGS, MOST_FROM_ONE
from serving.http.problems import Problem
from serving.rendering.layout import page_context
from serving.rendering.listing import Column, list_file, list_part, searched, sorted_table
from serving.rendering.templates import render_page
from serving.state.follower import follower_of
from serving.state.lookup import NO_PLAN
from serving.state.served import Served

_COLUMNS = (
    Column("category", "category"),
    Column("spend", "spend a year", numeric=True, rising=False),
    *(Column(of, of, numeric=True, rising=False, hint=f"share with {of} suppliers") for of in FLAGS),
    Column("largest_share", "from one", numeric=True, rising=False, hint="share of the largest supplier"),
    Column("largest_supplier", "largest supplier"),
    Column("emissions", "emissions", numeric=True, rising=False, hint="a year, in the suppliers' own unit"),
)
_FIRST = "-spend"
_OUTSIDE = 50
"""Rows that are shown of what was bought outside the preferred vendors; the download has all."""


def responsible_page(request: Request) -> Response:
    """Show the goals with their price, the shares of each category, and purchases outside the preferred vendors."""
    base = page_context(request)
    served = base["served"]
    if served is None or served.snapshot is None:
        return render_page(request, "welcome.html", base)
    table, outside = served.snapshot.responsible, served.snapshot.off_preferred
    goals = table[table["goal_share"].notna()]
    whole = shares(table[table["category"] == ALL], served).to_dict("records")
    more: dict[str, Any] = {
        "goals": _goals(goals, served),
        "most_from_one": MOST_FROM_ONE,
        "everything": ALL,
        "whole": whole[0] if whole else None,
        "outside": _with_names(outside.head(_OUTSIDE), served).to_dict("records"),
        "outside_rows": len(outside),
        "outside_spend": float(outside["spend"].sum()),
        "outside_cost": float(outside["extra_cost"].sum()),
        "listed_spend": float(outside.drop_duplicates("category")["category_spend"].sum()),
    }
    part = list_part(request, _shown(request, served), _COLUMNS, _FIRST)
    return render_page(request, "responsible.html", base | more | part)


def responsible_csv(request: Request) -> Response:
    """Download the shares of each category as a CSV file."""
    return _file(request, "csv")


def responsible_xlsx(request: Request) -> Response:
    """Download the shares of each category as an Excel workbook."""
    return _file(request, "xlsx")


def shares(table: pd.DataFrame, served: Served) -> pd.DataFrame:
    """A row a category: its spend, share with each kind of supplier, largest supplier and emissions."""
    wide = table.pivot(index="category", columns="goal", values="share_now").reindex(
        columns=[*FLAGS, MOST_FROM_ONE]
    )
    facts = table.drop_duplicates("category").set_index("category")[["spend", "emissions"]]
    one = table[table["goal"] == MOST_FROM_ONE].set_index("category")["supplier_id"]
    rows = facts.join(wide).rename(columns={MOST_FROM_ONE: "largest_share"})
    rows["largest_supplier_id"] = one.reindex(rows.index)
    names = _names(served)
    rows["largest_supplier"] = [names.get(each) or each for each in rows["largest_supplier_id"]]
    return rows.reset_index()


def _shown(request: Request, served: Served) -> pd.DataFrame:
    """The shares of each category with the searched words in it."""
    assert served.snapshot is not None
    table = served.snapshot.responsible
    rows = shares(table[table["category"] != ALL], served)
    return searched(rows, request.query_params.get("q", ""), ("category", "largest_supplier"))


def _goals(goals: pd.DataFrame, served: Served) -> list[dict[str, Any]]:
    """The goals with their moves, SKUs and suppliers by name."""
    names, rows = _names(served), goals.assign(met=goals["met"].astype(bool)).to_dict("records")
    for row in rows:
        row["moves"] = [
            move
            | {
                "sku": served.descriptions.get(move["unique_id"]) or move["unique_id"],
                "supplier": names.get(move["supplier_id"]) or move["supplier_id"],
                "alternative": names.get(move["alternative_supplier_id"]) or move["alternative_supplier_id"],
            }
            for move in json.loads(row["moves"])
        ]
    return [{str(name): value for name, value in row.items()} for row in rows]


def _with_names(table: pd.DataFrame, served: Served) -> pd.DataFrame:
    """Purchases outside the preferred vendors with the names of both suppliers."""
    names = _names(served)
    return table.assign(
        supplier=[names.get(each) or each for each in table["supplier_id"]],
        preferred=[names.get(each) or each for each in table["preferred_supplier_id"]],
    )


def _names(served: Served) -> dict[str, str]:
    """Supplier → its name."""
    return dict(zip(served.scorecard["supplier_id"], served.scorecard["name"], strict=True))


def _file(request: Request, kind: str) -> Response:
    """The shares of each category as they are sorted and searched, as a file."""
    served = follower_of(request).current()
    if served.snapshot is None:
        raise Problem(503, "no_plan", NO_PLAN)
    ordered = sorted_table(_shown(request, served), _COLUMNS, request.query_params, _FIRST)
    return list_file(ordered, kind, f"responsible-{served.as_of:%Y-%m-%d}")
