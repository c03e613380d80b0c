"""The end of buying: which SKUs are not bought again, being dead or replaced, and how long the others still are."""

import numpy as np

from distributions.demand_forecast import DemandForecast
from distributions.distribution import Array
from planning.inputs import PlanInputs, numbers_by_sku


def buying_days_left(forecast: DemandForecast, inputs: PlanInputs) -> Array:
    """Days (n,) for which each SKU is still bought: infinite for most, 0 where it is not bought again.

    A SKU is not bought again when its forecast calls it dead, or when another has taken over from it: what is left is
    run down. Before a planned change it is bought until that day. `items.last_buy` asks for what remains of its demand
    all the same.
    """
    ids = forecast.unique_ids
    dead = (forecast.reason == "dead") | (forecast.demand_class == "dead")
    replaced = (forecast.reason == "replaced") & ~(numbers_by_sku(inputs.items, "last_buy", ids) > 0)
    start = inputs.phase_outs.set_index("unique_id")["replaced_from"].reindex(ids)
    days = ((start - inputs.as_of) / np.timedelta64(1, "D")).fillna(0.0).to_numpy(float)
    return np.where(dead, 0.0, np.where(replaced, np.maximum(days, 0.0), np.inf))
