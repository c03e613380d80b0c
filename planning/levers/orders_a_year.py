"""Orders a year: how often the SKUs are ordered, by line and by supplier."""

import numpy as np

from distributions.distribution import Array
from planning.cost.lane_costs import DAYS_A_YEAR
from planning.lanes.lane_terms import LaneTerms


def lines_a_year(terms: LaneTerms) -> Array:
    """Order lines a year (n,) of lanes, as their total cost counts them; without ordering costs D/Q."""
    lasting = np.maximum(terms.order_size, terms.demand.a_cycle)
    by_size = np.divide(terms.demand.yearly, lasting, out=np.zeros(len(lasting)), where=lasting > 0)
    counted = np.divide(
        terms.total_cost.ordering, terms.costs.ordering, out=by_size.copy(), where=terms.costs.ordering > 0
    )
    return np.where(np.isnan(counted), by_size, counted)


def joint_orders_a_year(lines: Array, review: float) -> float:
    """Orders a year to a supplier whose SKUs have so many `lines` (k,) a year, at reviews so many days apart.

    V·(1 − Π(1 − n/V)) with V reviews a year: an order goes out at each review at which some SKU is ordered, as if each
    chose its reviews by itself.
    """
    reviews = DAYS_A_YEAR / max(review, 1.0)
    return float(reviews * (1 - np.prod(1 - np.minimum(lines / reviews, 1.0))))
