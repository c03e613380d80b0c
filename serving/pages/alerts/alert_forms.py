"""Forms of exceptions: acknowledge, dismiss, reopen or assign one, then back to the list."""

from urllib.parse import urlencode, urlsplit, urlunsplit

import anyio.to_thread
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from serving.alerts.take_step import step_taken
from serving.http.person import own_name
from serving.http.way_back import local_path
from serving.state.follower import follower_of


async def step_by_form(request: Request) -> Response:
    """Take a step with an exception by the button of an HTML form."""
    form = {name: str(value) for name, value in (await request.form()).items()}
    who = own_name(request, form.get("who", ""))
    fields = {name: value for name, value in form.items() if name != "next"}
    exception_id = request.path_params["exception_id"]
    await anyio.to_thread.run_sync(step_taken, follower_of(request), exception_id, fields, who)
    back = urlsplit(local_path(form.get("next", ""), "/alerts"))
    kept = [part for part in back.query.split("&") if part and not part.startswith("done=")]
    query = "&".join([*kept, urlencode({"done": form.get("step", "")})])
    return RedirectResponse(urlunsplit(("", "", back.path, query, back.fragment)), 303)
