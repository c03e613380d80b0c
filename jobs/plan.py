"""The planning run: the champion and the data as they are now, turned into orders and priced actions."""

import time
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

import pandas as pd
from sqlalchemy import Engine
from sqlalchemy.engine import make_url

from artifacts.bundle import Bundle, open_bundle
from artifacts.plan_run import PlanSnapshot
from configs.schema import DataConfig, PolicyConfig
from database import ledger, plan_runs
from database.engine import open_engine
from database.migrate import check_current, has_tables
from database.settings import Settings
from database.sources import load_tables
from distributions.demand_forecast import DemandForecast
from features.contract.tables import DataError
from features.demand.panel import Panel, make_panel
from features.demand.recent import daily_rate, recent_demand
from features.orders.supplier_calendar import SupplierCalendar
from features.quality.checked import Checked
from features.quality.fingerprint import panel_fingerprint
from jobs.plan_files import PlanRunError, prune, write_run
from models.demand.attribution.explanation import Explanation
from models.demand.groups.forecast import GroupForecast
from planning.inputs import PlanInputs
from planning.planner import Plan, Planner
from suppliers.scorecard import Scorecard, scorecard

NO_CHAMPION = "no model has been promoted yet; run `purvey train --config FILE --data DIR` first"

KEPT_RUNS = 5
"""Planning runs whose folders stay on disk; only the last one is served."""

Progress = Callable[[str, float], None]


class HasPolicy(Protocol):
    """What is taken from a config: the policy. How the data are read is the model's."""

    @property
    def policy(self) -> PolicyConfig:
        """The `policy` section."""
        ...


@dataclass(frozen=True)
class PlanResult:
    """What a run came to. `facts` are JSON-able, `files` those written to OUT."""

    plan: Plan
    facts: dict[str, Any]
    files: tuple[Path, ...]

    @property
    def actions(self) -> pd.DataFrame:
        """The actions, the most valuable first."""
        return self.plan.actions

    def summary(self) -> dict[str, Any]:
        """Return the facts a person wants to see."""
        return dict(self.facts)


@dataclass(frozen=True)
class _Read:
    """All a run reads."""

    bundle: Bundle
    version: str
    checked: Checked
    panel: Panel
    forecast: DemandForecast
    explanation: Explanation | None
    groups: GroupForecast | None

    @cached_property
    def demand(self) -> pd.DataFrame:
        """Demand of the last periods."""
        return recent_demand(self.panel)

    @cached_property
    def supplier_calendar(self) -> SupplierCalendar:
        """Where suppliers are and when they rest, as known now."""
        return SupplierCalendar.of(self.checked.tables)


def _silent(what: str, done: float) -> None:
    """Show nothing."""


def run_plan(
    settings: Settings,
    *,
    source: str,
    out: Path,
    as_of: datetime | None = None,
    config: HasPolicy | None = None,
    progress: Progress = _silent,
) -> PlanResult:
    """Plan with the champion, without refitting; write the files to `out` and make the run the current one.

    The row in the database comes last (its actions are sent there while files are written): until then the service
    and the pages keep the run before.

    Parameters
    ----------
    source : a data directory or a SQLAlchemy URL
    as_of : plan as on this day; none: the day the data describe
    config : its policy replaces the one trained with

    Raises
    ------
    PlanRunError
        When no model has been promoted, or a file cannot be written.
    StateError, BundleError, DataError, PlanningError
        When state, model or data cannot be used.
    """
    started = time.monotonic()
    progress("Reading champion and tables", 0.0)
    engine = open_engine(settings.state_url)
    try:
        if not has_tables(engine):
            raise PlanRunError(NO_CHAMPION)
        check_current(engine)
        read = _read(settings, engine, source, None if as_of is None else pd.Timestamp(as_of), progress)
        progress("Planning", 0.6)
        policy = (
            PolicyConfig.model_validate(read.bundle.config["policy"]) if config is None else config.policy
        )
        inputs = plan_inputs(read.checked, read.demand)
        lead_times = read.bundle.lead_time.knowing(read.supplier_calendar)
        planner = Planner(read.forecast, lead_times, policy, read.bundle.rules)  # type: ignore[arg-type]
        with ThreadPoolExecutor(1) as aside:
            card = aside.submit(_scorecard, read.checked)
            plan = planner.plan(inputs)
        progress("Writing", 0.85)
        facts = _facts(read, plan, policy) | {"seconds": round(time.monotonic() - started, 1)}
        snapshot = _snapshot(read, plan, facts, policy)
        folder = settings.plans / f"{pd.Timestamp(inputs.as_of):%Y%m%d}-{uuid.uuid4().hex[:12]}"
        with ThreadPoolExecutor(1) as aside:
            written = aside.submit(write_run, read.checked, snapshot, plan, card.result(), (out, folder))
            with plan_runs.recording(
                engine,
                bundle_hash=read.bundle.hash,
                as_of=inputs.as_of.date(),
                source=shown_source(source),
                folder=folder.name,
                facts=facts,
                actions=plan.actions,
            ):
                files = written.result()
    finally:
        engine.dispose()
    prune(settings.plans, keep=KEPT_RUNS)
    progress("Done", 1.0)
    return PlanResult(plan, facts, files)


