"""Choice of the lane that each SKU is bought through, by preference and total cost."""

import numpy as np
from numpy.typing import NDArray

from planning.lanes.lane_terms import LaneTerms

_TRIFLE = 0.01
"""Share of a lane's total cost that nobody changes the supplier for."""


def choose_lanes(terms: LaneTerms, effort: float = 0.0) -> NDArray[np.intp]:
    """Row of the lane chosen for each SKU, in the order of the SKUs.

    An offer that allows no quantity is out. The preferred offer holds; without one the lowest total cost a year, where
    the supplier of the last order is left only for one that costs less by the `effort` of a switch (money) and a
    trifle, so that a plan does not change its mind every week; where costs are not known, the supplier of the last
    order, then the shortest lead time.
    """
    lanes, total = terms.lanes, terms.total_cost.total
    stays = lanes["usual"].to_numpy(bool)
    total = total - np.where(stays, np.maximum(effort, _TRIFLE * np.abs(total)), 0.0)
    sku = lanes["row"].to_numpy()
    order = np.lexsort(
        (
            lanes["supplier_id"].fillna("").astype(str).to_numpy(),
            terms.lead_time.mean(),
            ~lanes["usual"].to_numpy(bool),
            np.where(np.isnan(total), np.inf, total),
            ~lanes["preferred"].to_numpy(bool),
            terms.limits.impossible,
            sku,
        )
    )
    return np.asarray(order[np.flatnonzero(np.diff(sku[order], prepend=-1))])
