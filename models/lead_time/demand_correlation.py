"""Demand correlation: how far orders take longer at times when their SKU is ordered faster than usual."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtri

from distributions.distribution import Array
from models.lead_time.evidence import gain_lower_bound

_FEWEST_ORDERS = 6  # days of orders of a lane, without the first: with fewer its own trend explains most
_FEWEST = 10  # suppliers, and months: their number is what the standard error rests on
_STANDARD_ERRORS = 3.0
_LARGEST = 0.9
_DAY = pd.Timedelta(days=1)


def learn_demand_correlation(orders: pd.DataFrame) -> float:
    """Correlation of the normal scores of lead times and of the SKU's demand at their time, 0 where it may be chance.

    What is ordered since the order before, a day, tells the demand of that time: a rate before the order, which its
    own delay cannot have changed. Within each lane (SKU × supplier) lead times and rates become normal scores of their
    ranks, less a straight line over time; ρ = Σxy / √(Σx²·Σy²). Orders of one supplier are not independent, nor those
    of one month: the standard error is the larger of the two by group. ρ is shrunk by ρ² / (ρ² + its squared error).

    Parameters
    ----------
    orders : closed order lines with supplier_id, unique_id, ordered_at, duration (days) and quantity_ordered; without
        quantities nothing is known of the demand, as 0
    """
    days = _order_days(orders) if "quantity_ordered" in orders else orders.iloc[:0]
    if days.empty:
        return 0.0
    lane = days.groupby(["supplier_id", "unique_id"], sort=False).ngroup().to_numpy(np.int64)
    time = ((days["ordered_at"] - days["ordered_at"].min()) / _DAY).to_numpy(float)
    delay, rate = (_scores(days[column], lane, time) for column in ("duration", "rate"))
    total = float(np.sqrt((delay**2).sum() * (rate**2).sum()))
    month = days["ordered_at"].dt.to_period("M")
    groups = [pd.factorize(values)[0] for values in (days["supplier_id"], month)]
    if total <= 0 or min(int(group.max()) + 1 for group in groups) < _FEWEST:
        return 0.0
    found = float((delay * rate).sum()) / total
    share = delay * rate / total - found * (delay**2 / (delay**2).sum() + rate**2 / (rate**2).sum()) / 2
    error = max(float(np.sqrt((np.bincount(group, share) ** 2).sum())) for group in groups)
    if not gain_lower_bound(abs(found), error, k=_STANDARD_ERRORS) > 0:
        return 0.0
    return float(np.clip(found**3 / (found**2 + error**2), -_LARGEST, _LARGEST))


def _order_days(orders: pd.DataFrame) -> pd.DataFrame:
    """Days on which each lane was ordered, but its first: mean duration of its lines, and `rate`, units a day since."""
    known = orders[orders["quantity_ordered"] > 0]
    lane = ["supplier_id", "unique_id"]
    days = known.groupby([*lane, "ordered_at"], as_index=False, observed=True, sort=True).agg(
        duration=("duration", "mean"), units=("quantity_ordered", "sum")
    )
    gap = days.groupby(lane, sort=False)["ordered_at"].diff() / _DAY
    days = days.assign(rate=days["units"] / gap)[gap.notna()]
    many = days.groupby(lane, sort=False)["rate"].transform("size") >= _FEWEST_ORDERS
    return days[many].reset_index(drop=True)


def _scores(values: pd.Series, lane: NDArray[np.int64], time: Array) -> Array:
    """Normal scores (n,) of the ranks of values within their lane, less a straight line over time."""
    by_lane = values.groupby(lane)
    rank = (by_lane.rank().to_numpy(float) - 0.5) / by_lane.transform("size").to_numpy(float)
    score = _centred(ndtri(rank), lane)
    when = _centred(time, lane)
    spread = np.bincount(lane, when**2)
    slope = np.divide(np.bincount(lane, when * score), spread, out=np.zeros(len(spread)), where=spread > 0)
    return np.asarray(score - slope[lane] * when)


def _centred(values: Array, lane: NDArray[np.int64]) -> Array:
    """Values (n,) less the mean of their lane."""
    return np.asarray(values - (np.bincount(lane, values) / np.bincount(lane))[lane])
