"""The Starlette application mounted beside the typed API: pages, JSON resources, static files, errors."""

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from database.decisions import DecisionConflictError, DecisionError, UnknownActionError
from serving.api.openapi import with_resources
from serving.api.routes import RESOURCES
from serving.http.framework_errors import translate_error
from serving.http.not_found import NotFoundRoute
from serving.http.problems import Problem, wants_html
from serving.http.security_headers import SecurityHeaders
from serving.orders.order_problems import ORDER_ERRORS, order_problem
from serving.pages.routes import PAGES
from serving.rendering.layout import page_context
from serving.rendering.templates import render_page
from serving.state.follower import Follower

log = logging.getLogger("purvey.serving")

STATIC_FOLDER = Path(__file__).parent / "static"

_STATE_ERRORS = (OperationalError, InterfaceError, PoolTimeoutError)
"""What a database raises that is locked, full or gone; any other of its errors is our own mistake."""


def make_app(follower: Follower, openapi: Callable[[], dict[str, Any]]) -> Starlette:
    """Return the Starlette application; `openapi` describes the typed API and is completed with the resources."""

    def describe(_: Request) -> Response:
        return JSONResponse(with_resources(openapi()))

    app = Starlette(
        routes=[
            *PAGES,
            *RESOURCES,
            Route("/docs.json", describe),
            Mount("/static", StaticFiles(directory=STATIC_FOLDER)),
            NotFoundRoute(),
        ],
        middleware=[Middleware(SecurityHeaders)],
        exception_handlers={
            Problem: _error_response,
            DecisionConflictError: _error_response,
            DecisionError: _error_response,
            UnknownActionError: _error_response,
            HTTPException: _error_response,
            **dict.fromkeys(_STATE_ERRORS, _error_response),
            **dict.fromkeys(ORDER_ERRORS, _error_response),
        },
    )
    app.state.follower = follower
    return app


def _error_response(request: Request, error: Exception) -> Response:
    """Answer an exception in the application with problem+json, and browsers with a page that says the same."""
    problem = order_problem(error) if isinstance(error, ORDER_ERRORS) else _problem_of_exception(error)
    if not wants_html(request):
        return problem.response()
    return render_page(request, "problem.html", page_context(request) | {"problem": problem}, problem.status)


def _problem_of_exception(error: Exception) -> Problem:
    """The problem with which the Starlette application answers an exception: ours, its own or the state database's."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, UnknownActionError):
        return Problem(404, "unknown_action", f"no plan run ever proposed an action {error}")
    if isinstance(error, DecisionConflictError):
        return Problem(409, "decided_meanwhile", str(error))
    if isinstance(error, _STATE_ERRORS):
        log.error("state database: %s", error)
        why = getattr(error, "orig", None) or "no connection was free"
        return Problem(
            503, "state_not_ready", f"state database: {why}; nothing was changed, try again shortly"
        )
    if isinstance(error, HTTPException):
        return translate_error(error.status_code, str(error.detail).encode())
    return Problem(422, "incomplete_decision", str(error))
