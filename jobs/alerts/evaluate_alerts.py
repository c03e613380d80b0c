"""Exceptions at the end of a plan run: what its tables show opens, keeps and closes them, and fills the outbox."""

import logging
from datetime import date
from typing import Any

import pandas as pd
from sqlalchemy import Engine

from artifacts.monitor_report import read_monitor_report
from artifacts.plan_snapshot import PlanSnapshot
from database.alerts.exception_store import Changes, Evaluation, StandingFrames, store_changes
from database.plan_runs import latest
from database.schema import utc_now
from database.settings import Settings
from features.contract.frequency import days_per_period
from jobs.alerts.alert_settings import configured_alerts
from jobs.alerts.letters import letters_of
from jobs.plan_data import PlanData
from jobs.plan_decision import PlanDecision
from procurement.alerts.evaluate import evaluate
from procurement.alerts.hysteresis import settle
from procurement.alerts.plan_facts import PlanFacts
from procurement.alerts.rules import rules_of

log = logging.getLogger("purvey.alerts")

_LONGEST_LATE = 365
"""Days after which data are of another year, on their own calendar, and not late."""


def alerts_of_plan(
    settings: Settings,
    engine: Engine,
    data: PlanData,
    decision: PlanDecision,
    snapshot: PlanSnapshot,
    judged_on: date | None,
) -> dict[str, Any]:
    """Evaluate the alerts of the plan run just recorded; whatever goes wrong there is said, and the plan stays.

    Returns facts of the plan run: alerts_opened, alerts_closed, alerts_queued, or alerts_problem.
    """
    try:
        counts = evaluate_alerts(
            settings, engine, tables=alert_tables(data, decision, snapshot),
            facts=plan_facts(settings, data, snapshot, judged_on),
        )  # fmt: skip
    except Exception as error:
        # The plan is recorded and good; nothing that alerts do may take it away from people.
        log.exception("alerts of the plan were not evaluated")
        return {"alerts_queued": 0, "alerts_problem": f"{type(error).__name__}: {error}"}
    return {f"alerts_{name}": counts[name] for name in ("opened", "closed", "queued")}


def evaluate_alerts(
    settings: Settings, engine: Engine, *, tables: dict[str, pd.DataFrame], facts: PlanFacts
) -> dict[str, int]:
    """Open, keep and close exceptions of the last plan run, whose tables these are; returns how many of each.

    Raises
    ------
    ConfigError
        When `alerts.yaml` cannot be used.
    """
    config, run = configured_alerts(settings), latest(engine)
    if run is None:
        return dict.fromkeys(("opened", "kept", "closed", "queued"), 0)
    rules = rules_of(config)
    found = evaluate(rules, tables, facts)

    def changes(before: StandingFrames) -> Changes:
        settled = settle(rules, found, standing=before.standing, pending=before.pending, day=facts.as_of)
        return Changes(settled.opened, settled.kept, settled.closed, settled.pending)

    evaluation = Evaluation(run.id, facts.as_of.date(), utc_now())
    return store_changes(engine, evaluation, changes, letters_of(config, facts.currency))


def alert_tables(data: PlanData, decision: PlanDecision, snapshot: PlanSnapshot) -> dict[str, pd.DataFrame]:
    """The tables of a plan run that alerts look at, by the names that their rules know."""
    card = decision.scorecard
    kept = {} if snapshot.procurement is None else snapshot.procurement.tables
    return {
        **{name: kept[name] for name in ("budget_outlook", "unusual_spend", "expiring_lots") if name in kept},
        "plan": snapshot.plan,
        "running_out": snapshot.running_out,
        "orders": snapshot.orders,
        "contracts": data.checked.tables.contracts,
        "scorecard": card.table.merge(card.recent.reset_index(), on="supplier_id", how="left"),
    }


def plan_facts(
    settings: Settings, data: PlanData, snapshot: PlanSnapshot, judged_on: date | None
) -> PlanFacts:
    """What alerts know of a plan run besides its tables. `judged_on`: today; none: the plan is for a day of choice."""
    as_of = data.checked.as_of
    today = as_of if judged_on is None else pd.Timestamp(judged_on)
    if not 0 <= (today - as_of).days <= _LONGEST_LATE:
        today = as_of
    report = read_monitor_report(settings, data.bundle.hash) or {}
    counted = snapshot.stock["as_of"].max()
    described = snapshot.items.dropna(subset=["description"])
    named = snapshot.suppliers.dropna(subset=["name"])
    trained = data.bundle.info.get("as_of", data.bundle.info["cutoff"])
    return PlanFacts(
        as_of=as_of,
        today=today,
        currency=data.currency,
        period_days=days_per_period(data.panel.freq),
        trained_as_of=pd.Timestamp(trained),
        counted_on=None if pd.isna(counted) else counted,
        retrain=str(report.get("message", "")) if report.get("retrain") else "",
        supplier_names=dict(zip(named["supplier_id"], named["name"], strict=True)),
        descriptions=dict(zip(described["unique_id"], described["description"], strict=True)),
    )
