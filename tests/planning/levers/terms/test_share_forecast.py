from dataclasses import replace

import numpy as np
import orjson
import pytest
from plan_rows import offer_row

from configs.schema import PolicyConfig
from planning.levers.lever_lines import LeverResult, lever_lines
from planning.levers.lever_plays import LeverPlays
from planning.levers.terms.share_forecast import share_forecast
from planning.planner import Planner
from planning.protocols import INDEPENDENT_DELAYS
from planning.realised.action_basis import action_bases
from planning.worklist.joint_set import combined, joint_set


@pytest.fixture
def plays(make_forecast, make_inputs, lead_times):
    """Plays of 70 ± 40 a week from `far`, whose delays go with demand so far."""

    def of(correlation):
        shared = replace(INDEPENDENT_DELAYS, with_demand=correlation)
        planner = Planner(
            make_forecast((70.0,), (40.0,), periods=52), lead_times(shared_delay=shared), PolicyConfig()
        )
        return LeverPlays(planner.assess(make_inputs(["sku00000"], on_hand=[500.0], offers=[offer_row()])))

    return of


def test_a_supplier_that_is_late_when_demand_is_high_is_told_ahead(plays):
    found = share_forecast(plays(0.6))
    assert found.actions["worth"][0] > 5
    assert "far" in found.actions["title"][0]
    by_month = orjson.loads(found.actions["facts"][0])["units_by_month"]
    # 10 a day in 31, 29, 31, 30, 31 and 30 days from 1 January 2024 on
    assert by_month == {
        "2024-01": 310, "2024-02": 290, "2024-03": 310, "2024-04": 300, "2024-05": 310, "2024-06": 300
    }  # fmt: skip


def test_one_whose_delays_have_nothing_to_do_with_demand_need_not_be(plays):
    assert share_forecast(plays(0.0)).actions.empty


def test_its_line_plays_the_year_of_a_company_whose_delays_do_not_go_with_demand(plays):
    late, told, sku = plays(0.6), plays(0.0), np.zeros(1, np.intp)
    found = share_forecast(late)
    assert found.lines["delays_with_demand"].tolist() == [0.0]
    assert late.then(found.lines).total == pytest.approx(told.now(sku).total)
    saved = late.now(sku).total.mean() - told.now(sku).total.mean()
    assert found.actions["worth"][0] == pytest.approx(saved, abs=0.01)


def test_beside_a_steadier_lead_time_it_is_worth_what_it_still_brings(plays):
    late = plays(0.6)
    talk = share_forecast(late)
    steady = lever_lines(["sku00000"], talk.lines["lane"].tolist(), spread_factor=0.4)
    both = combined(steady, talk.lines)
    # the play of both is that of a company that is told, and steady
    assert late.then(both).total == pytest.approx(plays(0.0).then(steady).total)
    agreed = talk.actions.assign(kind="lead_time_sla", action_id="a", title="Agree", worth=1e4)
    listed = joint_set(late, [LeverResult.of(agreed, steady), talk]).set_index("kind")
    left = (late.then(steady).total - late.then(both).total).mean()
    assert 0 < left < 0.8 * talk.actions["worth"][0]
    assert listed.loc["share_forecast", "worth"] == pytest.approx(left, abs=0.01)


def test_what_the_talk_is_played_by_later_needs_less_stock_in_as_many_days(plays):
    late = plays(0.6)
    talk = share_forecast(late)
    sku = orjson.loads(action_bases(late, talk.actions, [talk.lines])[0])["skus"][0]
    assert sku["after"]["lead_days"] == sku["before"]["lead_days"]
    assert sku["after"]["reorder_point"] < sku["before"]["reorder_point"]
