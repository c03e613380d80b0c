"""The plan run: the champion and the data as they are now, turned into orders and priced actions."""

import time
import uuid
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from artifacts.home_folder import open_home
from artifacts.plan_comparison import PlanComparison
from artifacts.plan_files import PlanFolders, write_plan_run
from artifacts.plan_snapshot import PlanSnapshot
from configs.formats import plain
from configs.progress import Progress, no_progress
from configs.schema import Config
from database.action_ledger.learned import improving_suppliers
from database.engine import open_state
from database.overrides import standing_overrides
from database.plan_runs import PlanRun, PlanRunEntry, record_plan_run
from database.purchase_orders.sightings import placed_lines
from database.recommendations import approved_actions, listed_before
from database.schema import utc_now
from database.settings import Settings
from database.sources.load_tables import shown_source
from jobs.alerts.evaluate_alerts import alerts_of_plan
from jobs.compare_plan import compare_with_current
from jobs.ledger import book_ledger
from jobs.plan_data import PlanData, read_plan_data, with_approved, with_placed_orders
from jobs.plan_decision import PlanDecision, decide, listed_actions, of_today, todays_actions
from jobs.plan_overrides import kept_before, with_overrides
from jobs.plan_procurement import procurement_of
from jobs.prune import old_plans, remove
from planning.overrides.plan_overrides import refusals, with_outcomes
from planning.placed_orders import sighting_sentences
from planning.planner import Plan
from planning.worklist.one_plan import in_plan
from suppliers.report import supplier_report


@dataclass(frozen=True)
class PlanResult:
    """What a plan run came to. `facts` are JSON-able, `files` those written to OUT."""

    plan: Plan
    facts: dict[str, Any]
    files: tuple[Path, ...]

    @property
    def actions(self) -> pd.DataFrame:
        """The sourcing actions of the plan, the most valuable first."""
        return self.plan.actions

    @property
    def todays_actions(self) -> pd.DataFrame:
        """Those of them that are part of the plan and on today's list."""
        return todays_actions(self.plan)

    def summary(self) -> dict[str, Any]:
        """Facts of the plan run for a person: model, policy, counts of SKUs, orders and actions, their worth."""
        return dict(self.facts)


def run_plan(
    settings: Settings,
    *,
    source: str,
    out: Path,
    as_of: datetime | None = None,
    config: Config | None = None,
    progress: Progress = no_progress,
) -> PlanResult:
    """Plan with the champion, without refitting; write the files to `out` and make the plan run the current one.

    The row in the database comes last (its actions are sent there while files are written): until then the service
    and the pages keep the run before.

    Parameters
    ----------
    source : a data directory or a SQLAlchemy URL
    as_of : plan as on this day; none: the day the data describe
    config : its policy and retention replace those trained with, and it says how the tables' numbers and dates are
        written; all else of how the data are read is the model's

    Raises
    ------
    PlanRunError
        When no model has been promoted, or a file cannot be written.
    StateError, BundleError, DataError, PlanningError
        When state, model or data cannot be used.
    """
    started = time.monotonic()
    progress("Reading champion and tables", 0.0)
    open_home(settings.home)
    engine = open_state(settings)
    try:
        day = None if as_of is None else pd.Timestamp(as_of)
        written = None if config is None else config.data
        data = read_plan_data(settings, engine, source, as_of=day, written=written, progress=progress)
        policy, placed = data.trained_policy if config is None else config.policy, placed_lines(engine)
        ledger = book_ledger(engine, data)
        data, sightings = with_placed_orders(data, placed, policy.orders)
        approved = approved_actions(engine, today=data.checked.as_of.date())
        at_once = policy.agreed_lead_times == "at_once"
        data = with_approved(data, approved, ledger.bookings, at_once=at_once)
        data = with_overrides(data, standing_overrides(engine), policy, kept_before(settings, engine))
        progress("Planning", 0.6)
        decision = decide(data, policy, improving_suppliers(engine))
        decision = replace(decision, plan=ledger.judge(decision.plan, data.checked.as_of))
        decision = of_today(decision, listed_before(engine, data.checked.as_of.date()))
        given = with_outcomes(data.overrides.given, decision.plan.plan)
        data = replace(data, overrides=replace(data.overrides, given=given))
        progress("Writing", 0.85)
        facts = plan_facts(data, decision)
        facts["warnings"] += sighting_sentences(placed, sightings)
        facts["warnings"] += refusals(given)
        facts["lever_factors"] = ledger.facts()
        facts["seconds"] = round(time.monotonic() - started, 1)
        folders = PlanFolders(out, settings.plans / _folder_name(data.checked.as_of))
        entry = PlanRunEntry(
            data.bundle.hash, data.checked.as_of.date(), shown_source(source), folders.snapshot.name, facts
        )
        recorded = {
            "actions": listed_actions(decision.plan),
            "sightings": sightings,
            "bookings": ledger.bookings,
        }
        record = partial(record_plan_run, engine, entry, **recorded)
        compared = compare_with_current(settings, engine, data, decision.plan)
        snapshot = plan_snapshot(data, decision, compared, facts)
        files = _write(record, folders, snapshot, data=data, decision=decision)
        judged_on = None if as_of is not None else utc_now().date()
        facts |= alerts_of_plan(settings, engine, data, decision, snapshot, judged_on)
        retention = data.bundle.retention if config is None else config.retention
        remove(old_plans(engine, settings, retention.plan_runs))
    finally:
        engine.dispose()
    progress("Done", 1.0)
    return PlanResult(decision.plan, facts, files)


