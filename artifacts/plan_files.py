"""The files of a plan run: those that other programs read, and the folder that the service answers from."""

import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from artifacts.home_folder import staging_folder, sweep_staging
from artifacts.parts.forecast_store import forecast_frame
from artifacts.plan_snapshot import BASIS, PlanSnapshot, write_frames, write_snapshot
from artifacts.spreadsheet_text import write_csv
from configs.errors import DomainError
from distributions.distribution import Array
from features.contract.tables import TABLES
from features.quality.check_result import CheckResult
from models.demand.attribution.explanation import KEYS
from models.demand.groups.group_forecast import no_groups
from planning.planner import Plan


class PlanRunError(DomainError):
    """A plan that cannot be made: says what is missing and the fix."""


@dataclass(frozen=True)
class PlanFolders:
    """Where the files of a plan run go: `out` for other programs, `snapshot` for the service."""

    out: Path
    snapshot: Path


def write_plan_run(
    folders: PlanFolders,
    snapshot: PlanSnapshot,
    plan: Plan,
    *,
    suppliers: pd.DataFrame,
    checked: CheckResult,
) -> tuple[Path, ...]:
    """Write all files of a plan run: its Parquet files and quarantine to `out`, then the snapshot for the service.

    Parameters
    ----------
    suppliers : table of `suppliers.parquet`
    checked : the checked tables, whose bad rows go to `out`/quarantine

    Returns
    -------
    tuple : the Parquet files in `out`

    Raises
    ------
    PlanRunError
        When `out` cannot be written.
    """
    files = _write_tables(folders.out, plan_tables(snapshot, plan) | {"suppliers": suppliers})
    write_quarantine(checked, folders.out / "quarantine")
    write_snapshot(snapshot, folders.snapshot, {"actions": _without_basis(plan.actions), BASIS: plan.basis})
    return files


def plan_tables(snapshot: PlanSnapshot, plan: Plan) -> dict[str, pd.DataFrame]:
    """Tables of a plan run that other programs read, by file name; empty where there is no explanation or group."""
    forecast, explanation = snapshot.forecast, snapshot.explanation
    return {
        "plan": plan.plan,
        "forecast": forecast_frame(forecast).assign(model_mean=_model_mean(snapshot)),
        "explanation": explanation.frame() if explanation is not None else pd.DataFrame(columns=list(KEYS)),
        "forecast_groups": (snapshot.groups or no_groups(forecast.starts)).frame(),
        "lead_time": plan.lead_time,
        "actions": _without_basis(plan.actions),
        "projection": plan.projection,
        "open_orders": plan.open_orders,
        "order_lines": plan.order_lines,
        "orders": plan.orders,
        "budget_use": plan.budget_use,
        "running_out": plan.running_out,
        "excess_stock": plan.excess_stock,
        "responsible": plan.responsible,
        "off_preferred": plan.off_preferred,
        "service_cost": plan.service_cost,
        "term_worth": plan.term_worth,
        "eoq": plan.eoq,
        "changes": snapshot.changes,
        "action_changes": snapshot.action_changes,
        "overrides": snapshot.overrides,
        **({} if snapshot.procurement is None else snapshot.procurement.tables),
    }


def _without_basis(actions: pd.DataFrame) -> pd.DataFrame:
    """The plan's actions without what they are played by later, which the database keeps."""
    return actions.drop(columns="basis", errors="ignore")


def _model_mean(snapshot: PlanSnapshot) -> Array:
    """What the model alone expects, (n · h,) units a period in the order of the plan's forecast rows."""
    forecast, kept = snapshot.forecast, snapshot.kept_forecasts
    now = kept[(kept["cutoff"] == forecast.cutoff) & (kept["ds"] > forecast.cutoff)]
    rows = forecast.rows(now["unique_id"])
    periods = np.searchsorted(forecast.starts[:-1], now["ds"].to_numpy(forecast.starts.dtype))
    mean = forecast.mean.copy()
    mean[rows, periods] = now["model_mean"].to_numpy(float)
    return mean.ravel()


def _write_tables(out: Path, tables: dict[str, pd.DataFrame]) -> tuple[Path, ...]:
    """Write the plan tables as Parquet files to `out`: all are there before one of the run before is replaced."""
    sweep_staging(out)
    try:
        with staging_folder(out) as staging:
            write_frames(tables, staging)
            for name in tables:
                os.replace(staging / f"{name}.parquet", out / f"{name}.parquet")  # noqa: PTH105 -- atomic everywhere
    except OSError as error:
        raise PlanRunError(f"{out}: cannot be written ({error.strerror or error})") from None
    return tuple(out / f"{name}.parquet" for name in tables)


def write_quarantine(checked: CheckResult, folder: Path) -> list[Path]:
    """Write a plan run's quarantine: bad rows as `folder/<table>.csv` with reason, rule, source line; old ones go.

    Returns
    -------
    list of Path
        The files written; none when no row is bad.
    """
    for name in TABLES:
        (folder / f"{name}.csv").unlink(missing_ok=True)
    if checked.quarantine:
        folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, bad in checked.quarantine.items():
        path = folder / f"{name}.csv"
        write_csv(bad, path)
        written.append(path)
    return written
