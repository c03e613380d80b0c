"""The outermost function of a training run: read, learn, bundle, log, register, promote."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from artifacts.bundle import BundleError, write_bundle
from configs.schema import Config
from database.settings import Settings
from database.sources import load_tables
from features.demand.panel import make_panel
from features.quality.checked import Checked
from training.decision_cost.challenge import Challenge, Champion, Judgement, judge
from training.decision_cost.order_rules import backtest_forecasts
from training.decision_cost.terms import DecisionTerms
from training.evaluation.backtest import demand_horizon
from training.learning import learn
from training.makers import ModelFactories, purvey_models
from training.progress import Progress, Stopwatch, part, silent
from training.registry.champion import Promoter
from training.registry.lock import exclusive
from training.registry.promotion import open_ledger, open_promoter, whoami
from training.registry.registry import CHALLENGER, RegistryError, Version
from training.registry.tracking import RunRecord, log_run
from training.report.contents import bundle_contents, judged, run_record, write_artifacts
from training.tuning.budget import Budget
from training.tuning.trials import Tuning

_SHOWN = (
    "demand.wql",
    "demand.bias",
    "demand.cumulative_coverage_90",
    "lead_time.new.pinball",
    "decision_cost",
)


@dataclass(frozen=True)
class TrainOptions:
    """What a person asks of a run beyond learning.

    Attributes
    ----------
    promote : make it champion whatever the comparison says
    why : the reason for the ledger; none: what the comparison says
    tune : how long to search for better boosting parameters first; none: not at all
    """

    promote: bool = False
    why: str = ""
    tune: Budget | None = None


@dataclass(frozen=True)
class TrainResult:
    """What a run came to.

    Attributes
    ----------
    version : number of the registered version
    promoted, why : whether it is champion now, and the reason either way
    metrics : of the backtest
    seconds : stage → duration
    tuning : what the search for parameters found, where there was one
    """

    version: str
    bundle_hash: str
    run_id: str
    promoted: bool
    why: str
    metrics: dict[str, float]
    seconds: dict[str, float]
    tuning: Tuning | None = None

    def summary(self) -> dict[str, Any]:
        """Return the facts a person wants to see, JSON-able."""
        return {
            "version": self.version,
            "bundle": self.bundle_hash,
            "run": self.run_id,
            "champion": self.promoted,
            "why": self.why,
            **{name: self.metrics[name] for name in _SHOWN if name in self.metrics},
            **(
                {"tuning": self.tuning.why, "boosting": self.tuning.boosting.model_dump()}
                if self.tuning
                else {}
            ),
            "seconds": round(sum(self.seconds.values()), 1),
        }


def train(
    config: Config,
    source: str,
    settings: Settings,
    wishes: TrainOptions | None = None,
    *,
    makers: ModelFactories | None = None,
    progress: Progress = silent,
) -> TrainResult:
    """Learn from `source`, register the model, and make it champion when it deserves to be.

    Parameters
    ----------
    source : a data directory or a SQLAlchemy URL
    makers : the models to train; none: ours

    Raises
    ------
    DataError
        When the source cannot be used.
    StateError, RegistryError, BundleError, BusyError
        When state, MLflow or the bundle store cannot be used. The old champion stays.
    """
    wishes, makers = wishes or TrainOptions(), makers or purvey_models()
    watch = Stopwatch(progress)
    watch("Reading the tables", 0.0)
    open_ledger(settings)  # a database one migration behind is found out now, not after the learning
    checked = load_tables(source, config.data)
    tuning = None
    if wishes.tune is not None:
        watch("Tuning", 0.03)
        tuning = _tuned(config, checked, wishes.tune, part(progress, 0.03, 0.5))
        config = tuning.applied(config)
    learned = learn(checked, config, makers, progress=part(watch, 0.5 if tuning else 0.03, 0.85))
    with _staging(settings.home) as staging:
        watch("Writing the bundle", 0.85)
        contents = bundle_contents(config, checked, learned)
        bundle_hash = write_bundle(staging / "bundle", contents)
        watch("Drawing", 0.87)
        write_artifacts(staging / "artifacts", config, contents, learned, checked)
        challenge = Challenge(
            bundle_hash, contents.config, contents.info, backtest_forecasts(learned.demand.backtest_), learned.panel
        )  # fmt: skip
        record = run_record(staging, contents, source, checked, tuning)
        with exclusive(settings.home):
            watch("Comparing with the champion", 0.92)
            promoter = open_promoter(settings)
            verdict = _verdict(challenge, promoter, makers, learned.terms)
            watch("Logging", 0.95)
            version = _register(settings, judged(record, verdict), bundle_hash)
            promoted = wishes.promote or verdict.promote
            if promoted:
                promoter.promote(version.number, who=whoami(), why=wishes.why or verdict.why)
    watch("Done", 1.0)
    return TrainResult(
        version=version.number, bundle_hash=bundle_hash, run_id=version.run_id, promoted=promoted, why=verdict.why,
        metrics=learned.metrics, seconds=watch.seconds, tuning=tuning,
    )  # fmt: skip


def _tuned(config: Config, checked: Checked, budget: Budget, progress: Progress) -> Tuning:
    from training.tuning.search import tune  # Optuna takes half a second, and only this needs it

    h = demand_horizon(checked.tables, config, make_panel(checked.tables, config.data, freq=checked.freq))
    panel = make_panel(checked.tables, config.data, freq=checked.freq, horizon=h)
    return tune(panel, config, h, budget, progress)


def _register(settings: Settings, record: RunRecord, bundle_hash: str) -> Version:
    """Log the run and make its model the challenger."""
    version = log_run(settings.mlflow_url, settings.home / "artifacts", record, bundle_hash=bundle_hash)
    promoter = open_promoter(settings)
    promoter.registry.set_alias(CHALLENGER, version.number)
    promoter.ledger.append(
        bundle_hash=bundle_hash, version=version.number, action="register", who=whoami(), why="trained",
        metrics=record.metrics,
    )  # fmt: skip
    return version


def _verdict(
    challenge: Challenge, promoter: Promoter, makers: ModelFactories, terms: DecisionTerms
) -> Judgement:
    try:
        return judge(challenge, _champion(promoter, makers), terms)
    except (BundleError, RegistryError) as error:
        return Judgement(promote=True, why=f"the champion is lost: {error}")


def _champion(promoter: Promoter, makers: ModelFactories) -> Champion | None:
    """Return the champion, its bundle mended from MLflow's copy when the store's is damaged."""
    row = promoter.ledger.champion()
    if row is None:
        return None
    bundle = promoter.mended(row)
    return Champion(bundle.hash, bundle.config, bundle.info, makers.load_demand(bundle.folder / "demand"))


@contextmanager
def _staging(home: Path) -> Iterator[Path]:
    """A folder of this run alone, gone afterwards."""
    home.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=".training-", dir=home))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
