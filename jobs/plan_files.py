"""The files of a planning run: those that other programs read, and the folder that the service answers from."""

import os
import shutil
import uuid
from pathlib import Path

import pandas as pd

from artifacts.forecast_store import forecast_frame
from artifacts.plan_run import PlanSnapshot, write_frames, write_snapshot
from configs.errors import DomainError
from database.sources import write_quarantine
from features.quality.checked import Checked
from models.demand.attribution.explanation import KEYS
from models.demand.groups.forecast import no_groups
from planning.planner import Plan
from suppliers.report import supplier_report
from suppliers.scorecard import Scorecard


class PlanRunError(DomainError):
    """A plan that cannot be made: says what is missing and the fix."""


def write_run(
    checked: Checked, snapshot: PlanSnapshot, plan: Plan, card: Scorecard, to: tuple[Path, Path]
) -> tuple[Path, ...]:
    """Write all files of a run, to its `out` and to the folder that the service reads; those of `out` are returned."""
    out, folder = to
    files = _write_files(snapshot, plan, out, supplier_report(snapshot, card).table)
    write_quarantine(checked, out / "quarantine")
    write_snapshot(snapshot, folder, {"actions": plan.actions})
    return files


def _write_files(seen: PlanSnapshot, plan: Plan, out: Path, suppliers: pd.DataFrame) -> tuple[Path, ...]:
    """Write the plan's files, and the table of suppliers, to `out`: all are there before one is replaced.

    Without an explanation or a forecast of groups their files have no rows.

    Raises
    ------
    PlanRunError
        When `out` cannot be written.
    """
    forecast, explanation = seen.forecast, seen.explanation
    frames = {
        "plan": plan.plan,
        "forecast": forecast_frame(forecast),
        "explanation": explanation.frame() if explanation is not None else pd.DataFrame(columns=list(KEYS)),
        "forecast_groups": (seen.groups or no_groups(forecast.starts)).frame(),
        "lead_time": plan.lead_time,
        "actions": plan.actions,
        "projection": plan.projection,
        "open_orders": plan.open_orders,
        "suppliers": suppliers,
    }
    staging = out / f".incoming-{uuid.uuid4().hex}"
    try:
        staging.mkdir(parents=True)
        write_frames(frames, staging)
        for name in frames:
            os.replace(staging / f"{name}.parquet", out / f"{name}.parquet")  # noqa: PTH105 -- atomic everywhere
    except OSError as error:
        raise PlanRunError(f"{out}: cannot be written ({error.strerror or error})") from None
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return tuple(out / f"{name}.parquet" for name in frames)


def prune(plans: Path, *, keep: int) -> None:
    """Remove the folders of all but the newest runs."""
    runs = [path for path in plans.iterdir() if path.is_dir() and not path.name.startswith(".")]
    for path in sorted(runs, key=lambda path: path.stat().st_mtime)[:-keep]:
        shutil.rmtree(path, ignore_errors=True)
