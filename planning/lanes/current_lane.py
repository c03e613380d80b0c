"""The current lane of each SKU: the preferred offer or usual supplier, before anybody compares what offers cost."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray


def current_lanes(lanes: pd.DataFrame, usable: NDArray[np.bool_] | None = None) -> NDArray[np.intp]:
    """Row (k,) of the current lane of each SKU of `lanes`, in the order of the SKUs.

    That is its preferred offer, else the lane of its usual supplier; a SKU with neither is left out.

    Parameters
    ----------
    lanes : frame of `planning.lanes.find_lanes.find_lanes`, sorted by `row`
    usable : array (rows of `lanes`,), lanes that can be current; none: all
    """
    rank = np.where(lanes["preferred"], 2, np.where(lanes["usual"], 1, 0))
    if usable is not None:
        rank = rank * usable
    sku = lanes["row"].to_numpy()
    order = np.lexsort((-rank, sku))
    first = order[np.flatnonzero(np.diff(sku[order], prepend=-1))]
    return np.asarray(first[rank[first] > 0])
