from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from configs.schema import Config
from features.contract.tables import Tables
from training.evaluation.demand_backtest import backtest_demand
from training.model_factories import ModelFactories

CONFIG = Config.model_validate({"demand": {"horizon": 3}, "data": {"freq": "W-MON"}})


def _monday(week: int) -> pd.Timestamp:
    return pd.Timestamp("2023-01-02") + pd.Timedelta(weeks=week)


def test_each_cutoff_is_forecast_by_a_model_that_saw_no_later_period(
    tables: Tables, make_factories: Callable[..., ModelFactories]
) -> None:
    fitted: list[Any] = []
    cutoffs = [_monday(14), _monday(9)]
    frames = backtest_demand(tables, CONFIG, make_factories(fitted=fitted), freq="W-MON", cutoffs=cutoffs)
    assert [model.cutoffs_seen for model in fitted] == [[_monday(9)], [_monday(14)]]
    first = frames.period[frames.period["cutoff"] == _monday(9)]
    assert first["mean"].tolist() == pytest.approx([4.5] * 3)
    assert first["ds"].tolist() == [_monday(10), _monday(11), _monday(12)]
    assert first["y"].tolist() == [10.0, 11.0, 12.0]


def test_sums_run_over_the_first_k_periods(
    tables: Tables, make_factories: Callable[..., ModelFactories]
) -> None:
    frames = backtest_demand(tables, CONFIG, make_factories(), freq="W-MON", cutoffs=[_monday(9)])
    assert frames.cumulative[["k", "y"]].to_numpy().tolist() == [[1, 10], [2, 21], [3, 33]]


def test_demand_out_of_stock_and_after_the_end_is_unknown(
    tables: Tables, make_factories: Callable[..., ModelFactories]
) -> None:
    cutoffs = [_monday(14), _monday(18)]
    frames = backtest_demand(tables, CONFIG, make_factories(), freq="W-MON", cutoffs=cutoffs)
    np.testing.assert_array_equal(frames.period["y"], [15, np.nan, 17, 19, np.nan, np.nan])
    np.testing.assert_array_equal(frames.cumulative["y"], [15, np.nan, np.nan, 19, np.nan, np.nan])


def test_a_cutoff_before_the_first_demand_gives_no_rows(
    tables: Tables, make_factories: Callable[..., ModelFactories]
) -> None:
    frames = backtest_demand(tables, CONFIG, make_factories(), freq="W-MON", cutoffs=[_monday(-5)])
    assert not len(frames.period)
    assert not len(frames.cumulative)
