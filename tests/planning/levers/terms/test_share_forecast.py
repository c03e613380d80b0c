from dataclasses import replace

import orjson
from plan_rows import offer_row

from configs.schema import PolicyConfig
from planning.levers.lever_plays import LeverPlays
from planning.levers.terms.share_forecast import share_forecast
from planning.planner import Planner
from planning.protocols import INDEPENDENT_DELAYS


def result(make_forecast, make_inputs, lead_times, correlation):
    shared = replace(INDEPENDENT_DELAYS, with_demand=correlation)
    planner = Planner(
        make_forecast((70.0,), (40.0,), periods=52), lead_times(shared_delay=shared), PolicyConfig()
    )
    inputs = make_inputs(["sku00000"], on_hand=[500.0], offers=[offer_row()])
    return share_forecast(LeverPlays(planner.assess(inputs)))


def test_a_supplier_that_is_late_when_demand_is_high_is_told_ahead(make_forecast, make_inputs, lead_times):
    found = result(make_forecast, make_inputs, lead_times, 0.6)
    assert found.actions["worth"][0] > 5
    assert "far" in found.actions["title"][0]
    by_month = orjson.loads(found.actions["facts"][0])["units_by_month"]
    # 10 a day in 31, 29, 31, 30, 31 and 30 days from 1 January 2024 on
    assert by_month == {
        "2024-01": 310, "2024-02": 290, "2024-03": 310, "2024-04": 300, "2024-05": 310, "2024-06": 300
    }  # fmt: skip


def test_one_whose_delays_have_nothing_to_do_with_demand_need_not_be(make_forecast, make_inputs, lead_times):
    assert result(make_forecast, make_inputs, lead_times, 0.0).actions.empty
