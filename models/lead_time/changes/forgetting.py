"""Forgetting: how much orders from before a supplier's change still count, so that forecasts follow it up and down."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from distributions.distribution import Array
from models.lead_time.changes.detect import detect_changes
from models.lead_time.evaluation.backtest import WINDOWS
from models.lead_time.evaluation.crps import cdf_on_grid, censored_crps, time_grid
from models.lead_time.evidence import mean_gain_lower_bound
from models.lead_time.members.empirical import ShrunkEmpirical
from models.lead_time.recency import recency_weights
from models.lead_time.snapshots import Fold, folds

_REMEMBERED = (5.0, 20.0, np.inf)
"""Orders that all those before a change may count for together; infinite: nothing is forgotten."""
_STRENGTH = 5.0
_LEAST_EPISODES = 8
_STANDARD_ERRORS = 1.0
"""One, for the change itself is beyond chance already; here only how much of the past still helps is chosen."""


def memory_weights(
    orders: pd.DataFrame, half_life_days: float, *, sample: pd.DataFrame | None = None
) -> Array:
    """Weight of each order line (n,) beside that of its age, so that a model forgets what was before a change.

    1 for the orders that show how their supplier is now (see `detect.detect_changes`); those from before a change
    count for a few orders together. For how many is what did best on earlier snapshots of the orders: where changes
    do not last, forgetting costs more than it gains (SCMS: 18.8 days of pinball loss against 18.3), and nothing is
    forgotten. Without a snapshot to judge by, for five.

    Parameters
    ----------
    orders : usable rows of `features.orders.order_history.order_history`
    half_life_days : of the weight of age; a column of that name takes precedence
    sample : the rows that decide, none: all of them
    """
    outdated = before_change(orders)
    if not outdated.any():
        return np.ones(len(orders))
    remembered = _best_remembered(orders if sample is None else sample, half_life_days)
    return _forgetting_weights(orders, outdated, half_life_days, remembered)


def before_change(orders: pd.DataFrame) -> NDArray[np.bool_]:
    """Whether each order line (n,) is from before its supplier's last lasting change, and so to be forgotten.

    Lines older than the latest shipments that are watched count as their supplier's oldest watched shipment does. A
    change that was agreed on needs no detection: lines of before `agreed_since` are forgotten where it is there.
    """
    agreed = _before_agreement(orders)
    shipments = detect_changes(orders).shipments
    changed = shipments[~shipments["is_current"].astype(bool)]
    if changed.empty:
        return agreed
    pair = ["supplier_id", "ordered_at"]
    outdated = pd.MultiIndex.from_frame(orders[pair]).isin(pd.MultiIndex.from_frame(changed[pair]))
    first = shipments.drop_duplicates("supplier_id")
    oldest = first[~first["is_current"].astype(bool)].set_index("supplier_id")["ordered_at"]
    unwatched = (orders["ordered_at"] < orders["supplier_id"].map(oldest)).to_numpy(bool)
    return np.asarray(outdated | unwatched | agreed)


def _before_agreement(orders: pd.DataFrame) -> NDArray[np.bool_]:
    """Lines (n,) of before an agreement on their lane's lead time, where the supplier has had orders since then."""
    if "agreed_since" not in orders:
        return np.zeros(len(orders), bool)
    last = orders.groupby("supplier_id")["ordered_at"].transform("max")
    known = orders["agreed_since"].notna() & (last >= orders["agreed_since"])
    return np.asarray(known & (orders["ordered_at"] < orders["agreed_since"]), bool)


def _forgetting_weights(
    orders: pd.DataFrame, outdated: NDArray[np.bool_], half_life_days: float, remembered: float
) -> Array:
    """Weight (n,) of each line: those from before a supplier's change count for `remembered` orders at most."""
    age = np.where(outdated, recency_weights(orders, half_life_days), 0.0)
    total = pd.Series(age).groupby(orders["supplier_id"].to_numpy()).transform("sum").to_numpy()
    return np.where(outdated & (total > remembered), remembered / np.maximum(total, 1e-12), 1.0)


def _best_remembered(orders: pd.DataFrame, half_life_days: float) -> float:
    """Orders from before a change to remember: the least, unless more does better on later orders beyond chance.

    Beyond chance is by a standard error of the mean over suppliers and windows, for the orders of one supplier in
    one window are not independent.
    """
    grid, days = time_grid(orders)
    losses = [_losses(fold, half_life_days, grid, days) for fold in folds(orders, WINDOWS)]
    found = [table for table in losses if table is not None]
    if not found:
        return _REMEMBERED[0]
    episodes = pd.concat(found).to_numpy()
    # of orders still to come on their first day nothing is known
    episodes = episodes[episodes.mean(axis=1) > 0]
    gain = (episodes[:, :1] - episodes) / episodes.mean(axis=1, keepdims=True)
    if len(gain) < _LEAST_EPISODES:
        return _REMEMBERED[0]
    return _REMEMBERED[int(mean_gain_lower_bound(gain, k=_STANDARD_ERRORS).argmax())]


def _losses(fold: Fold, half_life_days: float, grid: Array, days: Array) -> pd.DataFrame | None:
    """Mean censored CRPS by supplier that had changed (rows) and orders remembered (columns); none without orders."""
    outdated = before_change(fold.past)
    later = fold.later[fold.later["supplier_id"].isin(fold.past["supplier_id"][outdated])]
    if not len(later):
        return None
    columns = []
    for remembered in _REMEMBERED:
        past = fold.past.assign(memory=_forgetting_weights(fold.past, outdated, half_life_days, remembered))
        model = ShrunkEmpirical(("supplier_id",), (_STRENGTH,), half_life_days).fit(past)
        cdf = cdf_on_grid(model.predict(later).values, grid)
        columns.append(censored_crps(cdf, later, grid, days))
    return pd.DataFrame(np.column_stack(columns)).groupby(later["supplier_id"].to_numpy()).mean()
