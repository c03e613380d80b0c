"""The page of what a promise of service costs: the curve of one group as chart and table, all groups in a list."""

from typing import Any

import pandas as pd
from starlette.requests import Request
from starlette.responses import Response

from serving.http.problems import Problem
from serving.rendering.layout import page_context
from serving.rendering.listing import Column, list_file, list_part, searched, sorted_table
from serving.rendering.templates import render_page
from serving.state.follower import follower_of
from serving.state.lookup import service_costs
from serving.state.served import Served
from serving.state.service_costs import EVERYTHING, GROUPS

_FIRST = "-p0.95"


def service_page(request: Request) -> Response:
    """Show what service costs: of all SKUs or one group as a curve, and of every supplier or category as a list."""
    base = page_context(request)
    served = base["served"]
    if served is None or served.snapshot is None:
        return render_page(request, "welcome.html", base)
    by, group = _by(request), request.query_params.get("group", EVERYTHING)
    costs = service_costs(served, by)
    curve = costs[costs["group"] == group]
    if curve.empty and group != EVERYTHING:
        raise Problem(404, "unknown_group", f"no SKU is bought in {GROUPS[by]} {group!r}")
    more = {
        "by": by,
        "groups_by": GROUPS,
        "group": group,
        "called": _called(served, by, group),
        "curve": _steps(curve).to_dict("records"),
        "promises": [_column(promise) for promise in sorted(costs["promise"].unique())],
        "said": _said(curve, served.policy.level),
    }
    table, columns = _groups(served, by, costs)
    part = list_part(
        request, searched(table, request.query_params.get("q", ""), ("group", "name")), columns, _FIRST
    )
    return render_page(request, "service.html", base | more | part)


def service_csv(request: Request) -> Response:
    """Download the list of groups as a CSV file."""
    return _file(request, "csv")


def service_xlsx(request: Request) -> Response:
    """Download the list of groups as an Excel workbook."""
    return _file(request, "xlsx")


def _by(request: Request) -> str:
    """Column that the page groups by."""
    return request.query_params.get("by", "supplier_id")


def _called(served: Served, by: str, group: str) -> str:
    """What a group is called: a supplier by its name."""
    if by != "supplier_id" or group == EVERYTHING:
        return group
    return served.supplier_names.get(group, group)


def _steps(curve: pd.DataFrame) -> pd.DataFrame:
    """The curve of a group with what each promise costs more, and saves in shortage, than the one before."""
    return curve.assign(more=curve["cost"].diff(), saves=-curve["shortage"].diff())


def _said(curve: pd.DataFrame, level: float) -> dict[str, Any] | None:
    """What the next higher promise than the policy's costs and saves, for a sentence; none at the top."""
    above = curve[curve["promise"] > level + 1e-9]
    now = curve[curve["promise"] <= level + 1e-9]
    if above.empty or now.empty:
        return None
    here, there = now.iloc[-1], above.iloc[0]
    return {
        "from": here["promise"],
        "to": there["promise"],
        "costs": there["cost"] - here["cost"],
        "saves": here["shortage"] - there["shortage"],
    }


def _column(promise: float) -> str:
    return f"p{promise:g}"


def _groups(served: Served, by: str, costs: pd.DataFrame) -> tuple[pd.DataFrame, tuple[Column, ...]]:
    """All groups, one row each, with a column of costs a promise, and the columns of their list."""
    wide = costs.pivot(index="group", columns="promise", values="cost").rename(columns=_column)
    facts = costs.drop_duplicates("group").set_index("group")[["skus", "played"]]
    table = facts.join(wide).drop(index=EVERYTHING, errors="ignore").rename_axis("group").reset_index()
    table.insert(1, "name", [_called(served, by, name) for name in table["group"]])
    columns = (
        Column("name", GROUPS[by]),
        Column("skus", "SKUs", numeric=True, rising=False),
        Column(
            "played", "played", numeric=True, rising=False, hint="SKUs in play, the others by the closed form"
        ),
        *(Column(name, f"{float(name[1:]):.1%}", numeric=True, rising=False) for name in wide.columns),
    )
    return table, columns


def _file(request: Request, kind: str) -> Response:
    """The list of groups as it is sorted and searched, as a file."""
    served, by = follower_of(request).current(), _by(request)
    table, columns = _groups(served, by, service_costs(served, by))
    shown = searched(table, request.query_params.get("q", ""), ("group", "name"))
    ordered = sorted_table(shown, columns, request.query_params, _FIRST)
    return list_file(ordered, kind, f"service-cost-{served.as_of:%Y-%m-%d}")
