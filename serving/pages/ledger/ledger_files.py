"""Downloads of the ledger of actions: CSV and Excel files, filtered and sorted as the page is."""

from starlette.requests import Request
from starlette.responses import Response

from serving.http.problems import Problem
from serving.pages.ledger.ledger_page import COLUMNS, FIRST, asked_ledger
from serving.rendering.listing import list_file, sorted_table
from serving.state.follower import follower_of
from serving.state.ledger_view import ledger_table
from serving.state.lookup import NO_PLAN

FILE_COLUMNS = [
    "decision_id", "action_id", "kind", "title", "unique_id", "supplier_id", "alternative_supplier_id", "who",
    "person", "state", "agreed_on", "in_effect_on", "ended_on", "lapse_by", "why", "worth", "worth_period", "effort",
    "promised", "promised_low", "promised_high", "realised", "low", "high", "measured_from", "measured_until",
    "not_measured",
]  # fmt: skip


def ledger_csv(request: Request) -> Response:
    """Download the ledger of actions as a CSV file."""
    return _file(request, "csv")


def ledger_xlsx(request: Request) -> Response:
    """Download the ledger of actions as an Excel workbook."""
    return _file(request, "xlsx")


def _file(request: Request, kind: str) -> Response:
    """The ledger as it is filtered and sorted, all its pages, as a file."""
    follower = follower_of(request)
    if follower.current().run is None:
        raise Problem(503, "no_plan", NO_PLAN)
    rows = asked_ledger(ledger_table(follower), request.query_params)
    rows = sorted_table(rows, COLUMNS, request.query_params, FIRST)
    return list_file(rows[FILE_COLUMNS], kind, f"ledger-{follower.current().as_of:%Y-%m-%d}")
