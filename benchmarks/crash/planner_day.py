"""A planner's days in a loop, until the process is killed: decide about actions, approve and export orders, plan."""

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import select

from benchmarks.crash.journal import Entry, done, trying
from benchmarks.crash.sites import Site
from configs.errors import DomainError
from database.access.approval import Approver
from database.decisions import DecisionRequest
from database.plan_runs import latest
from database.purchase_orders.change_order import OrderRequest
from database.schema import recommendations
from jobs.plan import run_plan
from serving.http.problems import Problem
from serving.orders.order_view import open_proposal, orders_now
from serving.orders.steps import export_orders, take_step
from serving.state.decisions import store_decision
from serving.state.follower import Follower

_ADA = Approver("ada")

MOST_DECISIONS = 3
"""Actions decided about between two plans."""


def work(site: Site, seed: int, again: Entry | None) -> None:
    """Decide, approve, export and plan again, without end; what was handed over is a file of its own in `site.out`."""
    chance = random.Random(seed)  # noqa: S311 -- no secret
    follower = Follower()
    follower.open(site.settings)
    if again is not None and "verdict" in again:
        decide(follower, again)
    while True:
        steps: list[Callable[[], None]] = [
            lambda: decide_some(follower, chance),
            lambda: approve_some(follower, chance),
            lambda: export_all(follower, site.out, together=chance.random() < 0.5),
        ]
        for step in steps if chance.random() < 0.8 else steps[:2]:
            step()
        plan(site, follower)
        follower.refresh()


def plan(site: Site, follower: Follower) -> None:
    """Plan, as on the data of now."""
    run_plan(site.settings, source=str(site.source), out=site.home / "out")
    run = latest(follower.engine)
    assert run is not None
    done(what="plan", run_id=run.id, folder=run.folder)


def decide_some(follower: Follower, chance: random.Random) -> None:
    """Approve or reject some of the planner's open actions."""
    query = select(recommendations.c.action_id).where(recommendations.c.status == "open")
    with follower.engine.connect() as connection:
        open_actions = sorted(connection.execute(query).scalars())
    for action_id in chance.sample(open_actions, min(MOST_DECISIONS, len(open_actions))):
        verdict = chance.choice(("approve", "reject"))
        asked = {"action_id": action_id, "verdict": verdict, "reason": f"because {chance.random()}"}
        trying(**asked)
        decide(follower, asked)


def decide(follower: Follower, asked: Entry) -> None:
    """Decide about one action of the planner's; what is no longer there is left."""
    try:
        decision, _ = store_decision(follower, DecisionRequest(who="ada", **asked), None, _ADA)
    except (DomainError, Problem):
        return
    done(what="decision", id=decision.id, **asked)


def approve_some(follower: Follower, chance: random.Random) -> None:
    """Approve the proposals of the planner's day, some first edited or commented on, some reopened."""
    for row in orders_now(follower).orders:
        if row.status == "proposed" and chance.random() < 0.7:
            _try_step(follower, row.supplier_id, None, "comment" if chance.random() < 0.2 else "approve")
        if row.status == "draft":
            _try_step(follower, row.supplier_id, row.order, "approve")
        if row.status == "approved" and chance.random() < 0.1:
            _try_step(follower, row.supplier_id, row.order, "reopen")


def _try_step(follower: Follower, supplier_id: str, order: Any, verb: Any) -> None:
    """Take a step of the planner's day; what has changed meanwhile is left as it is."""
    about = open_proposal(follower, supplier_id) if order is None else None
    request = OrderRequest(
        None if order is None else order.order_id,
        about,
        0 if order is None else order.version,
        "ada",
        {"what": verb},
        _ADA,
    )
    try:
        after, _ = take_step(follower, request, verb, reason="call first")
    except (DomainError, Problem):
        return
    done(what="step", order_id=after.order_id, request=request.fingerprint)


def export_all(follower: Follower, out: Path, *, together: bool) -> None:
    """Export what the planner approved, each order by itself or all in one file, and hand the files over."""
    approved = [
        row.order_id for row in orders_now(follower).orders if row.status == "approved" and row.order_id
    ]
    for order_ids in [approved] if together and approved else [[order_id] for order_id in approved]:
        file = export_orders(follower, order_ids, "csv", who="ada")
        done(what="export", order_ids=order_ids, sha256=file.sha256)
        (out / file.name).write_bytes(file.content)
