"""The form in every page's header by which visitors give the name that their decisions are stored under."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from serving.http.access import NAME_LENGTH, check_origin, local_path, remember_name
from serving.http.problems import Problem


async def save_name(request: Request) -> Response:
    """Remember the visitor's name, sent by the form in every page's header, and redirect back."""
    check_origin(request)
    form = await request.form()
    name = str(form.get("who", "")).strip()
    if not name or len(name) > NAME_LENGTH:
        raise Problem(422, "who", f"who: a name of 1 to {NAME_LENGTH} characters is needed")
    response = RedirectResponse(local_path(str(form.get("next", "/")), "/"), 303)
    remember_name(response, name)
    return response
