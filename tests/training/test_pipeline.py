import json
import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import text

from artifacts.bundle_store import open_bundle
from configs.schema import BoostingConfig, Config, DemandConfig
from database.engine import StateError, open_engine
from database.ledger import champion, history
from database.settings import Settings
from features.contract.tables import DataError
from training.model_factories import ModelFactories
from training.options_and_result import TrainOptions, TrainResult
from training.pipeline import train
from training.registry.manage_models import (
    compare_models,
    list_models,
    promote_model,
    rollback_model,
    show_model,
)
from training.registry.mlflow_registry import MlflowRegistry, UnknownVersionError
from training.registry.mlflow_session import RegistryError, mlflow_at
from training.tuning.budget import Budget

CONFIG = Config.model_validate({"name": "shop", "demand": {"horizon": 6}})

Train = Callable[..., TrainResult]


@dataclass(frozen=True)
class Trained:
    """A home after one training, for tests that change nothing."""

    settings: Settings
    result: TrainResult
    calls: list[tuple[str, float]]


@pytest.fixture(scope="module")
def trained(
    company: Path, new_home: Callable[[], Settings], make_factories: Callable[..., ModelFactories]
) -> Trained:
    home, calls = new_home(), []
    result = train(
        CONFIG,
        str(company),
        home,
        factories=make_factories(),
        progress=lambda what, done: calls.append((what, done)),
    )
    return Trained(home, result, calls)


@pytest.fixture
def run(company: Path, settings: Settings, make_factories: Callable[..., ModelFactories]) -> Train:
    """Train small models on the company; `bias` makes the demand model worse."""

    def train_(*, bias: float = 0.0, promote: bool = False, **more: object) -> TrainResult:
        config = CONFIG.model_copy(update=more)
        return train(
            config, str(company), settings, TrainOptions(promote), factories=make_factories(bias=bias)
        )

    return train_


def test_the_first_model_becomes_champion_and_its_bundle_is_in_the_store(trained: Trained) -> None:
    row = champion(open_engine(trained.settings.state_url))
    assert row is not None
    assert (row.version, row.bundle_hash, row.why) == ("1", trained.result.bundle_hash, "the first model")
    bundle = open_bundle(trained.settings.bundles, row.bundle_hash)
    assert bundle.info["as_of"] == "2024-07-15"
    assert bundle.info["horizon"] == bundle.forecast.horizon == 6
    assert len(bundle.forecast) == 24
    assert "threads" not in bundle.config


def test_the_run_is_in_mlflow_with_everything_to_judge_it(trained: Trained) -> None:
    with mlflow_at(trained.settings.mlflow_url) as mlflow:
        logged = mlflow.get_run(trained.result.run_id)
        folder = Path(mlflow.artifacts.download_artifacts(run_id=trained.result.run_id))
    files = {path.name for path in folder.rglob("*.*")}
    bundle = open_bundle(trained.settings.bundles, trained.result.bundle_hash)
    assert logged.data.params["demand.horizon"] == "6"
    assert logged.data.tags["fingerprint"] == bundle.info["fingerprint"]
    assert logged.data.metrics["demand.class.smooth.wql"] > 0
    assert logged.data.metrics["lead_time.supplier.north.n"] > 0
    assert {dataset.dataset.name for dataset in logged.inputs.dataset_inputs} >= {"demand", "purchase_orders"}
    assert files >= {"replay.parquet", "replay_cycles.parquet"}
    assert logged.data.tags["verdict"] == "the first model"
    assert files >= {"model_card.md", "per_series.parquet", "per_supplier.parquet", "scores.parquet"}
    assert files >= {"calibration_sums.png", "fan_best_1.png", "fan_worst_1.png", "lead_time_1.png"}


def test_the_model_card_shows_what_was_learned_from_and_how_well(trained: Trained) -> None:
    with mlflow_at(trained.settings.mlflow_url) as mlflow:
        card = mlflow.artifacts.load_text(f"runs:/{trained.result.run_id}/model_card.md")
    assert "- SKUs: 24" in card
    assert f"| {trained.result.metrics['demand.wql']:.3f} |" in card
    assert "| new |" in card


def test_the_per_series_table_has_a_row_for_each_sku(trained: Trained) -> None:
    bundle = open_bundle(trained.settings.bundles, trained.result.bundle_hash)
    assert len(bundle.per_series) == 24
    assert {"mase", "rmsse", "scaled_pinball", "bias", "coverage_90"} <= set(bundle.per_series)


