"""Several actions of the worklist decided at once: all those ticked, each with its own decision, or none of them."""

from dataclasses import asdict
from typing import Any

import anyio.to_thread
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from database.access.approval import ApprovalError
from database.decisions import Asked, DecisionConflictError, DecisionError, UnknownActionError
from serving.http.json_encoding import json_response
from serving.http.person import own_name, person_of
from serving.http.problems import wants_html
from serving.pages.actions.action_forms import seen_number, way_back
from serving.state.decisions import parse_decision, store_decisions
from serving.state.follower import follower_of


async def decide_many(request: Request) -> Response:
    """Store the decision that a form takes about all ticked actions, and go back and say what came of it."""
    form = await request.form()
    name = own_name(request, str(form.get("who", "")))
    try:
        asked = _asked(form, name)
        approver = person_of(request).approver
        stored = await anyio.to_thread.run_sync(store_decisions, follower_of(request), asked, approver)
    except (ApprovalError, DecisionError, DecisionConflictError, UnknownActionError) as error:
        if not wants_html(request):
            raise
        return RedirectResponse(way_back(form, {"failed": _reason(error)}), 303)
    if not wants_html(request):
        return json_response({"decisions": [asdict(decision) for decision, _ in stored]}, 201)
    done = ",".join(each.request.action_id for each in asked)
    return RedirectResponse(way_back(form, {"done": done}), 303)


def _asked(form: FormData, name: str) -> list[Asked]:
    """Read the decisions of a form: about each ticked `action`, which is `action_id|seen`."""
    fields: dict[str, Any] = {key: str(value) for key, value in form.items()}
    if fields.get("verdict") != "snooze":
        fields.pop("snooze_until", None)
    ticked = [str(value).rpartition("|") for value in form.getlist("action")]
    if not ticked:
        raise DecisionError("No action is ticked; tick those to decide about")
    return [
        Asked(parse_decision({**fields, "action_id": action_id, "who": name}), seen_number(seen))
        for action_id, _, seen in ticked
    ]


def _reason(error: Exception) -> str:
    """Why none of the ticked actions was decided."""
    return (
        f"no plan run ever proposed an action {error}"
        if isinstance(error, UnknownActionError)
        else str(error)
    )
