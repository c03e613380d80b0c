"""How much sooner an expedited order comes, learned from order lines that were expedited before."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from distributions.distribution import Array

_FEWEST = 3  # expedited and received lines of the whole company: with fewer nobody knows
_STRENGTH = 5.0  # expedited lines of its own that weigh as much as what all suppliers do
_DAY = pd.Timedelta(days=1)
_NEEDED = ["supplier_id", "ordered_at", "received_at", "expedited"]


def expedited_share(purchase_orders: pd.DataFrame, suppliers: NDArray[np.object_]) -> Array:
    """Share (n,) of its remaining days that an order at each of `suppliers` (n,) takes when it is expedited, ≤ 1.

    exp((k·log r + 5·log r̄) / (k + 5)), where r is the mean lead time of a supplier's k expedited lines over that of
    its others, and log r̄ the mean of log r over all expedited lines. A line expedited from its first day tells how
    much of the time was in the supplier's hands; that it is the same share of the days left is taken for granted.

    Parameters
    ----------
    purchase_orders : supplier_id, ordered_at, received_at and expedited; NaN for all when fewer than three received
        lines were expedited, or a column is missing
    """
    unknown = np.full(len(suppliers), np.nan)
    if not set(_NEEDED) <= set(purchase_orders.columns):
        return unknown
    means = _mean_lead_times(purchase_orders)
    count = means["size", True]
    if count.sum() < _FEWEST:
        return unknown
    log_share = np.log(means["mean", True] / means["mean", False])
    company = float((count * log_share).sum() / count.sum())
    own = (count * log_share + _STRENGTH * company) / (count + _STRENGTH)
    known = own.reindex(suppliers).fillna(company).to_numpy(float)
    return np.asarray(np.minimum(np.exp(known), 1.0))


def _mean_lead_times(purchase_orders: pd.DataFrame) -> pd.DataFrame:
    """Mean lead time in days and number of lines, expedited and not, of each supplier that has both."""
    lines = purchase_orders[purchase_orders["received_at"].notna().to_numpy(bool)]
    expedited = lines["expedited"].fillna(value=False).to_numpy(bool)
    lines = lines[lines["supplier_id"].isin(lines["supplier_id"][expedited].unique()).to_numpy(bool)]
    days = ((lines["received_at"] - lines["ordered_at"]) / _DAY).clip(lower=0.5)
    marked = lines["expedited"].fillna(value=False).astype(bool)
    means = days.groupby([lines["supplier_id"], marked]).agg(["mean", "size"]).unstack()
    return means.reindex(columns=pd.MultiIndex.from_product([["mean", "size"], [False, True]])).dropna()