def test_a_data_scientist_asks_the_champion_through_mlflow(trained: Trained) -> None:
    with mlflow_at(trained.settings.mlflow_url) as mlflow:
        model = mlflow.pyfunc.load_model("models:/purvey@champion")
    answer = model.predict(pd.DataFrame({"unique_id": ["sku03", "sku01"], "h": [2, 1]}))
    assert answer[["unique_id", "k"]].to_numpy().tolist() == [["sku03", 1], ["sku03", 2], ["sku01", 1]]
    assert (answer["q0.05"] <= answer["q0.95"]).all()
    assert len(model.predict(pd.DataFrame({"unique_id": ["sku03"]}))) == 6
    with pytest.raises(ValueError, match="'sku99'"):
        model.predict(pd.DataFrame({"unique_id": ["sku03", "sku99"]}))
    with pytest.raises(ValueError, match=r"h must be 1 … 6"):
        model.predict(pd.DataFrame({"unique_id": ["sku03"], "h": [7]}))


def test_the_model_in_mlflow_needs_nothing_of_ours(trained: Trained, tmp_path: Path) -> None:
    code = (
        "import sys, mlflow, pandas as pd\n"
        "mlflow.set_tracking_uri(sys.argv[1])\n"
        "model = mlflow.pyfunc.load_model('models:/purvey@champion')\n"
        "print(len(model.predict(pd.DataFrame({'unique_id': ['sku03']}))))\n"
        "ours = {'features', 'models', 'planning', 'training'}\n"
        "assert not ours & set(sys.modules), ours & set(sys.modules)\n"
    )
    command = [sys.executable, "-c", code, trained.settings.mlflow_url]
    done = subprocess.run(
        command, cwd=tmp_path, env=dict(os.environ), capture_output=True, text=True, check=False
    )
    assert done.stdout.strip() == "6", done.stderr


def test_progress_names_the_stages_and_never_goes_back(trained: Trained) -> None:
    shares = [done for _, done in trained.calls]
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0.0, 1.0)
    assert {"Learning lead times", "Logging"} <= set(trained.result.seconds)


def test_the_summary_is_json(trained: Trained) -> None:
    summary = json.loads(json.dumps(trained.result.summary()))
    assert summary["champion"] is True
    assert summary["decision_cost"] > 0


def test_an_unknown_version_is_named_with_those_there_are(trained: Trained) -> None:
    with pytest.raises(UnknownVersionError, match=r"no model version '9': there are champion.*1"):
        promote_model(trained.settings, "9", why="")


def test_the_same_data_config_and_seed_give_the_same_bundle_whatever_the_threads(run: Train) -> None:
    first, second = run(threads=1), run(threads=2)
    assert first.bundle_hash == second.bundle_hash
    assert (second.promoted, second.why) == (False, "the same bundle as the champion's")


def test_a_worse_challenger_stays_challenger_unless_promoted_by_hand(run: Train, settings: Settings) -> None:
    best = run()
    worse = run(bias=-9.0, seed=1)
    assert not worse.promoted
    with mlflow_at(settings.mlflow_url) as mlflow:
        logged = mlflow.get_run(worse.run_id).data
    assert logged.tags["verdict"] == worse.why
    assert logged.metrics["versus_champion.difference"] > 0
    assert history(open_engine(settings.state_url))[0].metrics["versus_champion.difference"] > 0
    assert MlflowRegistry(settings.mlflow_url).aliases() == {
        "champion": best.version,
        "challenger": worse.version,
    }


def test_models_are_listed_shown_compared_promoted_and_rolled_back(run: Train, settings: Settings) -> None:
    one, two = run(), run(seed=1, bias=-9.0)
    listed = list_models(settings)
    assert [(row["version"], row["aliases"]) for row in listed] == [
        ("2", ["challenger"]),
        ("1", ["champion"]),
    ]
    assert listed[1]["decision_cost"] == pytest.approx(one.metrics["decision_cost"])
    assert show_model(settings)["bundle_hash"] == one.bundle_hash
    assert [row["action"] for row in show_model(settings, "1")["ledger"]] == ["promote", "register"]
    difference = {
        row["metric"]: row["difference"] for row in compare_models(settings, "champion", "challenger")
    }
    assert difference["demand.bias"] < 0
    cost = compare_models(settings, "champion", "challenger")[0]
    assert cost["metric"] == "decision_cost, cycles of both"
    assert cost["difference"] == pytest.approx(cost["second"] - cost["first"])
    assert cost["difference"] > 0
    assert promote_model(settings, "2", who="ada", why="a try").bundle_hash == two.bundle_hash
    assert rollback_model(settings, who="ada", why="no good").version == "1"
    rows = history(open_engine(settings.state_url))
    assert [(row.action, row.version, row.who, row.why) for row in rows[:2]] == [
        ("rollback", "1", "ada", "no good"), ("promote", "2", "ada", "a try"),
    ]  # fmt: skip


