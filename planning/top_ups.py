"""Top-ups: SKUs that are bought from two suppliers, as was agreed: base from one, surge from the quicker one.

The plan orders as the agreed pair was played (`planning.played_year.dual_year`): either supplier's reorder point is the
agreed share of what its lane's own would be today. The surge supplier is asked first, by what will be here within its
lead time; then the base supplier, by all that is on hand and on order.
"""

from dataclasses import dataclass, replace
from typing import Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from distributions.demand_forecast import DemandForecast
from distributions.distribution import Array, Distribution
from planning.lanes.lane_terms import LaneTerms, PlanSetting, order_terms
from planning.policy.dual_index import counts_from
from planning.projection.stock_ages import expected_outdating
from planning.projection.stock_status import StockStatus

TOP_UP = "top_up"
"""`origin` of a line of the surge supplier's order: beside that of the base supplier, whose SKU it shares."""
BASE, SURGE = "base", "surge"
"""What a lane is in an agreed pair: `dual_role` of its offer."""


@dataclass(frozen=True)
class Pairs:
    """Agreed pairs of lanes of k SKUs.

    Attributes
    ----------
    sku : rows (k,) of the forecast, rising
    base, surge : rows (k,) of the lanes
    terms : terms of all lanes, those of pairs with the reorder points that were agreed
    """

    sku: NDArray[np.intp]
    base: NDArray[np.intp]
    surge: NDArray[np.intp]
    terms: LaneTerms

    @classmethod
    def of(cls, terms: LaneTerms) -> Self:
        """The pairs among lanes on their own `terms`: SKUs of which both offers are there and can be ordered."""
        lanes = terms.lanes
        role = lanes["dual_role"] if "dual_role" in lanes else pd.Series(None, lanes.index, dtype=object)
        usable = ~terms.limits.impossible & terms.bought
        sku = lanes["row"].to_numpy(np.intp)
        at = {name: np.flatnonzero((role == name).to_numpy(bool) & usable) for name in (BASE, SURGE)}
        both = np.intersect1d(sku[at[BASE]], sku[at[SURGE]])
        base, surge = (rows[np.searchsorted(sku[rows], both)] for rows in at.values())
        return cls(both, base, surge, _on_agreed_points(terms, np.concatenate([base, surge])))

    def __len__(self) -> int:
        return len(self.sku)

    def of_base(self, chosen: NDArray[np.intp]) -> NDArray[np.intp]:
        """The chosen lanes (n,), of SKUs with a pair the base one."""
        result = chosen.copy()
        result[self.sku] = self.base
        return result


def _on_agreed_points(terms: LaneTerms, lanes: NDArray[np.intp]) -> LaneTerms:
    """The terms with the reorder points of some lanes (k,) at the agreed share of their own, the same lot above it."""
    if not len(lanes):
        return terms
    share = terms.lanes["dual_share"].to_numpy(float)[lanes]
    point, level, played = terms.reorder_point.copy(), terms.order_up_to.copy(), terms.played.copy()
    own = share * point[lanes]
    own = np.where(terms.lanes["whole"].to_numpy(bool)[lanes], np.round(own), own)
    level[lanes] += own - point[lanes]
    point[lanes], played[lanes] = own, True
    return replace(terms, reorder_point=point, order_up_to=level, played=played)


@dataclass(frozen=True)
class TopUps:
    """What is asked of the surge suppliers of k SKUs today.

    Attributes
    ----------
    pairs : of whose SKUs
    position : array (k,), units that will be here within the surge supplier's lead time
    quantity : array (k,), units to order from it; 0 where the stock is not known
    base_answered : array (k,), people have approved today's order from another supplier already
    """

    pairs: Pairs
    position: Array
    quantity: Array
    base_answered: NDArray[np.bool_]

    @property
    def terms(self) -> LaneTerms:
        """Terms (k) of the surge lanes."""
        return self.pairs.terms.select(self.pairs.surge)

    def units(self, n: int) -> Array:
        """Units (n,) that are asked of the surge supplier of each of `n` SKUs."""
        result = np.zeros(n)
        result[self.pairs.sku] = self.quantity
        return result

    def soonest(self, lead_time: Distribution) -> Distribution:
        """The lead times (n) of the SKUs, of those with a pair the surge supplier's."""
        if not len(self.pairs):
            return lead_time
        values = lead_time.values.copy()
        values[self.pairs.sku] = self.terms.lead_time.values
        return Distribution(lead_time.levels, values)

    def answered(self, of_skus: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """SKUs (n,) whose order of today is approved, `of_skus` by any; of those with a pair, the base supplier's."""
        result = of_skus.copy()
        result[self.pairs.sku] = self.base_answered
        return result

    def without(self, settled: NDArray[np.bool_]) -> "TopUps":
        """No top-ups of SKUs (n,) whose order of today people have settled."""
        return replace(self, quantity=np.where(settled[self.pairs.sku], 0.0, self.quantity))


def top_ups(pairs: Pairs, forecast: DemandForecast, stock: StockStatus, setting: PlanSetting) -> TopUps:
    """Today's top-ups of agreed pairs, from the stock of all SKUs of the forecast."""
    sku, terms = pairs.sku, pairs.terms.select(pairs.surge)
    if not len(pairs):
        return TopUps(pairs, np.zeros(0), np.zeros(0), np.zeros(0, bool))
    supplier = terms.lanes["supplier_id"].to_numpy(object)
    interval = terms.lead_time.mean() + setting.policy.review_period_days
    outdating = expected_outdating(
        stock.batches[sku], forecast.select(sku), interval, elapsed=setting.elapsed
    )
    sooner = counts_from(pairs.terms.lead_time[pairs.base], terms.lead_time)
    orders, line = stock.pipeline.orders, np.flatnonzero(np.isin(stock.pipeline.sku, sku))
    pair = np.searchsorted(sku, stock.pipeline.sku[line])
    own = orders["supplier_id"].to_numpy(object)[line] == supplier[pair]
    counted = own | ((_age(orders)[line] >= sooner[pair]) & ~stock.pipeline.overdue[line])
    coming = np.bincount(pair, stock.pipeline.expected[line] * counted, len(sku))
    position = stock.on_hand[sku] - outdating - stock.backorders[sku] + coming
    given = np.zeros(len(orders), bool)
    if "answered_today" in orders:
        given = orders["answered_today"].to_numpy(bool)
    answered, base_answered = (np.bincount(pair, given[line] & mask, len(sku)) > 0 for mask in (own, ~own))
    answered |= np.isin(supplier.astype(str), list(setting.answered))
    quantity = np.where(answered, 0.0, np.nan_to_num(order_terms(terms).quantity(position)))
    return TopUps(pairs, position, quantity, base_answered)


def _age(orders: pd.DataFrame) -> Array:
    """Days (m,) since open orders were placed, of those that come later as agreed, as if placed so much later."""
    later = orders["agreed_later"].fillna(0.0) if "agreed_later" in orders else 0.0
    return np.asarray(orders["age"].astype(float) - later)
