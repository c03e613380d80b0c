from pathlib import Path

from mlflow_server import mlflow_server  # noqa: F401 -- fixture

from artifacts.bundle_store import open_bundle
from configs.schema import Config
from database.engine import open_state
from database.ledger import champion
from database.settings import Settings
from training.options_and_result import TrainOptions
from training.pipeline import train
from training.registry.manage_models import list_models
from training.registry.mlflow_registry import MlflowRegistry
from training.registry.run_tracking import _home_tag

CONFIG = Config.model_validate({"name": "shop", "demand": {"horizon": 6}})


def test_a_model_is_trained_registered_and_promoted_over_http(
    company: Path,
    tmp_path: Path,
    make_factories,
    mlflow_server: str,  # noqa: F811 -- the fixture
) -> None:
    settings = Settings(home=tmp_path, tracking_uri=mlflow_server)
    client = MlflowRegistry(mlflow_server).client
    experiment = client.create_experiment("purvey")
    killed = client.create_run(experiment, tags=_home_tag(tmp_path / "artifacts")).info.run_id
    result = train(CONFIG, str(company), settings, TrainOptions(promote=True), factories=make_factories())
    engine = open_state(settings)
    row = champion(engine)
    engine.dispose()
    assert row is not None
    assert open_bundle(settings.bundles, row.bundle_hash).hash == result.bundle_hash
    (model,) = list_models(settings)
    assert (model["version"], "champion" in model["aliases"]) == ("1", True)
    assert client.get_run(killed).info.status == "KILLED"
    assert client.get_run(result.run_id).info.status == "FINISHED"
    assert not (tmp_path / "mlflow.db").exists()
