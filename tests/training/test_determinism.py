from pathlib import Path

import numpy as np
import pandas as pd

from database.sources import load_tables
from features.orders import order_history
from features.panel import make_panel
from models.bundle import read_bundle, write_bundle
from training.config import Config
from training.contents import bundle_contents
from training.learning import learn
from training.makers import purvey_models


def _bundle(company: Path, folder: Path, threads: int) -> str:
    config = Config.model_validate(
        {"threads": threads, "demand": {"horizon": 6}, "policy": {"target": "cost"}}
    )
    checked = load_tables(str(company), config.data)
    learned = learn(checked.tables, config, purvey_models(), freq=checked.freq, as_of=checked.as_of)
    return write_bundle(folder, bundle_contents(config, checked, learned))


def test_our_models_give_the_same_bundle_with_one_thread_and_with_two(company: Path, tmp_path: Path) -> None:
    one, two = (_bundle(company, tmp_path / str(threads), threads) for threads in (1, 2))
    assert one == two


def test_a_bundles_models_forecast_again_what_it_holds(company: Path, tmp_path: Path) -> None:
    _bundle(company, tmp_path / "bundle", 1)
    bundle = read_bundle(tmp_path / "bundle")
    config = Config.model_validate(bundle.config)
    tables = load_tables(str(company), config.data).tables
    panel = make_panel(tables, config.data, freq=bundle.info["freq"], horizon=bundle.info["horizon"])
    np.testing.assert_array_equal(
        bundle.demand.predict(panel, bundle.info["horizon"]).cumulative, bundle.forecast.cumulative
    )
    lead_times = bundle.lead_time.predict(order_history(tables, pd.Timestamp(bundle.info["as_of"])))
    assert (lead_times.mean() > 0).all()
