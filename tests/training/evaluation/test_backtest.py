from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from configs.errors import ConfigError
from configs.schema import Config
from features.contract.tables import DataError, Tables, empty_table
from training.evaluation.backtest import backtest, backtest_demand, backtest_lead_times, snapshot_days
from training.evaluation.frames import QUANTILES
from training.makers import ModelFactories

CONFIG = Config.model_validate({"demand": {"horizon": 3}, "data": {"freq": "W-MON"}})
WEEKS = 20


def _monday(week: int) -> pd.Timestamp:
    return pd.Timestamp("2023-01-02") + pd.Timedelta(weeks=week)


@pytest.fixture
def tables() -> Tables:
    """One SKU that sells as many units as weeks have passed, out of stock in week 16; an order a week."""
    demand = pd.DataFrame(
        {
            "unique_id": "a",
            "ds": [_monday(w) for w in range(WEEKS)],
            "y": np.arange(float(WEEKS)),
            "in_stock": True,
        }
    )
    demand.loc[16, "in_stock"] = False
    orders = empty_table("purchase_orders").reindex(range(WEEKS)).assign(
        order_id=[f"PO{w:02d}" for w in range(WEEKS)], line="1", supplier_id="s", unique_id="a",
        ordered_at=[_monday(w) for w in range(WEEKS)], quantity_ordered=5.0,
        received_at=[_monday(w) + pd.Timedelta(days=10 + w) if w < 17 else pd.NaT for w in range(WEEKS)],
    )  # fmt: skip
    return Tables(demand=demand.astype({"in_stock": "boolean"}), purchase_orders=orders)


def test_each_cutoff_is_forecast_by_a_model_that_saw_no_later_period(
    tables: Tables, make_makers: Callable[..., ModelFactories]
) -> None:
    fitted: list[Any] = []
    cutoffs = [_monday(14), _monday(9)]
    frames = backtest_demand(tables, CONFIG, make_makers(fitted=fitted), freq="W-MON", cutoffs=cutoffs)
    assert [model.seen for model in fitted] == [[_monday(9)], [_monday(14)]]
    first = frames.period[frames.period["cutoff"] == _monday(9)]
    assert first["mean"].tolist() == pytest.approx([4.5] * 3)
    assert first["ds"].tolist() == [_monday(10), _monday(11), _monday(12)]
    assert first["y"].tolist() == [10.0, 11.0, 12.0]


def test_sums_run_over_the_first_k_periods(
    tables: Tables, make_makers: Callable[..., ModelFactories]
) -> None:
    frames = backtest_demand(tables, CONFIG, make_makers(), freq="W-MON", cutoffs=[_monday(9)])
    assert frames.cumulative[["k", "y"]].to_numpy().tolist() == [[1, 10], [2, 21], [3, 33]]


def test_demand_out_of_stock_and_after_the_end_is_unknown(
    tables: Tables, make_makers: Callable[..., ModelFactories]
) -> None:
    cutoffs = [_monday(14), _monday(18)]
    frames = backtest_demand(tables, CONFIG, make_makers(), freq="W-MON", cutoffs=cutoffs)
    np.testing.assert_array_equal(frames.period["y"], [15, np.nan, 17, 19, np.nan, np.nan])
    np.testing.assert_array_equal(frames.cumulative["y"], [15, np.nan, np.nan, 19, np.nan, np.nan])


def test_a_cutoff_before_the_first_demand_gives_no_rows(
    tables: Tables, make_makers: Callable[..., ModelFactories]
) -> None:
    frames = backtest_demand(tables, CONFIG, make_makers(), freq="W-MON", cutoffs=[_monday(-5)])
    assert not len(frames.period)
    assert not len(frames.cumulative)


def test_orders_waiting_at_the_snapshot_are_open_and_later_ones_new(
    tables: Tables, make_makers: Callable[..., ModelFactories]
) -> None:
    frame = backtest_lead_times(tables, CONFIG, make_makers(), cutoffs=[_monday(10)], as_of=_monday(WEEKS))
    kinds = frame.set_index("order_id")["kind"]
    assert kinds[kinds == "open"].index.tolist() == ["PO08", "PO09", "PO10"]
    assert kinds[kinds == "new"].index.tolist() == [f"PO{w:02d}" for w in range(11, WEEKS)]


