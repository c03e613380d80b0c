"""Which SKUs borrow from each other."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from features.panel import Panel


def category_codes(panel: Panel) -> NDArray[np.int64]:
    """Code of each SKU's category, shape (n,), in sorted order; those without one share a code."""
    if "category" not in panel.static:
        return np.zeros(len(panel), np.int64)
    names = panel.static["category"].astype("string").fillna("")
    return np.asarray(pd.factorize(names, sort=True)[0], np.int64)
