"""Costs of n lanes, each with the word of where it came from: nothing is guessed silently."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from configs.schema import PolicyConfig
from distributions.distribution import Array
from planning.cost.price_breaks import PriceBreaks
from planning.inputs import numbers

DAYS_A_YEAR = 365.0


@dataclass(frozen=True)
class Costs:
    """Money of n lanes; NaN where it cannot be known.

    Attributes
    ----------
    unit : array (n,), what a unit costs: the offer's price, else the item's cost
    holding : array (n,), money per unit and year: `items.holding_cost` × periods a year, else a rate × `unit`
    rate : array (n,), share of its price that holding a unit for a year costs; 0 where that is given in money
    shortage : array (n,), money per unit short: `items.shortage_cost`, else the margin, else what the service
        level implies
    ordering : array (n,), money per order line
    prices : price brackets of the lanes
    shortage_source : array (n,) of given, margin, implied, unknown
    """

    unit: Array
    holding: Array
    rate: Array
    shortage: Array
    ordering: Array
    prices: PriceBreaks
    shortage_source: NDArray[np.object_]


def costs_of(
    lanes: pd.DataFrame, items: pd.DataFrame, policy: PolicyConfig, *, period_days: float, level: Array
) -> Costs:
    """Costs of each lane.

    Parameters
    ----------
    lanes : frame of `planning.inputs.lanes`
    period_days : length of a demand period, for `items.holding_cost`
    level : array (n,), the service level aimed at; a margin that is not known is taken as the shortage cost that
        makes this level the best one: b = h·α/(1−α), h per review period
    """
    ids = lanes["unique_id"].to_numpy(object)
    base = lanes["unit_price"].to_numpy(float)
    item_cost, selling = numbers(items, "unit_cost", ids), numbers(items, "unit_price", ids)
    unit = np.where(np.isnan(base), item_cost, base)
    rate = numbers(items, "holding_cost_rate", ids)
    rate = np.where(np.isnan(rate), policy.holding_cost_rate, rate)
    given = numbers(items, "holding_cost", ids) * DAYS_A_YEAR / period_days
    holding = np.where(np.isnan(given), rate * unit, given)
    known, margin = (
        numbers(items, "shortage_cost", ids),
        selling - np.where(np.isnan(item_cost), unit, item_cost),
    )
    implied = holding * cycle_days(policy) / DAYS_A_YEAR * level / (1 - level)
    conditions = [~np.isnan(known), margin > 0, ~np.isnan(implied)]
    ordering = lanes["ordering_cost"].to_numpy(float)
    return Costs(
        unit=unit,
        holding=holding,
        rate=np.where(np.isnan(given), rate, 0.0),
        shortage=np.select(conditions, [known, margin, implied], np.nan),
        ordering=np.where(np.isnan(ordering), policy.ordering_cost, ordering),
        prices=PriceBreaks.read(unit, lanes["price_breaks"].tolist()),
        shortage_source=np.select(conditions, ["given", "margin", "implied"], "unknown").astype(object),
    )


def cycle_days(policy: PolicyConfig) -> float:
    """Days of a review cycle; a continuous review (0) is priced as a daily one."""
    return max(policy.review_period_days, 1.0)
