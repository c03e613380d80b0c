"""Choice of the lane that each SKU is bought through, by preference and total cost."""

import numpy as np
from numpy.typing import NDArray

from planning.lanes.lane_terms import LaneTerms


def choose_lanes(terms: LaneTerms) -> NDArray[np.intp]:
    """Row of the lane chosen for each SKU, in the order of the SKUs.

    An offer that allows no quantity is out. The preferred offer holds; without one the lowest total cost a year,
    and where costs are not known the supplier of the last order, then the shortest lead time.
    """
    lanes, total = terms.lanes, terms.total_cost.total
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
