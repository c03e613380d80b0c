"""Unit, holding, shortage and ordering costs of each lane, with where they come from: nothing is guessed silently."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from configs.schema import PolicyConfig
from distributions.distribution import Array
from planning.cost.price_breaks import PriceBreaks
from planning.inputs import numbers_by_sku

DAYS_A_YEAR = 365.0


@dataclass(frozen=True)
class LaneCosts:
    """Unit costs of n lanes, money; NaN where they cannot be known.

    Attributes
    ----------
    unit : array (n,), what a unit costs: the offer's price, else the item's cost
    holding : array (n,), money per unit and year: `items.holding_cost` × periods a year, else a rate × `unit`
    rate : array (n,), share of its price that holding a unit for a year costs; 0 where that is given in money
    capital : array (n,), money per unit and year that goods cost that are paid for and not there yet:
        `policy.capital_cost_rate` × `unit`; as much as holding them where that is not set
    capital_rate : array (n,), as `rate`, of `capital`
    shortage : array (n,), money per unit short: `items.shortage_cost`, else the margin, else what the service
        level implies
    ordering : array (n,), money per order line
    prices : price brackets of the lanes
    payment_days : array (n,), days from the receipt of goods until they are paid; NaN: paid when they are ordered
    shortage_source : array (n,) of given, margin, implied, unknown
    """

    unit: Array
    holding: Array
    rate: Array
    capital: Array
    capital_rate: Array
    shortage: Array
    ordering: Array
    prices: PriceBreaks
    payment_days: Array
    shortage_source: NDArray[np.object_]

    @property
    def known(self) -> NDArray[np.bool_]:
        """Lanes (n,) of which price, holding and shortage cost are all known, so that plays can be compared."""
        return np.asarray(~np.isnan(self.unit) & ~np.isnan(self.holding) & ~np.isnan(self.shortage))


def lane_costs(
    lanes: pd.DataFrame, items: pd.DataFrame, policy: PolicyConfig, *, period_days: float, level: Array
) -> LaneCosts:
    """Unit, holding, shortage and ordering costs of each lane, from its offer, the item table and the policy.

    Parameters
    ----------
    lanes : lanes with unique_id, unit_price, ordering_cost, price_breaks and payment_days; with `holding_factor`
        and `price_factor`, the shares of the holding cost and of all prices that remain, where there are some
    period_days : length of a demand period, for `items.holding_cost`
    level : array (n,), the service level aimed at; a margin that is not known is taken as the shortage cost that
        makes this level the best one: b = h·α/(1−α), h per review period
    """
    ids = lanes["unique_id"].to_numpy(object)
    price, item_cost = lanes["unit_price"].to_numpy(float), numbers_by_sku(items, "unit_cost", ids)
    unit = np.where(np.isnan(price), item_cost, price)
    prices = PriceBreaks.read(unit, lanes["price_breaks"].tolist())
    if "price_factor" in lanes:
        factor = lanes["price_factor"].to_numpy(float)
        unit, prices = unit * factor, replace(prices, prices=prices.prices * factor[:, None])
    own_rate, money = _holding_rate(items, ids, policy.holding_cost_rate), policy.capital_cost_rate
    rate = np.where(np.isnan(numbers_by_sku(items, "holding_cost", ids)), own_rate, 0.0)
    holding = holding_cost(items, ids, unit, default_rate=policy.holding_cost_rate, period_days=period_days)
    if "holding_factor" in lanes:
        rate, holding = (each * lanes["holding_factor"].to_numpy(float) for each in (rate, holding))
    given = numbers_by_sku(items, "shortage_cost", ids)
    margin = numbers_by_sku(items, "unit_price", ids) - np.where(np.isnan(item_cost), unit, item_cost)
    implied = holding * cycle_days(policy) / DAYS_A_YEAR * level / (1 - level)
    known = [~np.isnan(given), margin > 0, ~np.isnan(implied)]
    ordering = lanes["ordering_cost"].to_numpy(float)
    return LaneCosts(
        unit=unit,
        holding=holding,
        rate=rate,
        capital=holding if money is None else money * unit,
        capital_rate=rate if money is None else np.full(len(unit), money),
        shortage=np.select(known, [given, margin, implied], np.nan),
        ordering=np.where(np.isnan(ordering), policy.ordering_cost, ordering),
        prices=prices,
        payment_days=lanes["payment_days"].to_numpy(float),
        shortage_source=np.select(known, ["given", "margin", "implied"], "unknown").astype(object),
    )


def holding_cost(
    items: pd.DataFrame, ids: NDArray[np.object_], unit: Array, *, default_rate: float, period_days: float
) -> Array:
    """Holding cost H (n,) of the SKUs `ids`, money per unit and year, NaN where a price is needed and not known.

    `items.holding_cost` × periods a year where it is given, else the rate × `unit` (n,), what a unit costs.

    Parameters
    ----------
    default_rate : per year, for items without a rate of their own
    period_days : length of a demand period
    """
    given = numbers_by_sku(items, "holding_cost", ids) * DAYS_A_YEAR / period_days
    return np.where(np.isnan(given), _holding_rate(items, ids, default_rate) * unit, given)


def _holding_rate(items: pd.DataFrame, ids: NDArray[np.object_], default: float) -> Array:
    """Share (n,) of its cost that holding a unit for a year costs: the item's own rate, else `default`."""
    own = numbers_by_sku(items, "holding_cost_rate", ids)
    return np.where(np.isnan(own), default, own)


def cycle_days(policy: PolicyConfig) -> float:
    """Days of a review cycle that lane costs reckon with; a continuous review (0) is priced as a daily one."""
    return max(policy.review_period_days, 1.0)
