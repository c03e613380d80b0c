import numpy as np
import pytest
from plan_rows import offer_row

from configs.schema import PolicyConfig
from planning.actions.played_worth import SCENARIOS
from planning.played_year.outage_year import outage_cost, without_deliveries
from planning.played_year.year_play import YearPlay


@pytest.fixture(scope="module")
def lane(assess):
    """70 a week from near, 8 ± 1 days; a unit missed costs 6 and is lost."""
    assessment = assess(
        offers=[offer_row(supplier_id="near")],
        items={"unit_cost": 9.0, "unit_price": 15.0},
        policy=PolicyConfig(lost_sales=True, holding_cost_rate=0.0),
    )
    terms = assessment.chosen_terms
    year = YearPlay.of(
        terms, assessment.forecast, assessment.inputs.items, assessment.setting, scenarios=SCENARIOS
    )
    return year, (terms.reorder_point, terms.order_up_to)


def cost(lane, days: float) -> float:
    year, points = lane
    return float(outage_cost(year, points, np.array([days])).mean())


def test_an_outage_of_no_days_costs_nothing(lane):
    assert cost(lane, 0.0) == 0


def test_once_stock_is_used_up_each_day_costs_its_margin(lane):
    assert cost(lane, 60.0) - cost(lane, 45.0) == pytest.approx(15 * 10 * 6, rel=0.03)


def test_the_stock_that_is_there_bridges_the_first_days(lane):
    year, points = lane
    on_hand = float(year.play(*points).stock_days.mean()) / 365
    missed = cost(lane, 60.0) / 6
    # what is on hand when it begins, and some days until the next delivery would have come
    assert 600 - on_hand - 70 < missed < 600 - on_hand + 70


def test_nothing_arrives_in_the_outage_and_what_was_held_up_comes_at_its_end(lane):
    year, _ = lane
    world, cut_off = year.world, without_deliveries(year, np.array([30.0])).world
    ordered = world.review * np.arange(world.lead_days.shape[1])[:, None]
    before, after = ordered + world.lead_days[0], ordered + cut_off.lead_days[0]
    for j in range(SCENARIOS):
        moved = before[:, j] != after[:, j]
        end = np.unique(after[moved, j])
        assert len(end) == 1
        assert not ((after[:, j] >= end[0] - 30) & (after[:, j] < end[0])).any()
        assert (after[~moved, j] == before[~moved, j]).all()
        assert world.warm_up[0] <= end[0] - 30
        assert end[0] <= world.warm_up[0] + 365
    assert len(np.unique(after[after != before])) > 50  # begins at any time of the year
