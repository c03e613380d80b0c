"""The search for the demand model's boosting parameters, on periods older than those the model is judged on."""

import time

import numpy as np
import optuna
import pandas as pd
from optuna.distributions import FloatDistribution, IntDistribution

from configs.formats import significant, with_plus
from configs.progress import Progress, no_progress
from configs.schema import BoostingConfig, Config
from features.contract.frequency import season_length
from features.demand.panel import Panel
from models.demand.backtest.rolling_origins import choose_origins
from training.evaluation.paired_interval import PairedInterval
from training.tuning.budget import Budget
from training.tuning.trial_backtest import TrialBacktest, split_windows
from training.tuning.tuning_result import TuningResult

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


def tune_boosting(
    panel: Panel, config: Config, h: int, budget: Budget, progress: Progress = no_progress
) -> TuningResult:
    """Search for better boosting parameters by rolling origins before the first one that a training is judged by.

    The config's own parameters are the first trial. The best trial of the older windows has to beat them on newer
    ones, which the search never saw, with the 90 % interval of the paired difference below zero; otherwise nothing
    changes. The windows a training is judged by, and its weights and calibration are learned from, stay unseen.
    """
    start = time.perf_counter()
    season = config.demand.season_length or season_length(panel.freq)
    judged = choose_origins(panel, h, config.demand.windows, season)
    past = panel.until(int(judged.periods_seen[0])) if len(judged) else panel
    origins = choose_origins(past, h, WINDOWS, season)
    configured = config.demand.boosting
    if not len(judged) or len(np.unique(origins.window)) < 3:  # two must confirm: one has no interval
        return _not_tuned(configured)
    progress("Tuning: the config's parameters", 0.0)
    older, newer = split_windows(origins)
    # the last origins of the older windows would look into the newer ones
    backtest = TrialBacktest(past.until(int(newer.periods_seen[0])), config, h, older)
    if np.isnan(backtest.loss):
        return _not_tuned(configured)
    trials = _search(backtest, budget, start, progress)
    best = BoostingConfig.model_validate(trials.loc[trials["loss"].idxmin(), list(SPACE)].to_dict())
    if best == configured:
        confirmed = PairedInterval(0.0, 0.0, 0.0)
    else:
        progress("Tuning: confirming the best", 1.0)
        confirmed = TrialBacktest(past, config, h, newer).compare(best)
    return TuningResult(
        best if confirmed.below else configured,
        confirmed.below,
        trials,
        confirmed,
        _conclusion(trials, confirmed),
    )


def _not_tuned(configured: BoostingConfig) -> TuningResult:
    """Result of a search that could not be made: the configured parameters, without a trial."""
    nothing = PairedInterval(np.nan, -np.inf, np.inf)
    why = "not tuned: there is too little history before the periods that the model is judged on"
    return TuningResult(
        configured, False, pd.DataFrame(columns=["trial", "loss", "seconds", *SPACE]), nothing, why
    )


def _search(backtest: TrialBacktest, budget: Budget, start: float, progress: Progress) -> pd.DataFrame:
    """Run trials of boosting parameters until the budget is used up, with time left for confirming: one row each."""
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    sampler = optuna.samplers.TPESampler(seed=backtest.config.seed, n_startup_trials=FIRST_GUESSES)
    study = optuna.create_study(sampler=sampler)
    configured = backtest.config.demand.boosting
    first = {name: np.clip(getattr(configured, name), d.low, d.high) for name, d in SPACE.items()}
    study.add_trial(optuna.create_trial(params=first, distributions=dict(SPACE), value=backtest.loss))
    seconds = time.perf_counter() - start
    rows = [{"trial": 0, "loss": backtest.loss, "seconds": seconds, **configured.model_dump()}]
    while _time_for_more(budget, rows, time.perf_counter() - start):
        best = min(row["loss"] for row in rows)
        share = budget.share(time.perf_counter() - start, len(rows))
        progress(f"Tuning: trial {len(rows)}, best loss {best:.4f}", share)
        begun = time.perf_counter()
        trial = study.ask(dict(SPACE))
        parameters = BoostingConfig.model_validate(
            {name: _three_digits(value) for name, value in trial.params.items()}
        )
        difference = backtest.compare(parameters).mean  # NaN: too few rows for such leaves
        loss = backtest.loss + difference if np.isfinite(difference) else np.inf
        study.tell(trial, loss)
        seconds = time.perf_counter() - begun
        rows.append({"trial": len(rows), "loss": loss, "seconds": seconds, **parameters.model_dump()})
    return pd.DataFrame(rows)


def _time_for_more(budget: Budget, rows: list[dict[str, float]], elapsed: float) -> bool:
    """Whether another trial fits in, and after it the confirmation: two models over three windows, not two."""
    if budget.trials is not None:
        return len(rows) < budget.trials
    typical = float(np.median([row["seconds"] for row in rows]))
    return elapsed + 4 * typical < (budget.seconds or 0.0)


def _three_digits(value: float) -> float:
    """Parameter value with three significant digits: what is printed is what was used."""
    return float(f"{value:.3g}")


def _conclusion(trials: pd.DataFrame, confirmed: PairedInterval) -> str:
    """Why the boosting parameters were changed or not, in one sentence."""
    tried = f"{len(trials)} trials (the same again: --tune {len(trials)}trials)"
    if confirmed.below:
        return f"tuned: the best of {tried} loses {significant(-confirmed.mean)} less than the config on newer windows"
    if not len(trials) or trials["loss"].idxmin() == 0:
        return f"not changed: none of {tried} lost less than the config's parameters"
    mean, low, high = (
        with_plus(significant(value)) for value in (confirmed.mean, confirmed.low, confirmed.high)
    )
    return (
        f"not changed: the best of {tried} was not better beyond chance on newer windows "
        f"({mean}, 90 % interval {low} … {high})"
    )
