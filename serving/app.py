"""The pages and the resources, as one Starlette application mounted beside the typed API."""

import logging
from collections.abc import Callable
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

from database.decisions import ChangedError, DecisionError, UnknownActionError
from serving.api.openapi import with_resources
from serving.api.resources import RESOURCES
from serving.http.guard import translate
from serving.http.problems import Problem
from serving.http.web import HERE, SafeHeaders, page, wants_html
from serving.pages import (
    actions,
    calibration,
    drawings,
    model,
    monitor,
    skus,
    supplier_files,
    supplier_risk,
    suppliers,
    worklist,
)
from serving.pages.frame import context
from serving.state.follower import Follower

log = logging.getLogger("purvey.serving")

PAGES = [
    Route("/", worklist.show),
    Route("/me", worklist.rename, methods=["POST"]),
    Route("/actions/{action_id}", actions.show),
    Route("/actions/{action_id}", actions.decide_by_form, methods=["POST"]),
    Route("/skus", skus.listing),
    Route("/skus/{unique_id:path}", skus.show),
    Route("/suppliers", suppliers.listing),
    Route("/suppliers.csv", supplier_files.as_csv),
    Route("/suppliers.xlsx", supplier_files.as_xlsx),
    Route("/supplier-risk", supplier_risk.show),
    Route("/suppliers/{supplier_id:path}", suppliers.show),
    Route("/model", model.show),
    Route("/monitor", monitor.show),
    Route("/drawings/model/{chart}", calibration.draw),
    Route("/drawings/monitor/loss", monitor.draw),
    Route("/drawings/skus/{chart}/{unique_id:path}", drawings.of_sku),
    Route("/drawings/suppliers/{chart}/{supplier_id:path}", drawings.of_supplier),
]


_STATE_ERRORS = (OperationalError, InterfaceError, PoolTimeoutError)
"""What a database raises that is locked, full or gone; anything else of it is our own mistake."""


def make_app(follower: Follower, openapi: Callable[[], dict[str, Any]]) -> Starlette:
    """Return the application; `openapi` describes the typed API and is completed with the resources."""

    def describe(_: Request) -> Response:
        return JSONResponse(with_resources(openapi()))

    app = Starlette(
        routes=[
            *PAGES,
            *RESOURCES,
            Route("/docs.json", describe),
            Mount("/static", StaticFiles(directory=HERE / "static")),
        ],
        middleware=[Middleware(SafeHeaders)],
        exception_handlers={
            Problem: _problem,
            ChangedError: _problem,
            DecisionError: _problem,
            UnknownActionError: _problem,
            HTTPException: _problem,
            **dict.fromkeys(_STATE_ERRORS, _problem),
        },
    )
    app.state.follower = follower
    return app


def _problem(request: Request, error: Exception) -> Response:
    """Answer with problem+json, and people with a page that says the same."""
    problem = _as_problem(error)
    if not wants_html(request):
        return problem.response()
    return page(request, "problem.html", context(request) | {"problem": problem}, problem.status)


def _as_problem(error: Exception) -> Problem:
    if isinstance(error, Problem):
        return error
    if isinstance(error, UnknownActionError):
        return Problem(404, "unknown_action", f"no planning run ever proposed an action {error}")
    if isinstance(error, ChangedError):
        return Problem(409, "decided_meanwhile", str(error))
    if isinstance(error, _STATE_ERRORS):
        log.error("state database: %s", error)
        why = getattr(error, "orig", None) or "no connection was free"
        return Problem(
            503, "state_not_ready", f"state database: {why}; nothing was changed, try again shortly"
        )
    if isinstance(error, HTTPException):
        return translate(error.status_code, str(error.detail).encode())
    return Problem(422, "incomplete_decision", str(error))
