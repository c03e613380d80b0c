"""Whose department an order line is: its own, else that of who asked for the order, else that of the SKU."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray


def line_department(lines: pd.DataFrame, approvals: pd.DataFrame, items: pd.DataFrame) -> NDArray[np.object_]:
    """The department of each order line, (n,), None where nothing says it.

    A line's own `department` goes first, then that of its order in `approvals` (of several rows the earliest by `at`
    that names one, undated ones last, on one day the first by name), then `items.department` of its SKU. A table or
    column that is not there says nothing.

    Parameters
    ----------
    lines : order lines with order_id, unique_id and, if known, department
    approvals, items : tables of the contract
    """
    own = _texts(lines, "department")
    asked = _looked_up(_of_orders(approvals), _texts(lines, "order_id"))
    bought = _looked_up(_of_skus(items), _texts(lines, "unique_id"))
    return np.asarray(np.where(pd.notna(own), own, np.where(pd.notna(asked), asked, bought)), dtype=object)


def _of_orders(approvals: pd.DataFrame) -> pd.Series:
    """Department by order_id of those who asked for the lines' orders."""
    if not {"order_id", "department"} <= set(approvals.columns):
        return pd.Series(dtype=object)
    named = approvals.dropna(subset=["order_id", "department"])
    by = [*(["at"] if "at" in named else []), "department"]
    first = named.sort_values(by, kind="stable", na_position="last").drop_duplicates("order_id")
    return first.set_index("order_id")["department"]


def _of_skus(items: pd.DataFrame) -> pd.Series:
    """Department by unique_id of the lines' SKUs."""
    if not {"unique_id", "department"} <= set(items.columns):
        return pd.Series(dtype=object)
    return items.drop_duplicates("unique_id", keep="last").set_index("unique_id")["department"]


def _looked_up(department: pd.Series, keys: NDArray[np.object_]) -> NDArray[np.object_]:
    """Departments of the lines' `keys` (n,), None where there is none."""
    if department.empty:
        return np.full(len(keys), None, dtype=object)
    found = department.reindex(keys).astype(object)
    return np.asarray(found.where(found.notna(), None), dtype=object)


def _texts(lines: pd.DataFrame, column: str) -> NDArray[np.object_]:
    """Texts (n,) of a column of the lines, None where they are missing."""
    if column not in lines:
        return np.full(len(lines), None, dtype=object)
    values = lines[column].astype(object)
    return np.asarray(values.where(values.notna(), None), dtype=object)
