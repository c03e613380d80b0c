from collections.abc import Callable

import pandas as pd

from configs.schema import Config
from features.contract.tables import Tables
from training.evaluation.lead_time_backtest import backtest_lead_times, snapshot_days
from training.model_factories import ModelFactories

CONFIG = Config.model_validate({"demand": {"horizon": 3}, "data": {"freq": "W-MON"}})
WEEKS = 20


def _monday(week: int) -> pd.Timestamp:
    return pd.Timestamp("2023-01-02") + pd.Timedelta(weeks=week)


def test_orders_waiting_at_the_snapshot_are_open_and_later_ones_new(
    tables: Tables, make_factories: Callable[..., ModelFactories]
) -> None:
    frame = backtest_lead_times(tables, CONFIG, make_factories(), cutoffs=[_monday(10)], as_of=_monday(WEEKS))
    kinds = frame.set_index("order_id")["kind"]
    assert kinds[kinds == "open"].index.tolist() == ["PO08", "PO09", "PO10"]
    assert kinds[kinds == "new"].index.tolist() == [f"PO{w:02d}" for w in range(11, WEEKS)]


def test_open_orders_are_given_their_age_and_keep_what_came_later(
    tables: Tables, make_factories: Callable[..., ModelFactories]
) -> None:
    frame = backtest_lead_times(tables, CONFIG, make_factories(), cutoffs=[_monday(10)], as_of=_monday(WEEKS))
    order = frame.set_index("order_id").loc["PO08"]
    assert (order["age"], order["lead_time"]) == (14.0, 18.0)
    assert order["q0.05"] >= 14.0
    assert frame.set_index("order_id").loc["PO12", "age"] == 0.0


def test_orders_that_never_came_have_no_lead_time(
    tables: Tables, make_factories: Callable[..., ModelFactories]
) -> None:
    frame = backtest_lead_times(tables, CONFIG, make_factories(), cutoffs=[_monday(10)], as_of=_monday(WEEKS))
    waiting = frame[frame["lead_time"].isna()]["order_id"].tolist()
    assert waiting == ["PO17", "PO18", "PO19"]


def test_listed_snapshot_days_hold_and_else_two_are_chosen(tables: Tables) -> None:
    orders = pd.DataFrame(
        {"is_open": False, "ordered_at": pd.date_range("2023-01-01", periods=101, freq="D")}
    )
    assert snapshot_days(orders, [pd.Timestamp("2023-02-01").date()]) == [pd.Timestamp("2023-02-01")]
    assert snapshot_days(orders, ()) == [pd.Timestamp("2023-03-02"), pd.Timestamp("2023-03-22")]
    assert snapshot_days(orders.assign(is_open=True), ()) == []
