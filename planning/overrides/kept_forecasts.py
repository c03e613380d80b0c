"""Overridden forecasts kept beside the model's until demand has come, so that the two can be compared."""

import numpy as np
import pandas as pd

from distributions.distribution import Array
from planning.overrides.forecast_overrides import OverriddenForecast
from planning.overrides.in_force import OverridesInForce
from planning.overrides.override_tables import no_kept_forecasts, shaped_as

_KEY = ["override_id", "unique_id", "ds"]


def kept_forecasts(overridden: OverriddenForecast, held: OverridesInForce, scale: Array) -> pd.DataFrame:
    """Rows of forecasts to be kept: a row an override, SKU and period of the horizon that it changes.

    Parameters
    ----------
    scale : array (n,), usual demand of each SKU, units a period
    """
    forecast, h = overridden.forecast, overridden.model_mean.shape[1]
    sku, period = np.nonzero(overridden.changed)
    rows = held.given.iloc[held.periods[:, :h][sku, period]].reset_index(drop=True)
    frame = rows[["override_id", "author", "reason", "what"]].assign(
        unique_id=forecast.unique_ids[sku],
        ds=forecast.starts[:-1][period],
        end=forecast.starts[1:][period],
        cutoff=forecast.cutoff,
        mean=forecast.mean[sku, period],
        model_mean=overridden.model_mean[sku, period],
        scale=scale[sku],
        actual=np.nan,
    )
    return shaped_as(frame, no_kept_forecasts())


def carried_on(before: pd.DataFrame, new: pd.DataFrame, cutoff: pd.Timestamp) -> pd.DataFrame:
    """Kept forecasts of the plan before and the `new` ones of a plan with this `cutoff`: of each period the last made.

    What was kept of periods still ahead gives way to the new plan, so an override that was ended is judged on the
    periods that it was planned with. A plan as of a day long past changes nothing that later ones kept.
    """
    standing = before[(before["ds"] <= cutoff) | (before["cutoff"] > cutoff)]
    parts = [part for part in (standing, new) if len(part)]
    if not parts:
        return no_kept_forecasts()
    rows = pd.concat(parts, ignore_index=True).sort_values("cutoff", kind="stable")
    last = rows.drop_duplicates(_KEY, keep="last").sort_values(_KEY, kind="stable")
    return shaped_as(last, no_kept_forecasts())


def with_actuals(kept: pd.DataFrame, demand: pd.DataFrame) -> pd.DataFrame:
    """Kept forecasts with what came, where `demand` (unique_id, ds, y) knows the whole of a period's demand by now."""
    if kept.empty:
        return kept
    known = demand.set_index(["unique_id", "ds"])["y"]
    came = known.reindex(pd.MultiIndex.from_frame(kept[["unique_id", "ds"]])).to_numpy(float)
    return kept.assign(actual=np.where(np.isnan(came), kept["actual"], came))
