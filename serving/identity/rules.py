"""Rules of access: every route of the server with the roles that may use it. What has no rule here does not answer.

Paths are those of the route tables, the more particular first, as there; HEAD goes with GET.
"""

from functools import lru_cache
from typing import NamedTuple

from starlette.routing import compile_path

from configs.access import Role
from serving.http.framework_errors import translate_error
from serving.http.problems import Problem

_Roles = frozenset[Role]

READ: _Roles = frozenset({"viewer", "planner", "buyer", "approver", "scientist", "admin"})
"""Everybody with a role reads everything, and asks what something would come to."""

PLAN: _Roles = frozenset({"planner", "admin"})
"""Sets numbers in place of the model's."""

JUDGE: _Roles = frozenset({"planner", "buyer", "approver", "admin"})
"""Decides about actions, and writes notes; approves only within `APPROVE`."""

ORDER: _Roles = frozenset({"buyer", "approver", "admin"})
"""Takes steps with purchase orders, of which `STEPS` says more."""

APPROVE: _Roles = frozenset({"buyer", "approver", "admin"})
"""Approves, a buyer up to the limit that is configured, by default nothing."""

PUBLIC: _Roles = frozenset()
"""Needs nobody: what a login page is made of."""

STEPS: dict[str, _Roles] = {
    "edit": frozenset({"buyer", "admin"}),
    "renew": frozenset({"buyer", "admin"}),
    "sent": frozenset({"buyer", "admin"}),
    "withdraw": ORDER,
    "reopen": ORDER,
    "comment": frozenset({"planner", "buyer", "approver", "admin"}),
    "approve": APPROVE,
}
"""Step with a purchase order → roles that may take it."""

VERDICTS: dict[str, _Roles] = {"approve": APPROVE, "reject": JUDGE, "snooze": JUDGE, "reopen": JUDGE}
"""Verdict about a recommended action → roles that may give it."""

COMMENT_OR_ORDER: _Roles = ORDER | STEPS["comment"]

MOST_PATH = 2_000
"""Characters of a path: an id has up to 200. Thousands of paths are remembered with their rules, whoever sent them."""

PROBES = frozenset({"/livez", "/healthz", "/readyz"})
"""Answered to whoever asks, under whatever host: by them a machine sees that the server is up."""

