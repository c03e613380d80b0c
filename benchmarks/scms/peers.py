"""Peers of the SCMS benchmark, and Purvey: lead-time quantiles (n, 19) of each tested order from a snapshot."""

import warnings
from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
from lifelines import KaplanMeierFitter, LogNormalAFTFitter
from scipy.special import ndtri

from benchmarks.scms.delivery_history import COVARIATES
from distributions.distribution import Array
from distributions.levels import BACKTEST_LEVELS
from features.contract.tables import COVARIATE
from models.lead_time.forecaster import LeadTimeForecaster

ENOUGH = 5  # closed orders; with fewer, a supplier is given everybody's
_POOLED_BELOW = 10
_TEXTS = ("supplier_id", *(COVARIATE + name for name in COVARIATES))

Peer = Callable[[pd.DataFrame, pd.DataFrame], Array]
Rule = Callable[[pd.DataFrame, float], Array]


def lognormal_aft(train: pd.DataFrame, test: pd.DataFrame, texts: Sequence[str] = _TEXTS) -> Array:
    """The LogNormalAFTFitter of lifelines, open orders censored, levels of `texts` with fewer than 10 orders pooled."""
    both = pd.concat([train, test], ignore_index=True)
    columns = []
    for name in texts:
        counts = train[name].value_counts()
        frequent = counts[counts >= _POOLED_BELOW].index
        columns.append(
            pd.get_dummies(both[name].where(both[name].isin(frequent), "other"), prefix=name, dtype=float)
        )
    sizes = pd.DataFrame({"quantity": np.log1p(both["quantity_ordered"]), "value": _log_value(both)})
    X = pd.concat([*columns, (sizes - sizes.mean()) / sizes.std()], axis=1)
    return fitted_lognormal_aft(X, train)


def fitted_lognormal_aft(X: pd.DataFrame, train: pd.DataFrame) -> Array:
    """Lead-time quantiles (n, 19) of the LogNormalAFTFitter: covariates `X` of `train` (duration, is_open), then of n.

    Covariates that never vary in `train` are left out.
    """
    X = X.astype(float)
    X = X.loc[:, X.iloc[: len(train)].std() > 0]
    days, closed = np.maximum(train["duration"], 0.5).to_numpy(), ~train["is_open"].to_numpy(bool)
    fitter = LogNormalAFTFitter(penalizer=0.01)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of convergence: its variance matrix is not used
        fitter.fit(X.iloc[: len(train)].assign(T=days, E=closed), "T", "E")
    new = X.iloc[len(train) :].reset_index(drop=True)
    return np.column_stack([fitter.predict_percentile(new, p=1 - p).to_numpy() for p in BACKTEST_LEVELS])


def _log_value(orders: pd.DataFrame) -> pd.Series:
    return np.log1p(orders["quantity_ordered"] * orders["unit_price"]).fillna(0.0)


def supplier_empirical(train: pd.DataFrame, test: pd.DataFrame) -> Array:
    """Empirical lead-time quantiles of the supplier's closed orders."""
    return by_supplier(train, test, _empirical)


def global_empirical(train: pd.DataFrame, test: pd.DataFrame) -> Array:
    """Empirical lead-time quantiles of all closed orders."""
    return np.tile(_empirical(train, 0.0), (len(test), 1))


def own_empirical(train: pd.DataFrame, test: pd.DataFrame) -> Array:
    """Empirical lead-time quantiles of the supplier's closed orders, however few; everybody's where there is none."""
    return by_supplier(train, test, _empirical, enough=1)


def kaplan_meier(train: pd.DataFrame, test: pd.DataFrame) -> Array:
    """Lead-time quantiles by Kaplan–Meier per supplier, open orders censored."""
    return by_supplier(train, test, _kaplan_meier)


def conditional_kaplan_meier(train: pd.DataFrame, test: pd.DataFrame) -> Array:
    """Lead-time quantiles by Kaplan–Meier per supplier, of those orders that got as old as the open one."""
    return by_supplier(train, test, _kaplan_meier, ages=test["age"].to_numpy(float))


def normal(train: pd.DataFrame, test: pd.DataFrame) -> Array:
    """Lead-time quantiles of a normal with the mean and standard deviation of the supplier's closed orders."""
    return by_supplier(train, test, _normal)


