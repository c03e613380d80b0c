from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from planning.lanes.end_of_buying import buying_days_left, without_what_never_sold
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


@pytest.fixture
def never_sold(make_forecast, make_inputs):
    """Days for which a SKU without any demand is bought, by the days before today its goods came and orders are open."""

    def run(came=(), still_open=(), reason="new_from_category"):
        forecast = replace(make_forecast([70.0] * 2, [20.0] * 2), reason=np.array(["", reason], object))
        inputs, own = make_inputs(forecast.unique_ids, on_hand=[5.0] * 2, offers=[]), forecast.unique_ids[1]
        received = {"unique_id": own, "received_at": [inputs.as_of - pd.Timedelta(days=d) for d in came]}
        ordered = {"unique_id": own, "ordered_at": [inputs.as_of - pd.Timedelta(days=d) for d in still_open]}
        tables = {"purchase_orders": pd.DataFrame(received), "open_orders": pd.DataFrame(ordered)}
        days = buying_days_left(forecast, replace(inputs, **tables))
        assert days[0] == np.inf
        return days[1]

    return run


@pytest.mark.parametrize("reason", ["new_from_category", "unknown_category"])
def test_a_sku_without_any_demand_is_bought_for_half_a_year_from_its_first_goods_on(never_sold, reason):
    assert never_sold(reason=reason) == 0
    assert never_sold(came=[182, 10], reason=reason) == np.inf
    assert never_sold(came=[10, 183], reason=reason) == 0
    assert never_sold(came=[0], reason=reason) == np.inf
    assert (
        never_sold(came=[-1], reason=reason) == 0
    )  # what is received after the day of the plan is not known yet


def test_a_sku_without_any_demand_is_bought_while_a_young_order_is_still_to_come(never_sold):
    assert never_sold(still_open=[300, 182]) == np.inf
    assert never_sold(still_open=[300, 183]) == 0
    assert never_sold(came=[200], still_open=[5]) == 0


def test_a_sku_with_a_short_past_is_bought_without_orders(never_sold):
    assert never_sold(reason="short_history") == np.inf
    assert never_sold(reason="carried_over") == np.inf


@pytest.mark.parametrize("later", [False, True])
def test_nothing_is_expected_of_what_never_sold_and_all_else_stays(make_forecast, make_inputs, later):
    forecast = replace(
        make_forecast([70.0] * 2, [20.0] * 2), reason=np.array(["", "new_from_category"], object)
    )
    if later:
        end = forecast.ends_days[-1]
        forecast = replace(
            forecast, later_mean=np.full((2, 2), 9.0), later_ends_days=end + np.array([180.0, 365.0])
        )
    inputs = make_inputs(forecast.unique_ids, on_hand=[5.0] * 2, offers=[])
    nothing = without_what_never_sold(forecast, inputs)
    assert nothing.mean_until(400.0)[1] == nothing.demand_until(21.0).values[1].max() == 0
    assert (nothing.quantiles[1] == 0).all()
    kept = nothing.select([0])
    assert kept.mean_until(400.0) == forecast.mean_until(400.0)[:1]
    assert (kept.cumulative == forecast.cumulative[:1]).all()
    assert forecast.mean[1].min() > 0
