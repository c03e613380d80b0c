"""The page of all levers by group: what each is, when it is proposed, what it needs, what the plan has of it."""

from typing import Any, get_args

from starlette.requests import Request
from starlette.responses import Response

from database.worklist import KindCount, kind_counts
from planning.levers.lever_catalog import LEVERS, Group, Lever
from serving.pages.levers.lever_texts import LEVER_TEXTS, LeverText
from serving.rendering.layout import page_context
from serving.rendering.templates import render_page
from serving.state.follower import follower_of

_ABOUT = {"sku": "a SKU", "supplier": "a supplier", "order": "an open order"}
_NONE = KindCount("", 0, 0, 0.0, 0.0)


def levers_page(request: Request) -> Response:
    """Show every lever, by group, and how often it fires in the current plan."""
    base = page_context(request)
    if base["served"] is None or base["run"] is None:
        return render_page(request, "welcome.html", base)
    counts = {each.kind: each for each in kind_counts(follower_of(request).engine, today=base["today"])}
    efforts = base["served"].policy.effort
    groups: dict[str, list[dict[str, Any]]] = {name: [] for name in get_args(Group)}
    for kind, lever in LEVERS.items():
        groups[lever.group].append(
            _row(kind, lever, counts.get(kind, _NONE), float(getattr(efforts, lever.effort)))
        )
    more = {"groups": {name: rows for name, rows in groups.items() if rows}}
    return render_page(request, "levers.html", base | more)


def _row(kind: str, lever: Lever, count: KindCount, effort: float) -> dict[str, Any]:
    """A lever as the page shows it."""
    text = LEVER_TEXTS.get(kind, LeverText(""))
    return {
        "kind": kind,
        "label": lever.label,
        "about": _ABOUT[lever.of],
        "trigger": text.trigger,
        "needs": text.needs,
        "effort": effort,
        "count": count,
    }