RULES: dict[str, dict[str, _Roles]] = {
    **{probe: {"GET": PUBLIC} for probe in sorted(PROBES)},
    "/login": {"GET": PUBLIC, "POST": PUBLIC},
    "/logout": {"POST": PUBLIC},
    "/password": {"GET": READ, "POST": READ},
    "/static/{path:path}": {"GET": PUBLIC},
    "/metrics": {"GET": READ},
    "/docs.json": {"GET": READ},
    # the typed API
    "/v1/forecast": {"POST": READ},
    "/v1/lead_time": {"POST": READ},
    "/v1/lead_time_demand": {"POST": READ},
    "/v1/plan": {"POST": READ},
    # the API's resources
    "/v1/forecast/{unique_id:path}/explanation": {"GET": READ},
    "/v1/forecast_groups": {"GET": READ},
    "/v1/skus": {"GET": READ},
    "/v1/suppliers": {"GET": READ},
    "/v1/suppliers/{supplier_id:path}/brief": {"GET": READ},
    "/v1/suppliers/{supplier_id:path}": {"GET": READ},
    "/v1/recommendations": {"GET": READ},
    "/v1/recommendations/{action_id}": {"GET": READ},
    "/v1/recommendations/{action_id}/notes": {"POST": JUDGE},
    "/v1/decisions": {"GET": READ, "POST": JUDGE},
    "/v1/orders": {"GET": READ, "POST": COMMENT_OR_ORDER},
    "/v1/orders/check": {"POST": READ},
    "/v1/orders/export": {"POST": ORDER},
    "/v1/orders/proposals/{supplier_id:path}": {"GET": READ},
    "/v1/orders/{order_id}": {"GET": READ},
    "/v1/orders/{order_id}/export": {"POST": ORDER},
    "/v1/exceptions": {"GET": READ},
    "/v1/exceptions/{exception_id}": {"POST": JUDGE},
    "/v1/overrides": {"GET": READ, "POST": PLAN},
    "/v1/overrides/value": {"GET": READ},
    "/v1/overrides/{override_id}/end": {"POST": PLAN},
    "/v1/jobs": {"GET": READ, "POST": READ},
    "/v1/jobs/{job_id}": {"GET": READ, "DELETE": READ},
    "/v1/jobs/{job_id}/result": {"GET": READ},
    "/v1/sourcing/compare": {"POST": READ},
    "/v1/changes": {"GET": READ},
    "/v1/ledger": {"GET": READ},
    "/v1/responsible": {"GET": READ},
    "/v1/service-cost": {"GET": READ},
    "/v1/buy": {"GET": READ},
    "/v1/restock": {"GET": READ},
    "/v1/segments/{view}": {"GET": READ},
    "/v1/spend": {"GET": READ},
    "/v1/spend/outlook": {"GET": READ},
    "/v1/spend/unusual": {"GET": READ},
    "/v1/what-if": {"GET": READ},
    # pages, and the forms on them
    "/": {"GET": READ},
    "/actions": {"POST": JUDGE},
    "/actions/{action_id}": {"GET": READ, "POST": JUDGE},
    "/actions/{action_id}/notes": {"POST": JUDGE},
    "/orders": {"GET": READ, "POST": APPROVE},
    "/orders/export": {"POST": ORDER},
    "/orders/proposals/{supplier_id:path}": {"GET": READ, "POST": COMMENT_OR_ORDER},
    "/orders/{order_id}": {"GET": READ, "POST": COMMENT_OR_ORDER},
    "/orders/{order_id}/export": {"POST": ORDER},
    "/buy": {"GET": READ},
    "/restock": {"GET": READ},
    "/segments": {"GET": READ},
    "/alerts": {"GET": READ},
    "/alerts.rss": {"GET": READ},
    "/alerts/{exception_id}": {"POST": JUDGE},
    "/calendar.ics": {"GET": READ},
    "/spend": {"GET": READ},
    "/stock": {"GET": READ},
    "/stock/value": {"GET": READ},
    "/skus": {"GET": READ},
    "/skus/{unique_id:path}/what-if": {"GET": READ},
    "/skus/{unique_id:path}": {"GET": READ},
    "/suppliers": {"GET": READ},
    "/supplier-risk": {"GET": READ},
    "/suppliers/{supplier_id:path}/what-if": {"GET": READ},
    "/suppliers/{supplier_id:path}/brief": {"GET": READ},
    "/suppliers/{supplier_id:path}/brief.json": {"GET": READ},
    "/suppliers/{supplier_id:path}/brief.md": {"GET": READ},
    "/suppliers/{supplier_id:path}": {"GET": READ},
    "/overrides": {"GET": READ, "POST": PLAN},
    "/overrides/{override_id}/end": {"POST": PLAN},
    "/changes": {"GET": READ},
    "/compare": {"GET": READ},
    "/levers": {"GET": READ},
    "/responsible": {"GET": READ},
    "/service-cost": {"GET": READ},
    "/ledger": {"GET": READ},
    "/loop": {"GET": READ},
    "/model": {"GET": READ},
    "/monitor": {"GET": READ},
    # lists as files, and charts
    **{
        f"/{name}.{kind}": {"GET": READ}
        for name in ("actions", "alerts", "orders", "restock", "segments", "spend", "stock", "stock/value", "skus",
                     "suppliers", "overrides", "changes", "responsible", "service-cost", "ledger")
        for kind in ("csv", "xlsx")
    },
    "/drawings/model/{chart}": {"GET": READ},
    "/drawings/ledger": {"GET": READ},
    "/drawings/monitor/loss": {"GET": READ},
    "/drawings/spend/months": {"GET": READ},
    "/drawings/service/{by}": {"GET": READ},
    "/drawings/skus/{chart}/{unique_id:path}": {"GET": READ},
    "/drawings/suppliers/{chart}/{supplier_id:path}": {"GET": READ},
}  # fmt: skip

RIGHTS: dict[str, _Roles] = {
    "plan": PLAN,
    "judge": JUDGE,
    "approve": APPROVE,
    "order": ORDER,
    "edit": STEPS["edit"],
    "comment": STEPS["comment"],
}
"""What pages show forms for → roles that may send them."""


def rights_of(roles: _Roles) -> dict[str, bool]:
    """Return what somebody with these roles may do, by the names of `RIGHTS`."""
    return {name: bool(roles & allowed) for name, allowed in RIGHTS.items()}


_PATTERNS = [(compile_path(path)[0], methods) for path, methods in RULES.items() if "{" in path]


class Rule(NamedTuple):
    """Who may use a route by a method: those with one of the `roles`; `public`: whoever asks."""

    roles: _Roles
    public: bool


@lru_cache(maxsize=4096)
def rule_of(method: str, path: str) -> Rule:
    """Return the rule of a method and path.

    Raises
    ------
    Problem
        404 where no route with a rule has the path, 405 where one has it by other methods, 414 where it is too long.
    """
    if len(path) > MOST_PATH:
        raise Problem(
            414, "path_too_long", f"the path has {len(path):,} characters, the limit is {MOST_PATH:,}"
        )
    method = "GET" if method == "HEAD" else method
    plain = RULES.get(path) if "{" not in path else None
    methods = plain or next((methods for pattern, methods in _PATTERNS if pattern.match(path)), None)
    if methods is None:
        raise translate_error(404, b"")
    if method not in methods:
        raise translate_error(405, b"", allow=(*methods, *(["HEAD"] if "GET" in methods else [])))
    return Rule(methods[method], methods[method] is PUBLIC)
