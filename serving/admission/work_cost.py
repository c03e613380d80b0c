"""The work that a request is expected to cost, in milliseconds of one core: by what it asks for, not by its bytes.

The figures are those of `python -m benchmarks.service` on one core, rounded up; what a process really needs for a
millisecond of them it learns itself (`work_queue.WorkQueue.speed`).
"""

from serving.api.request_schemas import ForecastRequest, LeadTimeDemandRequest, LeadTimeRequest, PlanRequest

LARGE = 2_000.0
"""Cost above which a request is large: one of them at a time, so that others do not wait behind it."""

_BODY_BYTES = 2_000.0
"""Bytes of a body that cost a millisecond to read and check."""

_ROUTES = {
    "/v1/what-if": 400.0,
    "/v1/sourcing/compare": 400.0,
    "/what-if": 400.0,
    "/compare": 400.0,
    "/skus/": 200.0,
    "/drawings/": 100.0,
    "/v1/jobs/": 1.0,
    "/static/": 1.0,
}
"""Beginning of a path → cost of what answers there."""

_TABLE, _PLAN, _PLANNED_SKU = 50.0, 100.0, 15.0
"""Cost of a table of lead times, of a plan without its SKUs, and of each of them."""

LEAST_OF_TYPED = {"/v1/lead_time": _TABLE, "/v1/lead_time_demand": _TABLE, "/v1/plan": _PLAN + _PLANNED_SKU}
"""Path of a typed call → least cost of one whose answer has to be worked out."""

_OTHERS = 30.0
"""Cost of a page or a resource that is not named above."""


def forecast_cost(request: ForecastRequest) -> float:
    """Cost of `/v1/forecast`: some .3 ms, and what its numbers take to write."""
    return 0.3 + len(request.unique_ids) * (0.02 + 0.002 * len(request.levels))


def lead_time_cost(request: LeadTimeRequest | LeadTimeDemandRequest) -> float:
    """Cost of lead times that are not known beforehand, and of the demand over them: a table made anew."""
    return _TABLE + 0.2 * len(request.pairs)


def plan_cost(request: PlanRequest) -> float:
    """Cost of `/v1/plan`: SKUs assessed, each with its offers and open orders."""
    rows = len(request.stock or ()) + len(request.offers or ()) + len(request.open_orders or ())
    projected = 2.0 if request.projection else 1.0
    return _PLAN + projected * _PLANNED_SKU * len(request.unique_ids) + 0.4 * rows


def route_cost(path: str, body_size: int) -> float:
    """Cost of a page or a resource by its path, and of what was sent to it."""
    own = next((cost for start, cost in _ROUTES.items() if path.startswith(start)), _OTHERS)
    return own + body_size / _BODY_BYTES
