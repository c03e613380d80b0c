"""The snapshot of a plan run, one folder that the service answers from: the tables it saw and what it decided."""

import json
import os
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, TypeVar

import pandas as pd

from artifacts.home_folder import make_private, staging_folder
from artifacts.parts.explanation_store import ExplanationError, read_explanation, write_explanation
from artifacts.parts.forecast_store import ForecastError, read_forecast, write_forecast
from artifacts.parts.group_forecast_store import (
    GROUP_FORECAST_FILE,
    GroupForecastError,
    read_group_forecast,
    write_group_forecast,
)
from artifacts.parts.procurement_store import Procurement, read_procurement, write_procurement
from artifacts.plan_manifest import FIX, SnapshotError, check_plan_files, write_plan_manifest
from distributions.demand_forecast import DemandForecast
from features.orders.supplier_calendar import SupplierCalendar
from models.demand.attribution.explanation import Explanation
from models.demand.groups.group_forecast import GroupForecast
from planning.changes.action_changes import no_action_changes
from planning.changes.plan_changes import no_changes
from planning.compare.service_promise import no_service_cost
from planning.levers.responsible.preferred_vendors import nothing_off_preferred
from planning.levers.responsible.responsible_table import no_responsible
from planning.levers.rhythm.eoq import no_eoq
from planning.levers.term_worth import no_term_worth
from planning.overrides.override_tables import no_kept_forecasts, no_overrides, no_sku_overrides
from planning.stock_review.excess_stock import no_excess_stock
from planning.stock_review.running_out import nothing_running_out
from planning.tables.order_lines_table import no_order_lines
from planning.tables.orders_table import no_budget_use, no_orders

Part = TypeVar("Part")


@dataclass(frozen=True)
class PlanSnapshot:
    """All of a plan run that the service answers from, besides the model.

    Attributes
    ----------
    items, suppliers, offers, stock, purchase_orders : tables of the data contract
    orders : frame of `features.orders.order_history.order_history` at `as_of`
    demand : `unique_id, ds, y, in_stock` of the last periods, for the charts
    plan, lead_time, unanswered, order_lines : tables of `planning.planner.Plan`
    alone : its `alone`, what each SKU would order on its own; without rows in plans made before it was kept
    supplier_orders : its `orders`; like `order_lines` and `budget_use` empty in plans made before there were any
    budget_use : of the plan
    running_out, excess_stock : its lists of stock, likewise
    responsible, off_preferred : of the plan, what is bought from whom, likewise
    service_cost, term_worth, eoq : of the plan, likewise
    changes, action_changes : what changed since the plan before, as `artifacts.plan_comparison` has it, likewise
    overrides, sku_overrides, kept_forecasts : tables of `planning.overrides.plan_overrides.PlanOverrides`, likewise
    forecast : all forecasts, with all their levels
    explanation : what the means of the forecast are made of, none where the demand model cannot say
    groups : the forecast of groups of SKUs, none where the champion was trained before there was one
    supplier_calendar : regions and shutdowns of suppliers, none in plans made before that was kept
    procurement : spend and stock as procurement asks for them, likewise
    facts : as_of, freq, currency, notice, policy and the counts of the run
    """

    items: pd.DataFrame
    suppliers: pd.DataFrame
    offers: pd.DataFrame
    stock: pd.DataFrame
    purchase_orders: pd.DataFrame
    orders: pd.DataFrame
    demand: pd.DataFrame
    plan: pd.DataFrame
    alone: pd.DataFrame
    lead_time: pd.DataFrame
    unanswered: pd.DataFrame
    order_lines: pd.DataFrame
    supplier_orders: pd.DataFrame
    budget_use: pd.DataFrame
    running_out: pd.DataFrame
    excess_stock: pd.DataFrame
    responsible: pd.DataFrame
    off_preferred: pd.DataFrame
    service_cost: pd.DataFrame
    term_worth: pd.DataFrame
    eoq: pd.DataFrame
    changes: pd.DataFrame
    action_changes: pd.DataFrame
    overrides: pd.DataFrame
    sku_overrides: pd.DataFrame
    kept_forecasts: pd.DataFrame
    forecast: DemandForecast
    explanation: Explanation | None
    groups: GroupForecast | None
    supplier_calendar: SupplierCalendar | None
    procurement: Procurement | None
    facts: dict[str, Any]

    @property
    def as_of(self) -> pd.Timestamp:
        """Day of the plan run that the snapshot is of."""
        return pd.Timestamp(self.facts["as_of"])


EXPLANATION, FORECAST = "explanation.parquet", "forecast_levels.parquet"
BASIS = "decision_basis"
"""Name of the table, beside a snapshot's own, of what a plan's decisions rest on."""

