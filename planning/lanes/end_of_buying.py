"""The end of buying: SKUs not bought again, being dead, replaced or never sold, and how long others still are."""

from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from distributions.demand_forecast import DemandForecast
from distributions.distribution import Array
from planning.inputs import PlanInputs, numbers_by_sku

WITHOUT_A_PAST = ("new_from_category", "unknown_category")
"""Reasons of forecasts of SKUs without any demand, by the level of others."""

NEW_DAYS = 182
"""Days for which a SKU without any demand is new: half a year from its first goods, or from an order still to come."""


def buying_days_left(forecast: DemandForecast, inputs: PlanInputs) -> Array:
    """Days (n,) for which each SKU is still bought: infinite for most, 0 where it is not bought again.

    A SKU is not bought again when its forecast calls it dead, or when another has taken over from it: what is left is
    run down. Before a planned change it is bought until that day. `items.last_buy` asks for what remains of its demand
    all the same. A SKU that never sold is bought only while an order says that it is new and wanted.
    """
    ids = forecast.unique_ids
    dead = (forecast.reason == "dead") | (forecast.demand_class == "dead")
    replaced = (forecast.reason == "replaced") & ~(numbers_by_sku(inputs.items, "last_buy", ids) > 0)
    start = inputs.phase_outs.set_index("unique_id")["replaced_from"].reindex(ids)
    days = ((start - inputs.as_of) / np.timedelta64(1, "D")).fillna(0.0).to_numpy(float)
    return np.where(
        dead | _never_sold(forecast, inputs), 0.0, np.where(replaced, np.maximum(days, 0.0), np.inf)
    )


def without_what_never_sold(forecast: DemandForecast, inputs: PlanInputs) -> DemandForecast:
    """The forecast with no demand of SKUs that are not bought because they never sold: nothing of them runs out.

    What the forecast has for them is what they would sell as new SKUs.
    """
    never = _never_sold(forecast, inputs)
    if not never.any():
        return forecast
    names = ("mean", "quantiles", "cumulative_mean", "cumulative", *["later_mean"] * forecast.knows_later)
    nothing = {name: getattr(forecast, name).copy() for name in names}
    for values in nothing.values():
        values[never] = 0.0
    return replace(forecast, **nothing)


def _never_sold(forecast: DemandForecast, inputs: PlanInputs) -> NDArray[np.bool_]:
    """SKUs (n,) without any demand that are not bought: no order says that they are new."""
    never = np.isin(forecast.reason.astype(str), WITHOUT_A_PAST)
    never[never] = ~_is_new(forecast.unique_ids[never], inputs)
    return np.asarray(never, bool)


def _is_new(unique_ids: NDArray[np.object_], inputs: PlanInputs) -> NDArray[np.bool_]:
    """Whether each SKU's first goods came, or an order still to come was placed, at most NEW_DAYS before `as_of`, (n,).

    Somebody who knows the SKU bought it: an item with an offer may just be a line of a supplier's price list.
    """
    came = _days(inputs.purchase_orders, "received_at").loc[lambda days: days <= inputs.as_of]
    first = came.groupby(level=0).min().reindex(unique_ids)
    ordered = _days(inputs.open_orders, "ordered_at").groupby(level=0).max().reindex(unique_ids)
    age = inputs.as_of - first.fillna(ordered)
    return np.asarray(age <= pd.Timedelta(days=NEW_DAYS), bool)


def _days(lines: pd.DataFrame, column: str) -> pd.Series:
    """Days of an order table's `column` by SKU, without empty ones; none where it has no such column."""
    if column not in lines:
        return pd.Series(dtype="datetime64[ns]", index=pd.Index([], dtype=object))
    return pd.to_datetime(lines.set_index("unique_id")[column]).dropna()
