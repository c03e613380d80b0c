"""Downloads of the worklist: CSV and Excel files of a tab's actions, filtered and sorted as the page is."""

from dataclasses import fields

import pandas as pd
from starlette.requests import Request
from starlette.responses import Response

from database.recommendations import Recommendation
from database.worklist import worklist_rows
from serving.http.problems import Problem
from serving.pages.actions.action_list import asked_filter, asked_order
from serving.rendering.listing import list_file
from serving.state.business_day import business_day
from serving.state.follower import follower_of
from serving.state.lookup import NO_PLAN

COLUMNS = (
    "action_id", "kind", "unique_id", "description", "supplier_id", "alternative_supplier_id", "quantity", "worth",
    "worth_period", "worth_in_horizon", "effort", "act_by", "title", "evidence", "confidence", "status",
    "snooze_until", "assignee", "who", "reason", "decided_at", "done_by", "done_at", "proposed",
)  # fmt: skip
_DAYS = ("act_by", "snooze_until", "decided_at", "done_at")


def actions_csv(request: Request) -> Response:
    """Download the worklist as a CSV file."""
    return _file(request, "csv")


def actions_xlsx(request: Request) -> Response:
    """Download the worklist as an Excel workbook."""
    return _file(request, "xlsx")


def _file(request: Request, kind: str) -> Response:
    """The worklist as it is filtered and sorted, all its pages, as a file."""
    follower, query = follower_of(request), request.query_params
    served = follower.current()
    if served.run is None:
        raise Problem(503, "no_plan", NO_PLAN)
    where = asked_filter(query)
    rows = worklist_rows(follower.engine, where, asked_order(query), today=business_day(served.run))
    table = pd.DataFrame(
        [vars(row) for row in rows], columns=[field.name for field in fields(Recommendation)]
    )
    table["description"] = table["unique_id"].map(served.descriptions)
    for name in _DAYS:
        table[name] = pd.to_datetime(table[name], utc=True).dt.tz_localize(None).dt.normalize()
    return list_file(table[list(COLUMNS)], kind, f"actions-{where.tab}-{served.as_of:%Y-%m-%d}")