def test_before_the_first_training_there_is_nothing_to_show(settings: Settings) -> None:
    assert list_models(settings) == []
    with pytest.raises(UnknownVersionError, match="there is none yet, run `purvey train`"):
        show_model(settings)


def test_a_damaged_champion_is_mended_from_mlflow_before_the_comparison(
    run: Train, settings: Settings
) -> None:
    best = run()
    (settings.bundles / best.bundle_hash / "forecast.parquet").write_bytes(b"")
    assert not run().promoted
    assert len(open_bundle(settings.bundles, best.bundle_hash).forecast) == 24


def test_a_state_database_that_is_behind_is_found_out_before_learning(
    company: Path, settings: Settings, make_factories: Callable[..., ModelFactories]
) -> None:
    engine = open_engine(settings.state_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE other (id INTEGER)"))
    fitted: list[object] = []
    with pytest.raises(StateError, match="purvey db upgrade"):
        train(CONFIG, str(company), settings, factories=make_factories(fitted=fitted))
    assert fitted == []


def test_data_that_cannot_be_used_leave_nothing_behind(
    settings: Settings, make_factories: Callable[..., ModelFactories]
) -> None:
    with pytest.raises(DataError, match="no such folder"):
        train(CONFIG, "nowhere", settings, factories=make_factories())
    assert not settings.bundles.exists()
    assert not list(settings.home.glob(".incoming-*"))


def test_when_mlflow_fails_the_old_champion_stays_and_no_staging_is_left(
    run: Train, settings: Settings, company: Path, make_factories: Callable[..., ModelFactories]
) -> None:
    best = run()
    broken = settings.model_copy(update={"tracking_uri": f"sqlite:///{settings.home}/purvey.db/mlflow.db"})
    with pytest.raises(RegistryError, match="PURVEY_TRACKING_URI"):
        train(CONFIG, str(company), broken, TrainOptions(promote=True), factories=make_factories(bias=1.0))
    row = champion(open_engine(settings.state_url))
    assert row is not None
    assert row.version == best.version
    assert not list(settings.home.glob(".incoming-*"))


def test_two_trainings_at_once_both_register_and_one_is_champion(run: Train, settings: Settings) -> None:
    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(lambda seed: run(seed=seed), (0, 1)))
    assert {result.version for result in results} == {"1", "2"}
    row = champion(open_engine(settings.state_url))
    assert row is not None
    assert open_bundle(settings.bundles, row.bundle_hash).hash == row.bundle_hash


def test_a_search_for_parameters_is_nested_in_the_run_and_its_config_gives_the_same_bundle(
    company: Path, new_home: Callable[[], Settings], make_factories: Callable[..., ModelFactories]
) -> None:
    home = new_home()
    poor = CONFIG.model_copy(
        update={"demand": DemandConfig(horizon=6, windows=1, boosting=BoostingConfig(rounds=1))}
    )
    tuned = train(poor, str(company), home, TrainOptions(tune=Budget(trials=3)), factories=make_factories())
    assert tuned.tuning is not None
    with mlflow_at(home.mlflow_url) as mlflow:
        runs = mlflow.search_runs(search_all_experiments=True)
        table = mlflow.artifacts.load_text(f"runs:/{tuned.run_id}/tuning.csv")
    nested = runs[runs["tags.mlflow.parentRunId"] == tuned.run_id]
    assert sorted(nested["tags.mlflow.runName"]) == ["trial 0", "trial 1", "trial 2"]
    assert set(nested["metrics.loss"]) == set(tuned.tuning.trials["loss"])
    assert len(table.splitlines()) == 4
    found = poor.model_copy(
        update={"demand": poor.demand.model_copy(update={"boosting": tuned.tuning.boosting})}
    )
    assert train(found, str(company), new_home(), factories=make_factories()).bundle_hash == tuned.bundle_hash
