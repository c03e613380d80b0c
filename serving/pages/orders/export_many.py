"""Several approved orders of the list exported in one file, or none of them."""

from urllib.parse import urlencode

import anyio.to_thread
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from configs.errors import DomainError
from serving.http.person import own_name
from serving.http.problems import Problem
from serving.orders.file_answer import file_response
from serving.orders.steps import export_orders
from serving.state.follower import follower_of


async def export_ticked(request: Request) -> Response:
    """Download the file of the orders ticked in the list; where one cannot be exported, go back and say which."""
    form = await request.form()
    return await anyio.to_thread.run_sync(_export, request, form)


def _export(request: Request, form: FormData) -> Response:
    """Export what was ticked, all or nothing."""
    name = own_name(request, str(form.get("who", "")))
    ticked = [str(value) for value in form.getlist("order")]
    try:
        file = export_orders(follower_of(request), ticked, str(form.get("format", "csv")), who=name)
        return file_response(file)
    except (DomainError, Problem) as error:
        return RedirectResponse(f"/orders?{urlencode({'status': 'approved', 'failed': str(error)})}", 303)
