"""Keys of nested groups of order lines: supplier, then supplier and category, and so on, and what can make them."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from models.lead_time.members.design_matrix import covariate_columns, text_column

SEPARATOR = "\x1f"


def grouping_columns(orders: pd.DataFrame) -> Sequence[str]:
    """Columns that can make group keys below the supplier: SKU, category and text covariates, where they vary.

    Not flags: a request that leaves one out would be counted to neither group.
    """
    texts, _ = covariate_columns(orders)
    columns = ("unique_id", "category", *(c for c in texts if not pd.api.types.is_bool_dtype(orders[c])))
    return [c for c in columns if c in orders and text_column(orders, c).nunique() > 1]


def group_keys(orders: pd.DataFrame, columns: Sequence[str]) -> list[pd.Series]:
    """Text key of each order line's group, a series per depth; a missing value counts as a value of its own."""
    keys: list[pd.Series] = []
    for column in columns:
        own = text_column(orders, column)
        keys.append(keys[-1] + SEPARATOR + own if keys else own)
    return keys


def encode(keys: pd.Series) -> tuple[NDArray[np.int64], pd.Index]:
    """Integer code (n,) of each group key, in sorted order, and the distinct keys (G,)."""
    codes, names = pd.factorize(keys, sort=True)
    return np.asarray(codes, np.int64), pd.Index(names)