_HAS_MANIFEST = "manifest"
"""Key in `facts.json` of runs that have a manifest; those made before there were any lack it."""

FRAMES = tuple(f.name for f in fields(PlanSnapshot) if f.type is pd.DataFrame)


def write_snapshot(snapshot: PlanSnapshot, folder: Path, extra: Mapping[str, pd.DataFrame]) -> None:
    """Write the snapshot of a plan run to `folder`, and the tables of `extra` beside it: all of it or nothing."""
    with staging_folder(folder.parent) as staging:
        incoming = staging / "plan"
        incoming.mkdir()
        write_frames({name: getattr(snapshot, name) for name in FRAMES} | dict(extra), incoming)
        write_forecast(snapshot.forecast, incoming / FORECAST)
        if snapshot.explanation is not None:
            write_explanation(snapshot.explanation, incoming / EXPLANATION)
        if snapshot.groups is not None:
            write_group_forecast(snapshot.groups, incoming / GROUP_FORECAST_FILE)
        if snapshot.supplier_calendar is not None:
            snapshot.supplier_calendar.save(incoming)
        if snapshot.procurement is not None:
            write_procurement(snapshot.procurement, incoming)
        facts = json.dumps({**snapshot.facts, _HAS_MANIFEST: True}, indent=1)
        (incoming / "facts.json").write_text(facts, encoding="utf-8")
        write_plan_manifest(incoming)
        make_private(incoming)
        incoming.rename(folder)


def write_frames(frames: Mapping[str, pd.DataFrame], folder: Path) -> None:
    """Write the frames of a snapshot, or other tables of a plan, as `folder/<name>.parquet` in parallel threads."""

    def write(name: str) -> None:
        frames[name].to_parquet(folder / f"{name}.parquet", index=False)

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(write, frames))


def read_snapshot(folder: Path) -> PlanSnapshot:
    """Read the snapshot of a plan run that `write_snapshot` wrote to `folder`.

    Raises
    ------
    SnapshotError
        When a file is missing or damaged.
    """
    facts = read_facts(folder)
    check_plan_files(folder, expected=bool(facts.pop(_HAS_MANIFEST, False)))
    added = {
        "alone": _nothing_alone,
        "order_lines": no_order_lines,
        "supplier_orders": no_orders,
        "budget_use": no_budget_use,
        "running_out": nothing_running_out,
        "excess_stock": no_excess_stock,
        "responsible": no_responsible,
        "off_preferred": nothing_off_preferred,
        "service_cost": no_service_cost,
        "term_worth": no_term_worth,
        "eoq": no_eoq,
        "changes": no_changes,
        "action_changes": no_action_changes,
        "overrides": no_overrides,
        "sku_overrides": no_sku_overrides,
        "kept_forecasts": no_kept_forecasts,
    }
    frames = {
        name: read_frame(path) if name not in added or path.exists() else added[name]()
        for name, path in ((name, folder / f"{name}.parquet") for name in FRAMES)
    }
    try:
        forecast = read_forecast(folder / FORECAST)
        explanation = _read_optional(folder / EXPLANATION, read_explanation)
        groups = _read_optional(folder / GROUP_FORECAST_FILE, read_group_forecast)
        supplier_calendar = SupplierCalendar.load(folder) if (folder / "rests.parquet").exists() else None
    except (OSError, ValueError, ForecastError, ExplanationError, GroupForecastError) as error:
        raise SnapshotError(f"{folder}: not readable ({error}); {FIX}") from None
    return PlanSnapshot(
        **frames,
        forecast=forecast,
        explanation=explanation,
        groups=groups,
        supplier_calendar=supplier_calendar,
        procurement=read_procurement(folder),
        facts=facts,
    )


def _nothing_alone() -> pd.DataFrame:
    """The snapshot's table of what each SKU alone would order, without rows."""
    return pd.DataFrame({"unique_id": pd.Series(dtype=object)})


def read_frame(path: Path) -> pd.DataFrame:
    """Read one table of a snapshot; a `SnapshotError` where it is missing or damaged."""
    try:
        return pd.read_parquet(path)
    except (OSError, ValueError) as error:  # pyarrow's errors are ValueErrors
        raise SnapshotError(f"{path}: not readable ({error}); {FIX}") from None


def read_facts(folder: Path) -> dict[str, Any]:
    """Read the facts of a snapshot; a `SnapshotError` where they are missing or damaged."""
    path = folder / "facts.json"
    try:
        facts: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise SnapshotError(f"{path}: not readable ({error}); {FIX}") from None
    return facts


def _read_optional(path: Path, read: Callable[[Path], Part]) -> Part | None:
    """Read an optional part of a snapshot from `path`; none where this snapshot has no such file."""
    return read(path) if path.exists() else None
