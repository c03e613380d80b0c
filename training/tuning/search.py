"""The search for the demand model's boosting parameters, on periods older than those the model is judged on."""

import time

import numpy as np
import optuna
import pandas as pd
from optuna.distributions import FloatDistribution, IntDistribution

from configs.schema import BoostingConfig, Config
from features.contract.calendar import season_length
from features.demand.panel import Panel
from models.demand.backtest.rolling_origins import choose_origins
from training.evaluation.interval import Interval
from training.progress import Progress, silent
from training.tuning.budget import Budget
from training.tuning.trials import Course, Tuning, split

WINDOWS = 5
"""Windows before the judged ones: the older two are searched on, the newer three confirm."""

FIRST_GUESSES = 10
"""Trials drawn at random before the sampler learns from those there are."""

SPACE: dict[str, FloatDistribution | IntDistribution] = {
    "learning_rate": FloatDistribution(0.02, 0.2, log=True),
    "num_leaves": IntDistribution(7, 127, log=True),
    "min_data_in_leaf": IntDistribution(20, 500, log=True),
    "feature_fraction": FloatDistribution(0.2, 0.9),
    "lambda_l2": FloatDistribution(0.5, 50.0, log=True),
    "rounds": IntDistribution(50, 500, log=True),
    "variance_power": FloatDistribution(1.1, 1.9),
    "half_life_periods": FloatDistribution(13.0, 260.0, log=True),
}


def tune(panel: Panel, config: Config, h: int, budget: Budget, progress: Progress = silent) -> Tuning:
    """Search the boosting's parameters by rolling origins before the first one that a training is judged by.

    The config's own parameters are the first trial. The best trial of the older windows has to beat them on newer
    ones, which the search never saw, with the 90 % interval of the paired difference below zero; otherwise nothing
    changes. The windows a training is judged by, and its weights and calibration are learned from, stay unseen.
    """
    clock = time.perf_counter()
    season = config.demand.season_length or season_length(panel.freq)
    judged = choose_origins(panel, h, config.demand.windows, season)
    past = panel.until(int(judged.at[0])) if len(judged) else panel
    origins = choose_origins(past, h, WINDOWS, season)
    before = config.demand.boosting
    if not len(judged) or len(np.unique(origins.window)) < 3:  # two must confirm: one has no interval
        return _not_tuned(before)
    progress("Tuning: the config's parameters", 0.0)
    older, newer = split(origins)
    # the last origins of the older windows would look into the newer ones
    course = Course(past.until(int(newer.at[0])), config, h, older)
    if np.isnan(course.loss):
        return _not_tuned(before)
    trials = _search(course, budget, clock, progress)
    best = BoostingConfig.model_validate(trials.loc[trials["loss"].idxmin(), list(SPACE)].to_dict())
    if best == before:
        confirmed = Interval(0.0, 0.0, 0.0)
    else:
        progress("Tuning: confirming the best", 1.0)
        confirmed = Course(past, config, h, newer).run(best)
    return Tuning(
        best if confirmed.below else before, confirmed.below, trials, confirmed, _why(trials, confirmed)
    )


def _not_tuned(before: BoostingConfig) -> Tuning:
    nothing = Interval(np.nan, -np.inf, np.inf)
    why = "not tuned: there is too little history before the periods that the model is judged on"
    return Tuning(before, False, pd.DataFrame(columns=["trial", "loss", "seconds", *SPACE]), nothing, why)


def _search(course: Course, budget: Budget, clock: float, progress: Progress) -> pd.DataFrame:
    """Run trials until the budget is used up; time is kept for what confirming takes."""
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    sampler = optuna.samplers.TPESampler(seed=course.config.seed, n_startup_trials=FIRST_GUESSES)
    study = optuna.create_study(sampler=sampler)
    before = course.config.demand.boosting
    known = {name: np.clip(getattr(before, name), d.low, d.high) for name, d in SPACE.items()}
    study.add_trial(optuna.create_trial(params=known, distributions=dict(SPACE), value=course.loss))
    seconds = time.perf_counter() - clock
    rows = [{"trial": 0, "loss": course.loss, "seconds": seconds, **before.model_dump()}]
    while _time_for_more(budget, rows, time.perf_counter() - clock):
        best = min(row["loss"] for row in rows)
        share = budget.share(time.perf_counter() - clock, len(rows))
        progress(f"Tuning: trial {len(rows)}, best loss {best:.4f}", share)
        since = time.perf_counter()
        trial = study.ask(dict(SPACE))
        parameters = BoostingConfig.model_validate(
            {name: _short(value) for name, value in trial.params.items()}
        )
        difference = course.run(parameters).mean  # NaN: too few rows for such leaves
        loss = course.loss + difference if np.isfinite(difference) else np.inf
        study.tell(trial, loss)
        seconds = time.perf_counter() - since
        rows.append({"trial": len(rows), "loss": loss, "seconds": seconds, **parameters.model_dump()})
    return pd.DataFrame(rows)


def _time_for_more(budget: Budget, rows: list[dict[str, float]], passed: float) -> bool:
    """Whether another trial fits in, and after it the confirmation: two models over three windows, not two."""
    if budget.trials is not None:
        return len(rows) < budget.trials
    typical = float(np.median([row["seconds"] for row in rows]))
    return passed + 4 * typical < (budget.seconds or 0.0)


def _short(value: float) -> float:
    """Three digits: what is printed is what was used."""
    return float(f"{value:.3g}")


def _why(trials: pd.DataFrame, confirmed: Interval) -> str:
    tried = f"{len(trials)} trials (the same again: --tune {len(trials)}trials)"
    if confirmed.below:
        return f"tuned: the best of {tried} loses {-confirmed.mean:.3g} less than the config on newer windows"
    if not len(trials) or trials["loss"].idxmin() == 0:
        return f"not changed: none of {tried} lost less than the config's parameters"
    return (
        f"not changed: the best of {tried} was not better beyond chance on newer windows "
        f"({confirmed.mean:+.3g}, 90 % interval {confirmed.low:+.3g} … {confirmed.high:+.3g})"
    )
