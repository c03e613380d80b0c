"""How much the orders from before a supplier's change still count, so that a forecast follows it up and down."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from distributions.distribution import Array
from models.lead_time.changes.detect import detect_changes
from models.lead_time.evaluation.backtest import WINDOWS
from models.lead_time.evaluation.crps import cdf_on, censored_crps, time_grid
from models.lead_time.members.empirical import ShrunkEmpirical
from models.lead_time.snapshots import folds, recency_weights

_REMEMBERED = (5.0, 20.0, np.inf)
"""Orders that all those before a change may count for together; infinite: nothing is forgotten."""
_STRENGTH = 5.0
_LEAST_EPISODES = 8


def memory(orders: pd.DataFrame, half_life_days: float, *, sample: pd.DataFrame | None = None) -> Array:
    """Weight of each order line beside that of its age, shape (n,), so that a model forgets what has changed.

    1 for the orders that tell of how their supplier is now (see `change.detect_changes`); those from before a change
    count for a few orders together. For how many is what did best on earlier snapshots of the orders: where changes
    do not last, forgetting costs more than it gains (SCMS: 18.8 days of pinball loss against 18.3), and nothing is
    forgotten. Without a snapshot that would tell, for five.

    Parameters
    ----------
    orders : usable rows of `features.orders.history.order_history`
    half_life_days : of the weight of age; a column of that name holds before it
    sample : the rows that decide, none: all of them
    """
    gone = before_changes(orders)
    if not gone.any():
        return np.ones(len(orders))
    kept = _remembered(orders if sample is None else sample, half_life_days)
    return _weights(orders, gone, half_life_days, kept)


def before_changes(orders: pd.DataFrame) -> NDArray[np.bool_]:
    """Whether each line is from before its supplier's last lasting change, or from a time that has passed, (n,)."""
    sent = detect_changes(orders).shipments
    changed = sent[~sent["present"].astype(bool)]
    if changed.empty:
        return np.zeros(len(orders), bool)
    pair = ["supplier_id", "ordered_at"]
    gone = pd.MultiIndex.from_frame(orders[pair]).isin(pd.MultiIndex.from_frame(changed[pair]))
    first = sent.drop_duplicates("supplier_id")
    oldest = first[~first["present"].astype(bool)].set_index("supplier_id")["ordered_at"]
    unwatched = (orders["ordered_at"] < orders["supplier_id"].map(oldest)).to_numpy(bool)
    return np.asarray(gone | unwatched)


def _weights(orders: pd.DataFrame, gone: NDArray[np.bool_], half_life_days: float, kept: float) -> Array:
    age = np.where(gone, recency_weights(orders, half_life_days), 0.0)
    total = pd.Series(age).groupby(orders["supplier_id"].to_numpy()).transform("sum").to_numpy()
    return np.where(gone & (total > kept), kept / np.maximum(total, 1e-12), 1.0)


def _remembered(orders: pd.DataFrame, half_life_days: float) -> float:
    """The least that has to be remembered, on the later orders of suppliers that had changed.

    More than the least is taken when it loses clearly less: by a standard error of the mean over suppliers and
    windows, for the orders of one supplier in one window share their fate.
    """
    grid, days = time_grid(orders)
    losses = []
    for fold in folds(orders, WINDOWS):
        gone = before_changes(fold.past)
        later = fold.later[fold.later["supplier_id"].isin(fold.past["supplier_id"][gone])]
        if len(later):
            columns = []
            for kept in _REMEMBERED:
                past = fold.past.assign(memory=_weights(fold.past, gone, half_life_days, kept))
                model = ShrunkEmpirical(("supplier_id",), (_STRENGTH,), half_life_days).fit(past)
                columns.append(censored_crps(cdf_on(model.predict(later).values, grid), later, grid, days))
            table = pd.DataFrame(np.column_stack(columns))
            losses.append(table.groupby(later["supplier_id"].to_numpy()).mean())
    if not losses:
        return _REMEMBERED[0]
    episodes = pd.concat(losses).to_numpy()
    # of orders still to come on their first day nothing is known
    episodes = episodes[episodes.mean(axis=1) > 0]
    gain = (episodes[:, :1] - episodes) / episodes.mean(axis=1, keepdims=True)
    if len(gain) < _LEAST_EPISODES:
        return _REMEMBERED[0]
    clear = gain.mean(axis=0) - gain.std(axis=0, ddof=1) / np.sqrt(len(gain))
    return _REMEMBERED[int(clear.argmax())]
