"""The job of `purvey train`: read the tables, fit, write the bundle, log, register, promote."""

from dataclasses import dataclass
from pathlib import Path

from artifacts.bundle_contents import write_bundle
from artifacts.home_folder import make_private, open_home, staging_folder
from artifacts.manifest import BundleError
from configs.progress import Progress, Stopwatch, no_progress, sub_progress
from configs.schema import Config
from database.ledger import LedgerEntry
from database.settings import Settings
from database.sources.load_tables import load_tables
from features.demand.panel_from_tables import make_panel
from features.quality.check_result import CheckResult
from training.decision_cost.champion_challenger import Challenger, Champion, Judgement, judge_challenger
from training.decision_cost.decision_terms import DecisionTerms
from training.decision_cost.replay_inputs import forecasts_to_replay
from training.fit_and_evaluate import TrainedModels, fit_and_evaluate
from training.gather_bundle import gather_bundle
from training.horizon import demand_horizon
from training.known_breaks import with_known_breaks
from training.model_factories import ModelFactories, default_factories
from training.options_and_result import TrainOptions, TrainResult
from training.registry.lock import exclusive_lock
from training.registry.mlflow_registry import CHALLENGER, ModelVersion
from training.registry.mlflow_session import RegistryError
from training.registry.open_ledger import open_ledger, open_promoter
from training.registry.promoter import Promoter, current_user
from training.registry.run_record import RunRecord, run_record, with_judgement
from training.registry.run_tracking import log_run
from training.report.run_artifacts import write_artifacts
from training.tuning.budget import Budget
from training.tuning.tuning_result import TuningResult


def train(
    config: Config,
    source: str,
    settings: Settings,
    options: TrainOptions | None = None,
    *,
    factories: ModelFactories | None = None,
    progress: Progress = no_progress,
) -> TrainResult:
    """Train on `source`, register the model, and promote it to champion when it beats the one before.

    Parameters
    ----------
    source : a data directory or a SQLAlchemy URL
    factories : the models to train; none: ours

    Raises
    ------
    DataError
        When the source cannot be used.
    StateError, RegistryError, BundleError, BusyError
        When state, MLflow or the bundle store cannot be used. The old champion stays.
    """
    options, factories = options or TrainOptions(), factories or default_factories()
    stopwatch = Stopwatch(progress)
    stopwatch("Reading the tables", 0.0)
    open_home(settings.home)
    opened = open_ledger(settings)  # a database one migration behind is found out now, not after the learning
    checked = with_known_breaks(load_tables(source, config.data), opened.engine)
    fit = _fit(config, checked, options.tune, factories, stopwatch=stopwatch, progress=progress)
    with staging_folder(settings.home) as staging:
        staged = _stage(staging, source, fit, stopwatch)
        with exclusive_lock(settings.home):
            version, judgement = _judge_and_register(settings, staged, options, factories, stopwatch)
    make_private(settings.home)  # what MLflow wrote, too
    stopwatch("Done", 1.0)
    return TrainResult(
        version=version.number,
        bundle_hash=staged.challenger.bundle_hash,
        run_id=version.run_id,
        promoted=options.promote or judgement.promote,
        why=judgement.why,
        metrics=fit.trained.metrics,
        seconds=stopwatch.seconds,
        tuning=fit.tuning,
        warnings=tuple(str(warning) for warning in checked.first_warnings),
    )


@dataclass(frozen=True)
class _Fit:
    """Checked tables and the models fitted on them, with the config as tuned."""

    config: Config
    checked: CheckResult
    tuning: TuningResult | None
    trained: TrainedModels


@dataclass(frozen=True)
class _StagedRun:
    """A training run whose bundle and artefacts are written to the staging folder, ready to be judged and logged."""

    record: RunRecord
    challenger: Challenger
    terms: DecisionTerms


