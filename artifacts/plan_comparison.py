"""Plans compared that are kept on disk: the record of a plan run, and what changed since it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from numpy import object_
from numpy.typing import NDArray

from artifacts.parts.forecast_store import ForecastError, read_forecast
from artifacts.plan_manifest import SnapshotError
from artifacts.plan_snapshot import BASIS, FORECAST, read_facts, read_frame
from distributions.demand_forecast import DemandForecast
from planning.changes.action_changes import action_changes, no_action_changes
from planning.changes.decision_basis import DecisionBasis
from planning.changes.plan_changes import moved_skus, no_changes, plan_changes, skus_to_split
from planning.changes.plan_record import PlanRecord, no_basis

ForecastOf = Callable[[NDArray[object_]], DemandForecast]
"""The forecast of some SKUs of a plan."""


@dataclass(frozen=True)
class PlanComparison:
    """What changed between two plans.

    Attributes
    ----------
    since : day of the older plan, none where there is nothing to compare with
    split : whether the older plan kept what is needed to split changes by cause
    skus : table of `planning.changes.plan_changes`
    actions : table of `planning.changes.action_changes`
    problem : why the plan before could not be compared with, empty where it was or there is none
    """

    since: pd.Timestamp | None
    split: bool
    skus: pd.DataFrame
    actions: pd.DataFrame
    problem: str = ""

    @property
    def facts(self) -> dict[str, Any]:
        """What a snapshot says about its comparison, JSON-able: since, split and problem."""
        since = None if self.since is None else str(self.since.date())
        return {"since": since, "split": self.split, "problem": self.problem}


def nothing_to_compare(problem: str = "") -> PlanComparison:
    """The comparison of a first plan, or of one whose predecessor has a `problem`."""
    return PlanComparison(None, split=False, skus=no_changes(), actions=no_action_changes(), problem=problem)


def read_plan_record(folder: Path) -> PlanRecord:
    """Read the record of the plan run that is kept in `folder`.

    Raises
    ------
    SnapshotError
        When a file is missing or damaged.
    """
    path = folder / f"{BASIS}.parquet"
    basis = read_frame(path) if path.exists() else no_basis()
    return PlanRecord(
        as_of=pd.Timestamp(read_facts(folder)["as_of"]),
        plan=read_frame(folder / "plan.parquet"),
        actions=read_frame(folder / "actions.parquet"),
        lead_time=read_frame(folder / "lead_time.parquet"),
        basis=basis if DecisionBasis.readable(basis) else no_basis(),
    )


def kept_forecast(folder: Path) -> ForecastOf:
    """The forecast of some SKUs of the plan run that is kept in `folder`, read when it is asked for."""

    def read(unique_ids: NDArray[object_]) -> DemandForecast:
        try:
            return read_forecast(folder / FORECAST, unique_ids)
        except ForecastError as error:
            raise SnapshotError(str(error)) from None

    return read


def compare_plans(
    old: PlanRecord, new: PlanRecord, forecasts: tuple[ForecastOf, ForecastOf], decided: pd.DataFrame
) -> PlanComparison:
    """Compare two plans: what moved since the `old` one, with the forecasts of both; `decided` as in `action_changes`.

    Raises
    ------
    SnapshotError
        When a forecast cannot be read.
    """
    moved = moved_skus(old, new)
    ids = skus_to_split(moved, old, new)
    both = (forecasts[0](ids), forecasts[1](ids)) if len(ids) else None
    return PlanComparison(
        since=old.as_of,
        split=len(old.basis) > 0 and len(new.basis) > 0,
        skus=plan_changes(moved, old, new, forecasts=both),
        actions=action_changes(old, new, decided),
    )
