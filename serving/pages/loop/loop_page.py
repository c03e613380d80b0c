"""The loop page: how good forecasts were, what was decided, what it brought, and what is learned from it."""

from functools import partial
from typing import Any

import pandas as pd
from sqlalchemy import Engine
from starlette.requests import Request
from starlette.responses import Response

from database.action_ledger.learned import decision_counts, held_back_rules, known_breaks, undecided_actions
from database.decisions import CATEGORIES
from planning.realised.realised_factors import ENOUGH
from serving.pages.monitor import monitor_report_of
from serving.rendering.layout import page_context
from serving.rendering.templates import render_page
from serving.state.follower import Follower, follower_of
from serving.state.ledger_view import ledger_table, ledger_total, ledger_totals
from serving.state.served import Served

_EXPLAINED_DAYS = 120
"""Days that a detected change of a supplier's lead times may lie off an agreement about them and still be its."""


def loop_page(request: Request) -> Response:
    """Show the loop page."""
    base = page_context(request)
    if base["served"] is None or base["run"] is None:
        return render_page(request, "welcome.html", base)
    follower = follower_of(request)
    shown = follower.worklist.recall(follower.engine, ("loop", base["today"]), partial(_shown, follower))
    more = {
        "report": monitor_report_of(request),
        "factors": base["run"].facts.get("lever_factors") or [],
        "enough": ENOUGH,
        "changes": explained_changes(base["served"], shown["breaks"]),
    }
    return render_page(request, "loop.html", base | more | shown)


def _shown(follower: Follower) -> dict[str, Any]:
    """What the loop page shows of decisions and of the ledger."""
    engine, table = follower.engine, ledger_table(follower)
    breaks = known_breaks(engine)
    return {
        "undecided": undecided_actions(engine),
        "decided": _decided(engine),
        "reasons": _reasons(engine),
        "rules": held_back_rules(engine).to_dict("records"),
        "total": ledger_total(table),
        "by_lever": ledger_totals(table, "lever").to_dict("records"),
        "breaks": breaks,
        "known_breaks": _breaks_by_action(breaks),
    }


def _decided(engine: Engine) -> list[dict[str, Any]]:
    """Decisions that stand by lever: how many of each verdict."""
    counts = decision_counts(engine)
    if counts.empty:
        return []
    table = counts.pivot_table(index="kind", columns="verdict", values="actions", aggfunc="sum", fill_value=0)
    table = table.reindex(columns=["approve", "reject", "snooze"], fill_value=0)
    return list(table.reset_index().to_dict("records"))


def _reasons(engine: Engine) -> list[dict[str, Any]]:
    """Rejections that stand by category of reason: how many, and what they would have been worth."""
    counts = decision_counts(engine)
    some = counts[counts["verdict"] == "reject"]
    sums = some.groupby(some["category"].fillna("other"))[["actions", "worth"]].sum()
    return [
        {
            "label": CATEGORIES.get(str(name), str(name)),
            "actions": int(row["actions"]),
            "worth": float(row["worth"]),
        }
        for name, row in sums.sort_values("actions", ascending=False).iterrows()
    ]


def _breaks_by_action(breaks: pd.DataFrame) -> list[dict[str, Any]]:
    """Known breaks, a row an action: how many SKUs each is about."""
    columns = ["what", "title", "supplier_id", "before", "since"]
    sums = breaks.groupby(columns, dropna=False).agg(skus=("unique_id", "size")).reset_index()
    return list(sums.sort_values("since", ascending=False).to_dict("records"))


def explained_changes(served: Served, breaks: pd.DataFrame) -> list[dict[str, Any]]:
    """Detected changes of suppliers' lead times, each with the agreement that explains it, if one does."""
    card = served.scorecard
    if "state" not in card or card.empty:
        return []
    changed = card[card["since"].notna() & ~card["state"].isin(["stable", ""])]
    agreed = breaks[breaks["what"] == "lead_time"]
    found = []
    for row in changed.itertuples(index=False):
        own = agreed[agreed["supplier_id"] == row.supplier_id]
        near = own[(own["since"] - row.since).abs() <= pd.Timedelta(days=_EXPLAINED_DAYS)]
        why = str(near["title"].iloc[0]) if len(near) else ""
        found.append({"supplier_id": row.supplier_id, "state": row.state, "since": row.since, "why": why})
    return found
