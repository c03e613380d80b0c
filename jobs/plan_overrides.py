"""The overrides of a plan run: people's and the table's, put into the plan's data before it decides."""

from dataclasses import replace

import numpy as np
import pandas as pd
from sqlalchemy import Engine

from artifacts.plan_manifest import SnapshotError
from artifacts.plan_snapshot import read_frame
from configs.schema import PolicyConfig
from database import plan_runs
from database.settings import Settings
from distributions.demand_forecast import DemandForecast
from distributions.distribution import Array
from features.contract.frequency import days_per_period, periods_per_year
from features.demand.panel import Panel
from jobs.plan_data import DemandOutlook, PlanData
from models.demand.attribution.explanation import OVERRIDE, Explanation, with_part
from planning.overrides.forecast_overrides import OverriddenForecast, overridden_forecast, with_means
from planning.overrides.in_force import in_force
from planning.overrides.kept_forecasts import carried_on, kept_forecasts, with_actuals
from planning.overrides.override_tables import no_kept_forecasts, shaped_as, together
from planning.overrides.plan_overrides import PlanOverrides
from planning.overrides.service_levels import with_service_levels


def kept_before(settings: Settings, engine: Engine) -> pd.DataFrame:
    """Overridden forecasts that the current plan run has kept; none before the first plan that keeps some."""
    run = plan_runs.latest(engine)
    path = None if run is None else settings.plans / run.folder / "kept_forecasts.parquet"
    if path is None or not path.exists():
        return no_kept_forecasts()
    try:
        return shaped_as(read_frame(path), no_kept_forecasts())
    except SnapshotError:  # what can no longer be read is not judged
        return no_kept_forecasts()


def with_overrides(
    data: PlanData, entered: pd.DataFrame, policy: PolicyConfig, before: pd.DataFrame
) -> PlanData:
    """Data of a plan run with the overrides in force: their forecasts and service levels in place of the model's.

    Parameters
    ----------
    entered : what people entered, as `database.overrides.standing_overrides` has it; the tables' own are added
    before : overridden forecasts that the plan before has kept
    """
    tables, panel = data.checked.tables, data.panel
    given = together(tables.overrides, entered)
    if given.empty and before.empty:
        return data
    forecast = data.outlook.forecast
    held = in_force(given, forecast, tables.items, data.checked.orders, data.checked.as_of)
    overridden = overridden_forecast(forecast, held, last_year(panel, forecast))
    items, of_skus = with_service_levels(tables.items, held.of_skus, policy)
    new = kept_forecasts(overridden, held, usual_demand(panel, forecast))
    kept = with_actuals(carried_on(before, new, forecast.cutoff), known_demand(panel, before))
    checked = replace(data.checked, tables=replace(tables, items=items))
    return replace(
        data,
        checked=checked,
        outlook=_with_forecast(data, overridden),
        overrides=PlanOverrides(held.given, with_means(of_skus, held, overridden), kept),
    )


def last_year(panel: Panel, forecast: DemandForecast) -> Array:
    """Demand (n, C) of the same period a year before each that overrides can change, NaN where the panel has none.

    Days are compared with the same weekday.
    """
    back = 364 if days_per_period(panel.freq) == 1 else round(periods_per_year(panel.freq))
    count = forecast.horizon + len(forecast.later_ends_days)
    at = panel.periods + np.arange(count) - back
    known = (at >= 0) & (at < panel.periods)
    result = np.full((len(forecast), count), np.nan)
    rows = pd.Index(panel.unique_ids).get_indexer(pd.Index(forecast.unique_ids))
    result[:, known] = panel.uncensored[:, at[known]][rows]
    result[rows < 0] = np.nan
    return result


def usual_demand(panel: Panel, forecast: DemandForecast) -> Array:
    """Usual demand (n,), units, by which errors of overrides are scaled: the mean in stock; NaN without any."""
    demand = panel.known_demand
    count = (~np.isnan(demand)).sum(axis=1)
    mean = np.divide(np.nansum(demand, axis=1), count, out=np.full(len(panel), np.nan), where=count > 0)
    rows = pd.Index(panel.unique_ids).get_indexer(pd.Index(forecast.unique_ids))
    return np.where(rows >= 0, mean[rows], np.nan)


def known_demand(panel: Panel, kept: pd.DataFrame) -> pd.DataFrame:
    """Demand of the SKUs and periods of overridden forecasts that were `kept`: unique_id, ds, y; stockouts are NaN."""
    rows = np.flatnonzero(np.isin(panel.unique_ids.astype(str), kept["unique_id"].astype(str).unique()))
    columns = np.flatnonzero(np.isin(panel.ds, kept["ds"].to_numpy(panel.ds.dtype)))
    return pd.DataFrame(
        {
            "unique_id": np.repeat(panel.unique_ids[rows], len(columns)),
            "ds": np.tile(panel.ds[columns], len(rows)),
            "y": panel.known_demand[np.ix_(rows, columns)].ravel(),
        }
    )


def _with_forecast(data: PlanData, overridden: OverriddenForecast) -> DemandOutlook:
    """The outlook with the overridden forecast, the explanation of its means, and the groups of its SKUs."""
    outlook, forecast = data.outlook, overridden.forecast
    if not overridden.changed.any():
        return replace(outlook, forecast=forecast)
    groups = data.bundle.groups
    return DemandOutlook(
        forecast,
        _explained(outlook.explanation, forecast),
        None if groups is None else groups.predict(data.panel, forecast),
    )


def _explained(explanation: Explanation | None, forecast: DemandForecast) -> Explanation | None:
    """The explanation with a part `override`, so that its parts sum to the overridden means."""
    if explanation is None:
        return None
    return with_part(explanation, OVERRIDE, forecast.mean - explanation.mean)
