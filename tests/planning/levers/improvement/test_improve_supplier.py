"""An improvement plan is opened where a scorecard has surely fallen, stays open until it is back, and is priced."""

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from plan_rows import offer_row

from configs.schema import PolicyConfig
from configs.sourcing import ImprovementConfig
from planning.levers.improvement.fallen_measures import fallen_measures
from planning.levers.improvement.improve_supplier import improve_supplier
from planning.levers.lever_plays import LeverPlays

GOALS = ImprovementConfig(on_time_rate=0.9, defect_rate=0.02)
GOOD = {
    "supplier_id": "far", "state": "stable", "shift": np.nan, "spread": np.nan, "improving": "",
    "on_time_before": 0.95, "on_time_now": 0.94, "on_time_now_low": 0.9, "on_time_now_high": 0.98,
    "defect_rate_before": 0.01, "defect_rate_now": 0.012, "defect_rate_now_low": 0.005, "defect_rate_now_high": 0.02,
}  # fmt: skip


def card(**what: object) -> pd.Series:
    return pd.Series(GOOD | what)


def measures(**what: object) -> list[str]:
    return [each.measure for each in fallen_measures(card(**what), GOALS)]


def share(name: str, now: float, low: float, high: float) -> dict[str, float]:
    return {f"{name}_now": now, f"{name}_now_low": low, f"{name}_now_high": high}


def test_a_share_has_fallen_when_it_misses_the_goal_and_is_surely_worse_than_before():
    assert measures() == []
    assert measures(**share("on_time", 0.85, 0.8, 0.96)) == []  # perhaps as before
    assert measures(**share("on_time", 0.8, 0.7, 0.89)) == ["on_time"]
    assert measures(on_time_before=0.99, **share("on_time", 0.93, 0.9, 0.96)) == []  # worse, and good enough
    assert measures(on_time_before=0.6, **share("on_time", 0.58, 0.5, 0.66)) == []  # poor as ever is no fall
    assert measures(**share("defect_rate", 0.04, 0.03, 0.06)) == ["defects"]
    assert measures(**share("defect_rate", 0.03, 0.008, 0.06)) == []
    assert measures(defect_rate_before=0.001, **share("defect_rate", 0.015, 0.01, 0.02)) == []


def test_it_is_to_be_again_what_it_was_or_the_goal_where_that_is_easier():
    late, worse = share("on_time", 0.5, 0.4, 0.6), share("defect_rate", 0.2, 0.15, 0.25)
    assert [each.target for each in fallen_measures(card(**late, **worse), GOALS)] == [0.9, 0.02]
    poor = {"on_time_before": 0.7, "defect_rate_before": 0.08}
    assert [each.target for each in fallen_measures(card(**poor, **late, **worse), GOALS)] == [0.7, 0.08]


def test_an_open_plan_stays_open_until_the_measure_itself_is_at_its_target():
    between = share("on_time", 0.88, 0.8, 0.97)
    assert measures(**between) == []
    assert measures(improving="on_time:0.9", **between) == ["on_time"]
    assert measures(improving="on_time:0.85", **between) == []
    assert measures(improving="defects:0.02", **between) == []
    assert measures(improving="on_time:0.9,defects:0.02", **share("defect_rate", 0.03, 0.005, 0.06)) == [
        "defects"
    ]


def test_what_has_become_slower_or_erratic_is_to_be_as_before():
    slower = fallen_measures(card(state="eroding", shift=1.25, spread=1.1), GOALS)
    assert [(each.measure, each.now, each.target) for each in slower] == [("lead_time", 1.25, 1.0)]
    assert measures(state="erratic", shift=1.25, spread=1.5) == ["spread"]
    assert measures(state="improving", shift=0.8, spread=0.9) == []
    assert measures(state="eroding", shift=0.95) == []


@pytest.fixture
def proposed(assess):
    def run(**what: object):
        assessment = assess(offers=[offer_row(ordering_cost=5)], policy=PolicyConfig(improvement=GOALS))
        known = replace(assessment.inputs, scorecard=pd.DataFrame([GOOD | what]))
        return improve_supplier(LeverPlays(replace(assessment, inputs=known)))

    return run


def test_a_supplier_that_has_become_slower_is_asked_to_be_as_quick_as_before(proposed):
    result = proposed(state="eroding", shift=1.25)
    action, facts = result.actions.iloc[0], json.loads(result.actions.iloc[0]["facts"])
    assert (action["kind"], action["unique_id"], action["supplier_id"]) == ("improve_supplier", "", "far")
    assert facts["target_date"] == "2024-03-31"
    # 35 days, a quarter longer than before: 28 days again, and no more stock on its way for the 7
    assert result.lines["earlier_days"].to_numpy(float) == pytest.approx([7], abs=0.3)
    pipeline = 3650 * 9 * 0.25 * 7 / 365
    assert pipeline < action["worth"] < 1.6 * pipeline
    assert "2024-03-31" in action["title"]


def test_late_orders_are_priced_by_the_days_they_are_to_be_quicker(proposed):
    some = proposed(**share("on_time", 0.8, 0.7, 0.89))
    more = proposed(**share("on_time", 0.5, 0.4, 0.6))
    assert 0 < some.lines["earlier_days"].iloc[0] < more.lines["earlier_days"].iloc[0]
    assert 0 < some.actions["worth"].iloc[0] < more.actions["worth"].iloc[0]


def test_a_supplier_that_keeps_its_scorecard_is_left_alone(proposed):
    assert proposed().actions.empty
