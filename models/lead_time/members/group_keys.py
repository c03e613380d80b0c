"""Keys of nested groups of order lines: supplier, then supplier and category, and so on."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

SEPARATOR = "\x1f"


def group_keys(orders: pd.DataFrame, columns: Sequence[str]) -> list[pd.Series]:
    """Text key of each order line's group, a series per depth; a missing value counts as a value of its own."""
    keys: list[pd.Series] = []
    for column in columns:
        text = orders[column] if column in orders else pd.Series(None, index=orders.index, dtype=object)
        own = text.astype(object).where(text.notna(), "").astype(str)
        keys.append(keys[-1] + SEPARATOR + own if keys else own)
    return keys


def encode(keys: pd.Series) -> tuple[NDArray[np.int64], pd.Index]:
    """Integer code (n,) of each group key, in sorted order, and the distinct keys (G,)."""
    codes, names = pd.factorize(keys, sort=True)
    return np.asarray(codes, np.int64), pd.Index(names)
