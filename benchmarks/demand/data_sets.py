"""The data sets of the demand benchmark as panels, and the cutoffs from which demand is forecast."""

import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.demand import plain_series
from benchmarks.raw_data import ROOT, raw_folder
from configs.load import load_config
from configs.schema import Config, CovariateConfig, DataConfig
from database.sources.data_directory import write_directory
from database.sources.load_tables import load_tables
from distributions.distribution import Array
from examples import demo, online_retail, orange_juice, vn2
from features.demand.panel import Panel
from features.demand.panel_from_tables import make_panel

H = 8
"""Horizon of weekly data: periods ahead."""

HORIZONS: Mapping[str, int] = {"auto_parts": 6, "m1_monthly": 18, "daily_groceries": 28}
"""Horizon of the other data sets that have another."""

CUTOFFS_BACK: Mapping[str, tuple[int, ...]] = {
    "vn2": (52, 30, 20, 10),
    "orange_juice": (40, 30, 20, 10),
    "online_retail": (20, 14, 8),  # a year of history leaves room for no more
    "demo": (20, 14, 8),
    "auto_parts": (8, 7, 6),  # two years of months leave room for no more
    "m1_monthly": (24, 21, 18),
    "m1_quarterly": (12, 10, 8),
    "daily_groceries": (112, 70, 28),
}
"""Cutoffs, in periods before the end of the data."""

DATA_SETS: Mapping[str, Callable[[Path], Mapping[str, pd.DataFrame]]] = {
    "vn2": lambda raw: vn2.tables(vn2.read(raw)),
    "orange_juice": lambda raw: orange_juice.tables(orange_juice.read(raw)),
    "online_retail": lambda raw: online_retail.tables(online_retail.read(raw)),
    "demo": lambda _: demo.make(7)[0],
    "auto_parts": plain_series.auto_parts,
    "m1_monthly": lambda raw: plain_series.m1(raw, "MS"),
    "m1_quarterly": lambda raw: plain_series.m1(raw, "QS"),
    "daily_groceries": lambda _: plain_series.daily_groceries(),
}
"""Data set → its tables from the folder of the raw files (the demo's come with a package)."""


TRUTHS: Mapping[str, Callable[[], pd.DataFrame]] = {"demo": lambda: demo.make(7)[1]["demand"]}
"""Data set → what its customers really wanted (unique_id, ds, y), sold or not, where that is known."""


FREQUENCIES: Mapping[str, str] = {
    "auto_parts": "MS",
    "m1_monthly": "MS",
    "m1_quarterly": "QS",
    "daily_groceries": "D",
}
"""Data sets that are forecast with all options as they are by default."""


def horizon_of(name: str) -> int:
    """Periods ahead that a data set is forecast for."""
    return HORIZONS.get(name, H)


def folder_of(name: str) -> str:
    """Folder of a data set's raw files."""
    return "m1" if name.startswith("m1_") else name


def load_config_of(name: str) -> Config:
    """Config of a data set that demand is forecast of, `name` one of `DATA_SETS`: of `configs/`, else the defaults."""
    if name in FREQUENCIES:
        planned = plain_series.PLANNED if name == "daily_groceries" else ()
        covariates = {column: CovariateConfig(known_in_advance=True) for column in planned}
        return Config(
            name=name, data=DataConfig(freq=FREQUENCIES[name], gaps="missing", covariates=covariates)
        )
    return load_config(ROOT / "configs" / f"{name}.yaml")


def load_panel(name: str) -> Panel:
    """Demand panel of data set `name`, read and checked as any company's; covariates planned after its end included."""
    data = load_config_of(name).data
    with tempfile.TemporaryDirectory() as folder:
        write_directory(DATA_SETS[name](raw_folder(folder_of(name))), Path(folder))
        return make_panel(load_tables(folder, data).tables, data, horizon=horizon_of(name))


def load_truth(name: str) -> pd.DataFrame | None:
    """What the customers of data set `name` really wanted: unique_id, ds, y; None where nobody knows."""
    return TRUTHS[name]() if name in TRUTHS else None


def scored_demand(panel: Panel, truth: pd.DataFrame | None) -> Array:
    """Demand (n, T) that forecasts of a data set's panel are scored on, NaN where it is not known.

    What was wanted where that is known: a week in which the shelf ran empty is one of high demand, and to leave it out
    favours low forecasts. Else what was sold, without the weeks that were sold out.
    """
    if truth is None:
        return panel.known_demand
    wanted = truth.pivot(index="unique_id", columns="ds", values="y")
    known = wanted.reindex(index=panel.unique_ids, columns=panel.ds).to_numpy(float)
    return np.where(np.isnan(known), panel.known_demand, known)
