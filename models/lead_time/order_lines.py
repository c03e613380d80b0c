"""Lines of one order: they come together more often than not, so that ten of them are no ten observations."""

import numpy as np
import pandas as pd

from distributions.distribution import Array
from models.lead_time.snapshots import SAME_DAY

_UNKNOWN_ORDERS = 20.0
"""Orders of several lines at which their likeness counts half: with few it may be chance."""

_MOST_ALIKE = 0.95


def line_weights(orders: pd.DataFrame) -> Array:
    """Weight of each order line, (n,): 1 / (1 + (m − 1)·ρ) where its order has m lines, 1 where it has one.

    m lines whose lead times have the correlation ρ say as much of a supplier as m / (1 + (m − 1)·ρ) that have none
    (the design effect of Kish 1965). ρ is learned, see `likeness_of_lines`.
    """
    if "order_id" not in orders or not orders.duplicated(["supplier_id", "order_id"]).any():
        return np.ones(len(orders))
    order = orders.groupby(["supplier_id", "order_id"], sort=False).ngroup().to_numpy(np.int64)
    lines = np.bincount(order)[order]
    return np.asarray(1.0 / (1.0 + (lines - 1.0) * likeness_of_lines(orders, order)))


def likeness_of_lines(orders: pd.DataFrame, order: Array) -> float:
    """Correlation ρ of the log lead times of an order's closed lines around their supplier's mean, 0 to .95.

    `order` (n,) numbers the orders. An order's pairs count as many as it has lines. Shrunk to 0 where few orders have
    several lines.
    """
    closed = ~orders["is_open"].to_numpy(bool)
    if closed.sum() < 2:
        return 0.0
    log = np.log(np.maximum(orders["duration"].to_numpy(float)[closed], SAME_DAY))
    supplier = pd.factorize(orders["supplier_id"][closed])[0]
    left = log - (np.bincount(supplier, log) / np.bincount(supplier))[supplier]
    number = pd.factorize(order[closed])[0]
    lines = np.bincount(number)
    pairs = np.bincount(number, left) ** 2 - np.bincount(number, left**2)
    some = lines > 1
    variance = float((left**2).sum()) / max(len(left) - int(supplier.max()) - 1, 1)
    if not some.any() or variance <= 0:
        return 0.0
    likeness = float((pairs[some] / (lines[some] - 1.0)).sum() / lines[some].sum()) / variance
    count = float(some.sum())
    return float(np.clip(likeness * count / (count + _UNKNOWN_ORDERS), 0.0, _MOST_ALIKE))