def shrunk_lognormal(train: pd.DataFrame, test: pd.DataFrame) -> Array:
    """LogNormal lead time per supplier: mean and variance of its closed orders' logs, shrunk by empirical Bayes."""
    closed = train[~train["is_open"].astype(bool)]
    log = np.log(np.maximum(closed["duration"], 0.5)).groupby(closed["supplier_id"])
    n, mean = log.size(), log.mean()
    within = (log.var().fillna(0.0) * (n - 1)).sum() / max(int((n - 1).sum()), 1)
    usual = float(np.average(mean, weights=n / (n + 1)))
    between = max(float(np.average((mean - usual) ** 2 - within / n, weights=n / (n + 1))), 0.01)
    share = between / (between + within / n)
    pooled = (log.var().fillna(within) * (n - 1) + 5 * within) / (n + 4)
    mean = (share * mean + (1 - share) * usual).reindex(test["supplier_id"]).fillna(usual).to_numpy()
    variance = (pooled + (1 - share) * between).reindex(test["supplier_id"])
    spread = np.sqrt(variance.fillna(within + between).to_numpy())
    return np.asarray(np.exp(mean[:, None] + np.outer(spread, ndtri(BACKTEST_LEVELS))))


def by_supplier(
    train: pd.DataFrame, test: pd.DataFrame, rule: Rule, *, ages: Array | None = None, enough: int = ENOUGH
) -> Array:
    """Lead-time quantiles (n, 19) by `rule` on each row's supplier, on all orders where that has too few."""
    closed = train[~train["is_open"].astype(bool)].groupby("supplier_id").size()
    groups = dict(list(train.groupby("supplier_id")))
    at = np.zeros(len(test)) if ages is None else ages
    rows = []
    for supplier, age in zip(test["supplier_id"], at, strict=True):
        orders = groups[supplier] if closed.get(supplier, 0) >= enough else train
        rows.append(rule(orders, age))
    return np.array(rows)


def _empirical(orders: pd.DataFrame, _age: float) -> Array:
    return np.asarray(np.quantile(orders.loc[~orders["is_open"].astype(bool), "duration"], BACKTEST_LEVELS))


def _normal(orders: pd.DataFrame, _age: float) -> Array:
    days = orders.loc[~orders["is_open"].astype(bool), "duration"]
    return np.asarray(np.maximum(days.mean() + days.std() * ndtri(BACKTEST_LEVELS), 0.0))


def _kaplan_meier(orders: pd.DataFrame, age: float) -> Array:
    """Kaplan–Meier quantiles (19,) of the lead time, given that it is longer than `age` days."""
    fitter = KaplanMeierFitter().fit(orders["duration"], ~orders["is_open"].astype(bool))
    times = fitter.survival_function_.index.to_numpy(float)
    survival = fitter.survival_function_.iloc[:, 0].to_numpy(float)
    alive = survival[np.searchsorted(times, age, side="right") - 1]
    target = alive * (1 - BACKTEST_LEVELS)
    below = survival[None, :] <= target[:, None] + 1e-12
    # where the curve ends above the target level, the last time seen is all it can say
    found = np.where(below.any(axis=1), times[below.argmax(axis=1)], times[-1])
    return np.asarray(np.maximum(found, age))


def purvey_quantiles(train: pd.DataFrame, test: pd.DataFrame) -> dict[str, Array]:
    """Lead-time quantiles (n, 19) beside the peers': Purvey's mixture and each of its members alone."""
    model = LeadTimeForecaster().fit(train)
    alone = {f"  {name} alone": member for name, member in model.mixture_.members.items()}
    forecasts = {"ours": model} | alone
    return {name: one.predict(test).quantile(_levels(test)) for name, one in forecasts.items()}


def purvey_open_orders(train: pd.DataFrame, test: pd.DataFrame) -> tuple[Array, Array]:
    """Lead-time quantiles (n, 19) of open orders beside the peers': Purvey's given their age, and with it ignored."""
    forecast = LeadTimeForecaster().fit(train).predict(test)
    given_age = forecast.above(test["age"].to_numpy(float))
    return given_age.quantile(_levels(test)), forecast.quantile(_levels(test))


def _levels(test: pd.DataFrame) -> Array:
    return np.tile(BACKTEST_LEVELS, (len(test), 1))
