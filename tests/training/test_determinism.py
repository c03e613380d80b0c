from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from artifacts.bundle import read_bundle
from artifacts.bundle_contents import write_bundle
from configs.schema import Config
from database.sources.load_tables import load_tables
from features.demand.panel_from_tables import make_panel
from features.orders.order_history import order_history
from training.fit_and_evaluate import fit_and_evaluate
from training.gather_bundle import gather_bundle
from training.model_factories import default_factories

CONFIG = Config.model_validate({"demand": {"horizon": 6, "windows": 2}, "policy": {"target": "cost"}})


def _bundle(company: Path, folder: Path, threads: int) -> Path:
    config = CONFIG.model_copy(update={"threads": threads})
    checked = load_tables(str(company), config.data)
    trained = fit_and_evaluate(checked, config, default_factories())
    write_bundle(folder, gather_bundle(config, checked, trained))
    return folder


@pytest.fixture(scope="module")
def folder(company: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bundle learned with one thread."""
    return _bundle(company, tmp_path_factory.mktemp("one") / "bundle", 1)


def test_our_models_give_the_same_bundle_with_two_threads(
    company: Path, folder: Path, tmp_path: Path
) -> None:
    two = read_bundle(_bundle(company, tmp_path / "bundle", 2))
    assert two.hash == read_bundle(folder).hash


def test_a_bundles_models_forecast_again_what_it_holds(company: Path, folder: Path) -> None:
    bundle = read_bundle(folder)
    config = Config.model_validate(bundle.config)
    tables = load_tables(str(company), config.data).tables
    panel = make_panel(tables, config.data, freq=bundle.info["freq"], horizon=bundle.info["horizon"])
    np.testing.assert_array_equal(
        bundle.demand.predict(panel, bundle.info["horizon"]).cumulative, bundle.forecast.cumulative
    )
    lead_times = bundle.lead_time.predict(order_history(tables, pd.Timestamp(bundle.info["as_of"])))
    assert (lead_times.mean() > 0).all()