def test_open_orders_are_given_their_age_and_keep_what_came_later(
    tables: Tables, make_makers: Callable[..., ModelFactories]
) -> None:
    frame = backtest_lead_times(tables, CONFIG, make_makers(), cutoffs=[_monday(10)], as_of=_monday(WEEKS))
    order = frame.set_index("order_id").loc["PO08"]
    assert (order["age"], order["lead_time"]) == (14.0, 18.0)
    assert order["q0.05"] >= 14.0
    assert frame.set_index("order_id").loc["PO12", "age"] == 0.0


def test_orders_that_never_came_have_no_lead_time(
    tables: Tables, make_makers: Callable[..., ModelFactories]
) -> None:
    frame = backtest_lead_times(tables, CONFIG, make_makers(), cutoffs=[_monday(10)], as_of=_monday(WEEKS))
    waiting = frame[frame["lead_time"].isna()]["order_id"].tolist()
    assert waiting == ["PO17", "PO18", "PO19"]


def test_listed_snapshot_days_hold_and_else_two_are_chosen(tables: Tables) -> None:
    orders = pd.DataFrame(
        {"is_open": False, "ordered_at": pd.date_range("2023-01-01", periods=101, freq="D")}
    )
    assert snapshot_days(orders, [pd.Timestamp("2023-02-01").date()]) == [pd.Timestamp("2023-02-01")]
    assert snapshot_days(orders, ()) == [pd.Timestamp("2023-03-02"), pd.Timestamp("2023-03-22")]
    assert snapshot_days(orders.assign(is_open=True), ()) == []


@pytest.fixture
def folder(tables: Tables, tmp_path: Path) -> Path:
    """The tables as a data directory."""
    path = tmp_path / "data"
    path.mkdir()
    for name in ("demand", "purchase_orders"):
        getattr(tables, name).to_parquet(path / f"{name}.parquet", index=False)
    return path


def test_the_three_files_have_the_documented_columns(
    folder: Path, tmp_path: Path, make_makers: Callable[..., ModelFactories]
) -> None:
    files = backtest(CONFIG, str(folder), tmp_path / "out", makers=make_makers(), cutoffs=[_monday(10)])
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
    folder: Path, tmp_path: Path, make_makers: Callable[..., ModelFactories]
) -> None:
    (folder / "purchase_orders.parquet").unlink()
    files = backtest(CONFIG, str(folder), tmp_path / "out", makers=make_makers(), cutoffs=[_monday(10)])
    assert [path.name for path in files] == ["demand.parquet", "demand_cumulative.parquet"]


def test_without_a_cutoff_the_backtest_says_where_to_name_one(
    folder: Path, tmp_path: Path, make_makers: Callable[..., ModelFactories]
) -> None:
    with pytest.raises(ConfigError, match=r"demand\.cutoffs .* --cutoff"):
        backtest(CONFIG, str(folder), tmp_path / "out", makers=make_makers())


def test_cutoffs_before_all_data_are_refused_and_nothing_is_written(
    folder: Path, tmp_path: Path, make_makers: Callable[..., ModelFactories]
) -> None:
    with pytest.raises(DataError, match="before 2001-01-01"):
        backtest(
            CONFIG, str(folder), tmp_path / "out", makers=make_makers(), cutoffs=[pd.Timestamp("2001-01-01")]
        )
    assert not (tmp_path / "out").exists()


def test_cutoffs_of_the_call_replace_those_of_the_config(
    folder: Path, tmp_path: Path, make_makers: Callable[..., ModelFactories]
) -> None:
    listed = CONFIG.model_copy(
        update={"demand": CONFIG.demand.model_copy(update={"cutoffs": (_monday(5).date(),)})}
    )
    files = backtest(listed, str(folder), tmp_path / "out", makers=make_makers(), cutoffs=[_monday(10)])
    assert pd.read_parquet(files[0])["cutoff"].unique().tolist() == [_monday(10)]
