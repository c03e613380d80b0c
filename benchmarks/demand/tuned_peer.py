"""mlforecast's LightGBM tuned by Optuna, for as long as Purvey takes to train and forecast."""

import time
from typing import Any

import numpy as np

from benchmarks.demand.lightgbm_peer import mlforecast_lightgbm
from benchmarks.demand.peers import QuantileForecast
from distributions.distribution import Array
from distributions.pinball import pinball_loss
from features.demand.panel import Panel

TUNED_LEVELS: Array = np.array([0.1, 0.5, 0.9])
"""Quantile levels that a trial is judged by: all seven would leave time for half as many."""

SEED = 0


def tuned_lightgbm(panel: Panel, h: int, seconds: float) -> QuantileForecast:
    """Forecast by mlforecast's LightGBM with the parameters that did best on the last h periods before the cutoff.

    Trials begin as long as `seconds` are not over; the first is near the untuned peer's parameters. Each is judged by
    pinball loss in units of the SKU's mean demand. Demand standardised by SKU is a choice like the others.
    """
    import optuna

    before, until = panel.until(panel.periods - h), time.monotonic() + seconds
    actual = panel.known_demand[:, -h:]
    known = ~np.isnan(actual)
    unit = np.maximum(np.nan_to_num(panel.known_demand).mean(axis=1), 1e-9)[:, None]

    def loss(trial: Any) -> float:
        ahead = mlforecast_lightgbm(before, h, params=_suggested(trial), levels=TUNED_LEVELS)
        at = np.searchsorted(ahead.levels, TUNED_LEVELS)
        lost = pinball_loss(np.nan_to_num(actual), ahead.period[:, :, at], TUNED_LEVELS) / unit
        return float(lost[known].mean())

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    study = optuna.create_study(sampler=optuna.samplers.TPESampler(seed=SEED))
    study.enqueue_trial(
        {"n_estimators": 100, "learning_rate": 0.05, "num_leaves": 31, "min_child_samples": 20}
    )
    study.optimize(loss, n_trials=1)
    while time.monotonic() < until:
        study.optimize(loss, n_trials=1)
    return mlforecast_lightgbm(panel, h, params=study.best_params)


def _suggested(trial: Any) -> dict[str, Any]:
    """LightGBM parameters of one trial."""
    return {
        "n_estimators": trial.suggest_int("n_estimators", 30, 400, log=True),
        "learning_rate": trial.suggest_float("learning_rate", 0.01, 0.2, log=True),
        "num_leaves": trial.suggest_int("num_leaves", 4, 127, log=True),
        "min_child_samples": trial.suggest_int("min_child_samples", 5, 200, log=True),
        "reg_lambda": trial.suggest_float("reg_lambda", 1e-3, 30.0, log=True),
        "colsample_bytree": trial.suggest_float("colsample_bytree", 0.3, 1.0),
        "standardised": trial.suggest_categorical("standardised", [False, True]),
    }