def _fit(
    config: Config,
    checked: CheckResult,
    budget: Budget | None,
    factories: ModelFactories,
    *,
    stopwatch: Stopwatch,
    progress: Progress,
) -> _Fit:
    """Tune the boosting parameters where there is a budget for it, then fit and evaluate both models."""
    tuning = None
    if budget is not None:
        stopwatch("Tuning", 0.03)
        tuning = _tune(config, checked, budget, sub_progress(progress, 0.03, 0.5))
        config = tuning.apply_to(config)
    fitting = sub_progress(stopwatch, 0.5 if tuning else 0.03, 0.85)
    return _Fit(config, checked, tuning, fit_and_evaluate(checked, config, factories, progress=fitting))


def _stage(staging: Path, source: str, fit: _Fit, stopwatch: Stopwatch) -> _StagedRun:
    """Write the bundle and the artefacts of a training run into its staging folder."""
    stopwatch("Writing the bundle", 0.85)
    contents = gather_bundle(fit.config, fit.checked, fit.trained)
    bundle_hash = write_bundle(staging / "bundle", contents)
    stopwatch("Drawing", 0.87)
    write_artifacts(staging / "artifacts", fit.config, contents, fit.trained, fit.checked)
    challenger = Challenger(
        bundle_hash=bundle_hash,
        config=contents.config,
        info=contents.info,
        forecasts=forecasts_to_replay(fit.trained.demand.backtest_),
        panel=fit.trained.panel,
    )
    record = run_record(staging, contents, source, fit.checked, fit.tuning)
    return _StagedRun(record, challenger, fit.trained.decisions.terms)


def _judge_and_register(
    settings: Settings,
    staged: _StagedRun,
    options: TrainOptions,
    factories: ModelFactories,
    stopwatch: Stopwatch,
) -> tuple[ModelVersion, Judgement]:
    """Judge the challenger, log and register it, and promote it when the judgement or the options say so."""
    stopwatch("Comparing with the champion", 0.92)
    promoter = open_promoter(settings)
    judgement = _judge(staged.challenger, promoter, factories, staged.terms)
    stopwatch("Logging", 0.95)
    record = with_judgement(staged.record, judgement)
    version = _register(settings, promoter, record, staged.challenger.bundle_hash)
    if options.promote or judgement.promote:
        promoter.promote(version.number, who=current_user(), why=options.why or judgement.why)
    return version, judgement


def _tune(config: Config, checked: CheckResult, budget: Budget, progress: Progress) -> TuningResult:
    """Search for better boosting parameters on the checked tables, within a budget."""
    from training.tuning.parameter_search import (
        tune_boosting,
    )  # Optuna takes half a second, only this needs it

    h = demand_horizon(checked.tables, config, make_panel(checked.tables, config.data, freq=checked.freq))
    panel = make_panel(checked.tables, config.data, freq=checked.freq, horizon=h)
    return tune_boosting(panel, config, h, budget, progress)


def _judge(
    challenger: Challenger, promoter: Promoter, factories: ModelFactories, terms: DecisionTerms
) -> Judgement:
    """Judge the challenger against the champion; a champion whose bundle is lost is replaced."""
    try:
        return judge_challenger(challenger, _champion(promoter, factories), terms)
    except (BundleError, RegistryError) as error:
        return Judgement(promote=True, why=f"the champion is lost: {error}")


def _champion(promoter: Promoter, factories: ModelFactories) -> Champion | None:
    """The champion with its demand model; its bundle is repaired from MLflow's copy when the store's is damaged."""
    row = promoter.ledger.champion()
    if row is None:
        return None
    bundle = promoter.repaired_bundle(row)
    return Champion(bundle.hash, bundle.config, bundle.info, factories.load_demand(bundle.folder / "demand"))


def _register(settings: Settings, promoter: Promoter, record: RunRecord, bundle_hash: str) -> ModelVersion:
    """Log the training run in MLflow and register its model as the challenger, in registry and ledger."""
    version = log_run(settings.mlflow_url, settings.home / "artifacts", record, bundle_hash=bundle_hash)
    promoter.registry.set_alias(CHALLENGER, version.number)
    promoter.ledger.append(
        LedgerEntry(bundle_hash, version.number, "register", current_user(), "trained", record.metrics)
    )
    return version