def _read(
    settings: Settings, engine: Engine, source: str, as_of: pd.Timestamp | None, progress: Progress
) -> _Read:
    champion = ledger.champion(engine)
    if champion is None:
        raise PlanRunError(NO_CHAMPION)
    bundle = open_bundle(settings.bundles, champion.bundle_hash)
    data = DataConfig.model_validate(bundle.config["data"])
    checked = load_tables(source, data, as_of=as_of)
    progress("Forecasting", 0.3)
    h = int(bundle.info["horizon"])
    panel = make_panel(checked.tables, data, freq=str(bundle.info["freq"]), horizon=h)
    if checked.freq != bundle.info["freq"]:
        raise DataError(
            f"demand is {checked.freq} now, the champion was trained on {bundle.info['freq']}; train again"
        )
    if panel_fingerprint(panel) == bundle.info.get("panel_fingerprint"):
        forecast, explanation, groups = bundle.forecast, bundle.explanation, bundle.group_forecast
    else:
        from models.demand.attribution.attribution import explained_forecast

        forecast, explanation = explained_forecast(bundle.demand, panel, h)
        groups = None if bundle.groups is None else bundle.groups.predict(panel, forecast)
    return _Read(bundle, champion.version, checked, panel, forecast, explanation, groups)


def plan_inputs(checked: Checked, demand: pd.DataFrame) -> PlanInputs:
    """Return what the planner takes, from the checked tables and the recent demand."""
    tables = checked.tables
    return PlanInputs(
        as_of=checked.as_of,
        items=tables.items,
        offers=tables.offers,
        stock=tables.stock,
        suppliers=tables.suppliers,
        open_orders=checked.orders[checked.orders["is_open"]].reset_index(drop=True),
        purchase_orders=tables.purchase_orders,
        recent_demand=daily_rate(demand, checked.freq),
    )


def _scorecard(checked: Checked) -> Scorecard:
    """How suppliers did: it needs no plan, and so is made beside it."""
    tables = checked.tables
    return scorecard(
        checked.orders, tables.purchase_orders, tables.suppliers, tables.offers, as_of=checked.as_of
    )


def _facts(read: _Read, plan: Plan, policy: PolicyConfig) -> dict[str, Any]:
    yearly = plan.actions["worth_period"] == "year"
    return {
        "as_of": str(read.checked.as_of.date()),
        "model": read.version,
        "bundle": read.bundle.hash,
        "policy": policy.target if policy.target == "cost" else f"{policy.target} {policy.level:g}",
        "skus": len(read.forecast),
        "orders": int((plan.plan["order_quantity"] > 0).sum()),
        "unanswered": len(plan.unanswered),
        "quarantined": sum(len(rows) for rows in read.checked.quarantine.values()),
        "actions": len(plan.actions),
        # as on the worklist: of a SKU's actions that pay every year the best, for they exclude each other
        "worth_a_year": float(plan.actions[yearly].groupby("unique_id")["worth"].max().sum()),
        "worth_once": float(plan.actions.loc[~yearly, "worth"].sum()),
    }


def _snapshot(read: _Read, plan: Plan, facts: dict[str, Any], policy: PolicyConfig) -> PlanSnapshot:
    tables = read.checked.tables
    return PlanSnapshot(
        items=tables.items,
        suppliers=tables.suppliers,
        offers=tables.offers,
        stock=tables.stock,
        purchase_orders=tables.purchase_orders,
        orders=read.checked.orders,
        demand=read.demand,
        plan=plan.plan,
        lead_time=plan.lead_time,
        unanswered=plan.unanswered,
        forecast=read.forecast,
        explanation=read.explanation,
        groups=read.groups,
        supplier_calendar=read.supplier_calendar,
        facts=facts | {"freq": read.panel.freq, "policy": policy.model_dump(mode="json")},
    )


def shown_source(source: str) -> str:
    """`source` without a password."""
    return make_url(source).render_as_string(hide_password=True) if "://" in source else source
