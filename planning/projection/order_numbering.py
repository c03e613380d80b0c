"""Numbers of open orders and of their suppliers within each SKU, so that a SKU's scenarios depend on no other SKU."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray


@dataclass(frozen=True)
class SupplierNumbers:
    """The suppliers with open orders of each SKU, numbered by their first line: as before when an order comes after it.

    Attributes
    ----------
    names : all suppliers, sorted
    key : array (k,), SKU · (number of names + 1) + supplier of each lane (SKU × supplier), rising
    number : array (k,), number of the supplier among those of its SKU
    lane : array (m,), lane of each order line
    """

    names: pd.Index
    key: NDArray[np.int64]
    number: NDArray[np.int64]
    lane: NDArray[np.int64]

    @classmethod
    def of(cls, supplier_id: pd.Series, sku: NDArray[np.int64]) -> "SupplierNumbers":
        """Number the suppliers of the open order lines (m,) within each SKU (m,), which is sorted."""
        code, names = pd.factorize(supplier_id, sort=True)
        keys = sku * (len(names) + 1) + code
        key, first, lane = np.unique(keys, return_index=True, return_inverse=True)
        by_line = np.argsort(first)
        number = np.empty(len(key), np.int64)
        number[by_line] = number_within(key[by_line] // (len(names) + 1))
        return cls(pd.Index(names), key, number, lane)

    @property
    def of_lines(self) -> NDArray[np.int64]:
        """Number (m,) of the supplier of each open order line, numbered within the line's SKU."""
        return np.asarray(self.number[self.lane])

    def of_suppliers(self, supplier_id: NDArray[np.object_]) -> NDArray[np.int64]:
        """Number (n,) of `supplier_id` (n,) within each of n SKUs, for a new order; the next free one if it is new."""
        sku, width = np.arange(len(supplier_id)), len(self.names) + 1
        free = np.bincount(self.key // width, minlength=len(sku))
        if not len(self.key):
            return free
        requested = sku * width + self.names.get_indexer(supplier_id)
        at = np.minimum(np.searchsorted(self.key, requested), len(self.key) - 1)
        return np.where(self.key[at] == requested, self.number[at], free)


def sort_order_lines(orders: pd.DataFrame, sku: NDArray[np.int64]) -> NDArray[np.intp]:
    """Positions in which open order lines are numbered: by SKU, the oldest first, then by order and line."""
    age = orders["age"].to_numpy(float)
    order = np.lexsort((-age, sku))
    ties = (np.diff(sku[order]) == 0) & (np.diff(age[order]) == 0)
    if not ties.any() or not {"order_id", "line"} <= set(orders.columns):
        return order
    tied = order[
        np.append(ties, False) | np.append(False, ties)
    ]  # only these need texts compared, which is slow
    names = orders["order_id"].iloc[tied].astype(str) + "\x1f" + orders["line"].iloc[tied].astype(str)
    rank = np.zeros(len(orders), np.int64)
    rank[tied] = np.unique(names.to_numpy(object).astype(str), return_inverse=True)[1]
    return np.lexsort((rank, -age, sku))


def order_numbers(order_id: NDArray[np.object_] | None, sku: NDArray[np.int64]) -> NDArray[np.int64]:
    """Number of each order line (m,), or with `order_id` of its order, among those of its SKU; `sku` is sorted."""
    number = number_within(sku)
    if order_id is None:
        return number
    # the first line of the same order and SKU gives its number to all of them
    return np.asarray(pd.Series(number).groupby([pd.Series(sku), pd.Series(order_id)]).transform("min"))


def number_within(group: NDArray[np.int64]) -> NDArray[np.int64]:
    """Number (m,) of each order, row of a group such as its SKU, within it, from 0; `group` (m,) is sorted, ≥ 0."""
    first = np.flatnonzero(np.diff(group, prepend=-1))
    return np.arange(len(group)) - np.repeat(first, np.diff(np.append(first, len(group))))
