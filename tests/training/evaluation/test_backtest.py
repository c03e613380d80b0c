from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from configs.errors import ConfigError
from configs.schema import Config
from features.contract.tables import DataError, Tables
from training.evaluation.backtest import backtest
from training.evaluation.backtest_frames import QUANTILES
from training.model_factories import ModelFactories

CONFIG = Config.model_validate({"demand": {"horizon": 3}, "data": {"freq": "W-MON"}})


def _monday(week: int) -> pd.Timestamp:
    return pd.Timestamp("2023-01-02") + pd.Timedelta(weeks=week)


@pytest.fixture
def folder(tables: Tables, tmp_path: Path) -> Path:
    """The tables as a data directory."""
    path = tmp_path / "data"
    path.mkdir()
    for name in ("demand", "purchase_orders"):
        getattr(tables, name).to_parquet(path / f"{name}.parquet", index=False)
    return path


def test_the_three_files_have_the_documented_columns(
    folder: Path, tmp_path: Path, make_factories: Callable[..., ModelFactories]
) -> None:
    files = backtest(CONFIG, str(folder), tmp_path / "out", factories=make_factories(), cutoffs=[_monday(10)])
    columns = {path.name: pd.read_parquet(path).columns.tolist() for path in files}
    assert QUANTILES[0] == "q0.05"
    assert columns == {
        "demand.parquet": ["unique_id", "cutoff", "ds", "y", "mean", *QUANTILES],
        "demand_cumulative.parquet": ["unique_id", "cutoff", "ds", "k", "y", "mean", *QUANTILES],
        "lead_time.parquet": [
            "order_id", "line", "supplier_id", "cutoff", "kind", "age", "lead_time", "mean", *QUANTILES,
        ],
    }  # fmt: skip
    assert {path.parent for path in files} == {tmp_path / "out"}
    assert len(list((tmp_path / "out").iterdir())) == 3


def test_without_orders_there_is_no_lead_time_file(
    folder: Path, tmp_path: Path, make_factories: Callable[..., ModelFactories]
) -> None:
    (folder / "purchase_orders.parquet").unlink()
    files = backtest(CONFIG, str(folder), tmp_path / "out", factories=make_factories(), cutoffs=[_monday(10)])
    assert [path.name for path in files] == ["demand.parquet", "demand_cumulative.parquet"]


def test_without_a_cutoff_the_backtest_says_where_to_name_one(
    folder: Path, tmp_path: Path, make_factories: Callable[..., ModelFactories]
) -> None:
    with pytest.raises(ConfigError, match=r"demand\.cutoffs .* --cutoff"):
        backtest(CONFIG, str(folder), tmp_path / "out", factories=make_factories())


def test_cutoffs_before_all_data_are_refused_and_nothing_is_written(
    folder: Path, tmp_path: Path, make_factories: Callable[..., ModelFactories]
) -> None:
    with pytest.raises(DataError, match="before 2001-01-01"):
        backtest(
            CONFIG,
            str(folder),
            tmp_path / "out",
            factories=make_factories(),
            cutoffs=[pd.Timestamp("2001-01-01")],
        )
    assert not (tmp_path / "out").exists()


def test_cutoffs_of_the_call_replace_those_of_the_config(
    folder: Path, tmp_path: Path, make_factories: Callable[..., ModelFactories]
) -> None:
    listed = CONFIG.model_copy(
        update={"demand": CONFIG.demand.model_copy(update={"cutoffs": (_monday(5).date(),)})}
    )
    files = backtest(listed, str(folder), tmp_path / "out", factories=make_factories(), cutoffs=[_monday(10)])
    assert pd.read_parquet(files[0])["cutoff"].unique().tolist() == [_monday(10)]