def plan_facts(data: PlanData, decision: PlanDecision) -> dict[str, Any]:
    """Facts of a plan run as `purvey plan` prints them: day, model, policy, counts, and what the actions are worth."""
    plan, policy = decision.plan, decision.policy
    chosen, actions = plan.actions[in_plan(plan.actions)], todays_actions(plan)
    yearly = actions["worth_period"] == "year"
    return {
        "as_of": str(data.checked.as_of.date()),
        "model": data.model_version,
        "bundle": data.bundle.hash,
        "policy": policy.target if policy.target == "cost" else f"{policy.target} {plain(policy.level)}",
        "skus": len(data.outlook.forecast),
        "orders": int((plan.plan["order_quantity"] > 0).sum()),
        "unanswered": len(plan.unanswered),
        "quarantined": sum(len(rows) for rows in data.checked.quarantine.values()),
        "actions": len(actions),
        "actions_waiting": len(chosen) - len(actions),
        "worth_a_year": round(float(actions.loc[yearly, "worth"].sum()), 2),
        "worth_once": round(float(actions.loc[~yearly, "worth"].sum()), 2),
        "warnings": [str(warning) for warning in data.checked.first_warnings],
    }


def plan_snapshot(
    data: PlanData, decision: PlanDecision, compared: PlanComparison, facts: Mapping[str, Any]
) -> PlanSnapshot:
    """The snapshot of a plan run from which the service answers: the tables it saw, what it decided, what changed."""
    tables, plan, outlook = data.checked.tables, decision.plan, data.outlook
    return PlanSnapshot(
        items=tables.items,
        suppliers=tables.suppliers,
        offers=tables.offers,
        stock=tables.stock,
        purchase_orders=tables.purchase_orders,
        orders=data.checked.orders,
        demand=data.recent_demand,
        plan=plan.plan,
        alone=plan.alone,
        lead_time=plan.lead_time,
        unanswered=plan.unanswered,
        order_lines=plan.order_lines,
        supplier_orders=plan.orders,
        budget_use=plan.budget_use,
        running_out=plan.running_out,
        excess_stock=plan.excess_stock,
        responsible=plan.responsible,
        off_preferred=plan.off_preferred,
        service_cost=plan.service_cost,
        term_worth=plan.term_worth,
        eoq=plan.eoq,
        changes=compared.skus,
        action_changes=compared.actions,
        overrides=data.overrides.given,
        sku_overrides=data.overrides.of_skus,
        kept_forecasts=data.overrides.kept,
        forecast=outlook.forecast,
        explanation=outlook.explanation,
        groups=outlook.group_forecast,
        supplier_calendar=data.supplier_calendar,
        procurement=procurement_of(data, decision),
        facts={
            **facts,
            "freq": data.panel.freq,
            "policy": decision.policy.model_dump(mode="json"),
            "changes": compared.facts,
        },
    )


def _folder_name(as_of: pd.Timestamp) -> str:
    """Name of a plan run's folder: its day and a random part, so that no two are the same."""
    return f"{as_of:%Y%m%d}-{uuid.uuid4().hex[:12]}"


def _write(
    record: Callable[[], AbstractContextManager[PlanRun]],
    folders: PlanFolders,
    snapshot: PlanSnapshot,
    *,
    data: PlanData,
    decision: PlanDecision,
) -> tuple[Path, ...]:
    """Write the files of a plan run in a thread while its actions go to the database; return the files in `out`.

    The plan run is recorded as the current one only once all files are there.
    """
    with ThreadPoolExecutor(1) as beside:
        written = beside.submit(_write_files, folders, snapshot, data, decision)
        with record():
            files = written.result()
    return files


def _write_files(
    folders: PlanFolders, snapshot: PlanSnapshot, data: PlanData, decision: PlanDecision
) -> tuple[Path, ...]:
    """Write the plan's files with the table of suppliers, and return those in `out`."""
    suppliers = supplier_report(snapshot, decision.scorecard).table
    return write_plan_run(folders, snapshot, decision.plan, suppliers=suppliers, checked=data.checked)
