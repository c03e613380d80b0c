"""The Starlette application mounted beside the typed API: pages, JSON resources, static files, errors."""

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy.exc import DataError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from configs.errors import DomainError
from database.audit.files import AuditFileError
from database.decisions import DecisionConflictError, DecisionError, UnknownActionError
from database.engine import StateError
from serving.api.openapi import with_resources
from serving.api.routes import RESOURCES
from serving.http.framework_errors import translate_error
from serving.http.idempotency import IdempotencyKeys
from serving.http.not_found import NotFoundRoute
from serving.http.problems import Problem, wants_html
from serving.http.security_headers import SecurityHeaders
from serving.identity.access import Access
from serving.identity.form_tokens import FormTokens
from serving.identity.gate import Gate, Refuse
from serving.orders.order_problems import ORDER_ERRORS, order_problem
from serving.pages.routes import PAGES
from serving.plan_runs.entity_tags import EntityTags
from serving.rendering.layout import page_context
from serving.rendering.templates import render_page
from serving.state.follower import Follower

log = logging.getLogger("purvey.serving")

STATIC_FOLDER = Path(__file__).parent / "static"

_STATE_ERRORS = (OperationalError, InterfaceError, PoolTimeoutError, StateError, AuditFileError)
"""What is raised where the database is locked, full or gone, or its audit log cannot be written; any other of its
errors is our own mistake."""


def make_app(
    follower: Follower, openapi: Callable[[], dict[str, Any]], access: Access | None = None
) -> Starlette:
    """Return the Starlette application; `openapi` describes the typed API and is completed with the resources.

    `access`: who may ask; none: as configured for the follower's home.
    """

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
        middleware=[
            Middleware(SecurityHeaders),
            Middleware(Gate, access=access or Access(follower), refuse=_error_response),
            Middleware(FormTokens, refuse=_error_response),
            Middleware(EntityTags),
            Middleware(IdempotencyKeys),
        ],
        exception_handlers={
            Problem: _error_response,
            DecisionConflictError: _error_response,
            DecisionError: _error_response,
            UnknownActionError: _error_response,
            HTTPException: _error_response,
            DataError: _unstorable_response,
            **dict.fromkeys(_STATE_ERRORS, _error_response),
            **dict.fromkeys(ORDER_ERRORS, _error_response),
        },
    )
    app.state.follower = follower
    return app


def refusal_of(app: Starlette) -> Refuse:
    """Return how the application answers whoever a gate before it does not let in."""

    def refuse(request: Request, problem: Problem) -> Response:
        if request.url.path.startswith("/v1/"):  # an address of programs, whoever asks
            return problem.response()
        return _error_response(Request({**request.scope, "app": app}), problem)

    return refuse


def _error_response(request: Request, error: Exception) -> Response:
    """Answer an exception in the application with problem+json, and browsers with a page that says the same."""
    problem = order_problem(error) if isinstance(error, ORDER_ERRORS) else _problem_of_exception(error)
    if not wants_html(request):
        return problem.response()
    page = render_page(request, "problem.html", page_context(request) | {"problem": problem}, problem.status)
    page.headers.update(problem.retry_after)
    return page


def _unstorable_response(request: Request, _: Exception) -> Response:
    """Answer an error of the driver's about a value: PostgreSQL's, where SQLite just finds nothing."""
    why = "a value that no database keeps: a NUL character, or a number beyond its range"
    return _error_response(request, Problem(422, "invalid_request", why))


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
        known = error if isinstance(error, DomainError) else getattr(error, "orig", None)
        why = known or "no connection was free"
        return Problem(
            503, "state_not_ready", f"state database: {why}; nothing was changed, try again shortly"
        )
    if isinstance(error, HTTPException):
        return translate_error(error.status_code, str(error.detail).encode())
    return Problem(422, "incomplete_decision", str(error))
