"""Peers of the promise benchmark: lead-time quantiles (n, 19) from a promise and what came of earlier ones."""

import warnings

import numpy as np
import pandas as pd
from lifelines import LogNormalAFTFitter

from benchmarks.scms.peers import by_supplier, shrunk_lognormal
from distributions.distribution import Array
from distributions.levels import BACKTEST_LEVELS

_DAY = pd.Timedelta(days=1)


def usual_ratio(train: pd.DataFrame, test: pd.DataFrame) -> Array:
    """The promise times the supplier's usual ratio of lead time to promise; without a promise its usual lead time."""
    closed = train[~train["is_open"].astype(bool) & train["promised_at"].notna()]
    ratio = closed.assign(duration=closed["duration"] / np.maximum(_promise(closed), 1.0))
    values = by_supplier(ratio, test, _empirical) * np.maximum(_promise(test), 1.0)[:, None]
    return np.asarray(np.where(np.isnan(values), shrunk_lognormal(train, test), values))


def usual_delay(train: pd.DataFrame, test: pd.DataFrame) -> Array:
    """The promise plus the supplier's usual days of delay; without a promise its usual lead time."""
    closed = train[~train["is_open"].astype(bool) & train["promised_at"].notna()]
    delay = closed.assign(duration=closed["duration"] - _promise(closed))
    values = np.maximum(by_supplier(delay, test, _empirical) + _promise(test)[:, None], 0.0)
    return np.asarray(np.where(np.isnan(values), shrunk_lognormal(train, test), values))


def promise_aft(train: pd.DataFrame, test: pd.DataFrame) -> Array:
    """LogNormalAFTFitter of lifelines on the log promise and the supplier, open orders censored."""
    both = pd.concat([train, test], ignore_index=True)
    counts = train["supplier_id"].value_counts()
    names = both["supplier_id"].where(both["supplier_id"].isin(counts[counts >= 10].index), "other")
    promise = pd.Series(np.log(np.maximum(_promise(both), 1.0)))
    X = pd.get_dummies(names, dtype=float).assign(
        promise=promise.fillna(promise.mean()), missing=promise.isna()
    )
    X = X.astype(float).loc[:, X.iloc[: len(train)].astype(float).std().to_numpy() > 0]
    known = X.iloc[: len(train)].assign(T=np.maximum(train["duration"], 0.5).to_numpy(), E=~train["is_open"])
    fitter = LogNormalAFTFitter(penalizer=0.01)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of convergence: its variance matrix is not used
        fitter.fit(known, "T", "E")
    new = X.iloc[len(train) :].reset_index(drop=True)
    return np.column_stack([fitter.predict_percentile(new, p=1 - p).to_numpy() for p in BACKTEST_LEVELS])


def _promise(orders: pd.DataFrame) -> Array:
    """Days promised (n,), NaN without a promise."""
    return np.asarray(((orders["promised_at"] - orders["ordered_at"]) / _DAY).to_numpy(float))


def _empirical(orders: pd.DataFrame, _age: float) -> Array:
    return np.asarray(np.quantile(orders["duration"], BACKTEST_LEVELS))
