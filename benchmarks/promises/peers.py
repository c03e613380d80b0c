"""Peers of the promise benchmark: lead-time quantiles (n, 19) from a promise and what came of earlier ones."""

import numpy as np
import pandas as pd

from benchmarks.scms.peers import by_supplier, fitted_lognormal_aft, shrunk_lognormal
from distributions.distribution import Array
from distributions.levels import BACKTEST_LEVELS
from features.orders.promises import promised_days


def usual_ratio(train: pd.DataFrame, test: pd.DataFrame) -> Array:
    """The promise times the supplier's usual ratio of lead time to promise; without a promise its usual lead time."""
    closed = train[~train["is_open"].astype(bool) & train["promised_at"].notna()]
    ratio = closed.assign(duration=closed["duration"] / np.maximum(promised_days(closed), 1.0))
    values = by_supplier(ratio, test, _empirical) * np.maximum(promised_days(test), 1.0)[:, None]
    return np.asarray(np.where(np.isnan(values), shrunk_lognormal(train, test), values))


def usual_delay(train: pd.DataFrame, test: pd.DataFrame) -> Array:
    """The promise plus the supplier's usual days of delay; without a promise its usual lead time."""
    closed = train[~train["is_open"].astype(bool) & train["promised_at"].notna()]
    delay = closed.assign(duration=closed["duration"] - promised_days(closed))
    values = np.maximum(by_supplier(delay, test, _empirical) + promised_days(test)[:, None], 0.0)
    return np.asarray(np.where(np.isnan(values), shrunk_lognormal(train, test), values))


def promise_aft(train: pd.DataFrame, test: pd.DataFrame) -> Array:
    """LogNormalAFTFitter of lifelines on the log promise and the supplier, open orders censored."""
    both = pd.concat([train, test], ignore_index=True)
    counts = train["supplier_id"].value_counts()
    names = both["supplier_id"].where(both["supplier_id"].isin(counts[counts >= 10].index), "other")
    promise = pd.Series(np.log(np.maximum(promised_days(both), 1.0)))
    X = pd.get_dummies(names, dtype=float).assign(
        promise=promise.fillna(promise.mean()), missing=promise.isna()
    )
    return fitted_lognormal_aft(X, train)


def _empirical(orders: pd.DataFrame, _age: float) -> Array:
    return np.asarray(np.quantile(orders["duration"], BACKTEST_LEVELS))
