from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from planning.lanes.end_of_buying import buying_days_left
from planning.phase_outs import phase_outs


@pytest.fixture
def days_left(make_forecast, make_inputs):
    """Days that three SKUs are still bought, by the reasons of their forecasts, the third's item and its end."""

    def run(reasons=("", "", ""), classes=("smooth",) * 3, day=None, **item):
        forecast = make_forecast([70.0] * 3, [20.0] * 3)
        forecast = replace(forecast, reason=np.array(reasons, object), demand_class=np.array(classes, object))
        inputs = make_inputs(forecast.unique_ids, on_hand=[5.0] * 3, offers=[])
        items = inputs.items.assign(replaces=[None, forecast.unique_ids[2], None], replaces_from=pd.NaT)
        items["replaces_from"] = [
            pd.NaT,
            pd.NaT if day is None else inputs.as_of + pd.Timedelta(days=day),
            pd.NaT,
        ]
        for name, value in item.items():
            items[name] = pd.array([None, None, value], dtype="boolean")
        return buying_days_left(forecast, replace(inputs, items=items, phase_outs=phase_outs(items))).tolist()

    return run


def test_a_dead_sku_is_not_bought_by_its_reason_or_its_class(days_left):
    assert days_left(("dead", "", "")) == [0, np.inf, np.inf]
    assert days_left(("", "carried_over", ""), ("smooth", "dead", "smooth")) == [np.inf, 0, np.inf]
    assert days_left(("silent", "short_history", "")) == [np.inf] * 3


def test_a_replaced_sku_is_bought_until_its_successor_takes_over(days_left):
    reasons = ("", "carried_over", "replaced")
    assert days_left(reasons) == [np.inf, np.inf, 0]
    assert days_left(reasons, day=-30) == [np.inf, np.inf, 0]
    assert days_left(reasons, day=0) == [np.inf, np.inf, 0]
    assert days_left(reasons, day=12) == [np.inf, np.inf, 12]


def test_a_sku_that_the_forecast_does_not_know_as_replaced_is_bought(days_left):
    assert days_left(day=-30) == [np.inf] * 3


def test_a_last_buy_is_bought_but_not_of_a_dead_sku(days_left):
    reasons = ("", "carried_over", "replaced")
    assert days_left(reasons, last_buy=True) == [np.inf] * 3
    assert days_left(reasons, last_buy=False) == [np.inf, np.inf, 0]
    assert days_left(reasons, ("smooth", "smooth", "dead"), last_buy=True)[2] == 0
