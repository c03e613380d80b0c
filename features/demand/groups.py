"""Which SKUs borrow from each other."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from features.demand.panel import Panel


def category_codes(panel: Panel) -> NDArray[np.int64]:
    """Code of each SKU's category, shape (n,), in sorted order; those without one share a code."""
    if "category" not in panel.static:
        return np.zeros(len(panel), np.int64)
    return column_codes(panel.static["category"])


def column_codes(values: pd.Series) -> NDArray[np.int64]:
    """Code of each value, shape (n,), in sorted order; missing ones share a code."""
    return np.asarray(pd.factorize(values.astype("string").fillna(""), sort=True)[0], np.int64)
