"""Several orders of the list approved at once: each by itself, so that one that cannot be leaves the others."""

from urllib.parse import urlencode

import anyio.to_thread
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from configs.errors import DomainError
from database.access.approval import Approver
from database.purchase_orders.change_order import OrderRequest
from database.purchase_orders.records import OrderError
from serving.http.person import own_name, person_of
from serving.http.problems import Problem
from serving.orders.proposals import seen_proposal
from serving.orders.steps import take_step
from serving.state.follower import Follower, follower_of

_MOST_NAMED = 50


async def approve_orders(request: Request) -> Response:
    """Approve the orders ticked in the list, or the one whose button was pressed; go back and say what came of it."""
    form = await request.form()
    return await anyio.to_thread.run_sync(_approve, request, form)


def _approve(request: Request, form: FormData) -> Response:
    """Approve what was ticked, one order after the other."""
    follower, approver = follower_of(request), person_of(request).approver
    own_name(request, str(form.get("who", "")))
    single = form.get("one")
    ticked = [str(single)] if single is not None else [str(value) for value in form.getlist("order")]
    done, failed = [], []
    for reference in dict.fromkeys(ticked):
        try:
            done.append(_approve_one(follower, reference, approver))
        except (DomainError, Problem) as error:
            failed.append(str(error))
    if not ticked:
        failed.append("No order was ticked; tick those to approve")
    query = {"done": ",".join(done[:_MOST_NAMED])} if done else {}
    return RedirectResponse(
        f"/orders?{urlencode(query | ({'failed': '; '.join(failed)} if failed else {}))}", 303
    )


def _approve_one(follower: Follower, reference: str, approver: Approver) -> str:
    """Approve one order; `reference` is `order|id|version` or `proposal|supplier|plan`, as the page has seen it."""
    kind, _, rest = reference.partition("|")
    about, _, number = rest.rpartition("|")
    if kind not in {"order", "proposal"} or not number.isdecimal():
        raise OrderError(f"order: {reference!r:.60} names none; load the page anew")
    if kind == "order":
        asked = OrderRequest(about, None, int(number), approver.name, {"what": "approve"}, approver)
    else:
        proposal = seen_proposal(follower.current(), about, int(number))
        asked = OrderRequest(None, proposal, 0, approver.name, {"what": "approve"}, approver)
    return take_step(follower, asked, "approve")[0].order_id
