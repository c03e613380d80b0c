"""Order lines open far beyond all experience: so old that they have probably been forgotten, and will never come."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from distributions.distribution import Array
from features.orders.promises import promised_days

_FEWEST = 5  # received lines of a supplier from which its own experience counts
_TIMES, _GRACE_DAYS = 2.0, 30.0


def beyond_experience(orders: pd.DataFrame) -> NDArray[np.bool_]:
    """Whether each line of the order history (n,) is open, and far older than any lead time that was seen.

    Far older is more than a month above twice the longest lead time of its supplier; with fewer than five received
    lines there, above twice the 99 % point, and the longest, of all suppliers. A line promised for later than
    its supplier's median is allowed so much longer (`late_age`). Nothing is beyond an experience that there is none of.
    """
    days = orders["duration"].where(~orders["is_open"].astype(bool))
    if not days.notna().any():
        return np.zeros(len(orders), bool)
    company = max(_TIMES * float(days.quantile(0.99)), float(days.max()))
    seen = days.groupby(orders["supplier_id"]).agg(["max", "median", "count"]).reindex(orders["supplier_id"])
    enough = (seen["count"] >= _FEWEST).to_numpy(bool)
    limit = np.where(enough, _TIMES * seen["max"].to_numpy(float), company) + _GRACE_DAYS
    usual = np.where(enough, seen["median"].to_numpy(float), float(days.median()))
    age = late_age(orders, orders["duration"].to_numpy(float), usual)
    return np.asarray(orders["is_open"].to_numpy(bool) & (age > limit), bool)


def late_age(orders: pd.DataFrame, age: Array, usual: Array) -> Array:
    """Age of order lines in days (n,) as far as it tells of delay: less the days promised beyond the `usual` ones."""
    return np.asarray(age - np.maximum(np.nan_to_num(promised_days(orders)) - usual, 0.0))
