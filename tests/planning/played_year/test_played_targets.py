"""Fill rates are kept in play, by the lowest reorder point that does."""

import numpy as np
import pytest
from plan_rows import offer_row

from configs.schema import PolicyConfig
from planning.assessment import Assessment
from planning.planner import Planner
from planning.played_year.year_play import YearPlay


@pytest.fixture(scope="module")
def assess(make_forecast, make_inputs, lead_times):
    """Assess one SKU of 70 ± 20 a week under a fill-rate target."""

    def run(level, items=None, **terms) -> Assessment:
        forecast = make_forecast([70.0], [20.0], periods=60)
        inputs = make_inputs(forecast.unique_ids, on_hand=[100.0], offers=[offer_row(**terms)], items=items)
        policy = PolicyConfig(target="fill_rate", level=level)
        return Planner(forecast, lead_times(), policy).assess(inputs)

    return run


def played_fill(assessment: Assessment, reorder_point: float, scenarios: int = 64) -> float:
    """Fill rate of a played year with another reorder point and the same lot above it."""
    terms = assessment.chosen_terms
    items, setting = assessment.inputs.items, assessment.setting
    year = YearPlay.of(terms, assessment.forecast, items, setting, scenarios=scenarios)
    point = np.array([reorder_point])
    return year.play(point, point + terms.order_up_to - terms.reorder_point).fill_rate[0]


@pytest.mark.parametrize(("level", "moq"), [(0.9, 0), (0.98, 0), (0.95, 500)])
def test_the_reorder_point_is_the_lowest_that_keeps_the_fill_rate(assess, level, moq):
    assessment = assess(level, moq=moq)
    s = assessment.chosen_terms.reorder_point[0]
    years = 256 if moq else 64  # what is ordered seldom is judged by more
    assert s == np.round(s)
    assert played_fill(assessment, s, years) >= level
    assert played_fill(assessment, s - 1, years) < level + 0.001  # with lots a unit less can be luck
    assert played_fill(assessment, s, scenarios=512) == pytest.approx(level, abs=0.01)


def test_large_lots_need_less_stock_for_the_same_fill_rate(assess):
    every_review, half_a_year = (assess(0.95, moq=moq).chosen_terms for moq in (0, 1800))
    assert half_a_year.reorder_point[0] < every_review.reorder_point[0] - 50


def test_what_was_played_stands_in_the_terms(assess):
    terms = assess(0.95, moq=300, items={"unit_cost": 9.0, "unit_price": 15.0}).chosen_terms
    state = terms.steady_state
    assert state.safety_stock == pytest.approx(terms.reorder_point - terms.demand.expected)
    assert terms.total_cost.safety_stock == pytest.approx(terms.costs.holding * state.safety_stock)
    short = terms.total_cost.shortage / terms.costs.shortage
    assert short == pytest.approx(0.05 * terms.demand.yearly, rel=0.05)
    assert terms.total_cost.ordering == pytest.approx(
        terms.costs.ordering * terms.demand.yearly / 300, rel=0.1
    )


def test_a_sku_that_is_not_bought_needs_no_stock(make_forecast, make_inputs, lead_times):
    forecast = make_forecast([0.0, 70.0], [0.0, 20.0], periods=60)
    inputs = make_inputs(
        forecast.unique_ids, on_hand=[9.0, 9.0], offers=[offer_row(unique_id=u) for u in forecast.unique_ids]
    )
    policy = PolicyConfig(target="fill_rate", level=0.95)
    terms = Planner(forecast, lead_times(), policy).assess(inputs).chosen_terms
    assert terms.reorder_point[0] == 0
    assert terms.reorder_point[1] > 0


@pytest.mark.parametrize(("level", "moq"), [(0.9, 0), (0.98, 0), (0.95, 500), (0.8, 1500)])
def test_the_reorder_point_is_the_lowest_that_keeps_the_share_of_cycles(
    make_forecast, make_inputs, lead_times, level, moq
):
    forecast = make_forecast([70.0], [20.0], periods=60)
    inputs = make_inputs(forecast.unique_ids, on_hand=[100.0], offers=[offer_row(moq=moq)])
    assessment = Planner(forecast, lead_times(), PolicyConfig(level=level)).assess(inputs)
    terms = assessment.chosen_terms
    years = 256 if moq else 64
    year = YearPlay.of(terms, forecast, inputs.items, assessment.setting, scenarios=years)
    lot = terms.order_up_to - terms.reorder_point

    def kept(point):
        return year.play(point, point + lot).cycle_service[0]

    assert kept(terms.reorder_point) >= level
    assert kept(terms.reorder_point - 1) < level
    assert terms.played_service[0] == kept(terms.reorder_point)


def test_a_sku_of_little_stock_is_left_to_the_closed_form(make_forecast, make_inputs, lead_times):
    forecast = make_forecast([70.0, 70.0], [20.0, 20.0], periods=60)
    offers = [
        offer_row(unique_id=u, unit_price=p) for u, p in zip(forecast.unique_ids, (0.1, 9.0), strict=True)
    ]
    inputs = make_inputs(forecast.unique_ids, on_hand=[100.0, 100.0], offers=offers)
    terms = Planner(forecast, lead_times(), PolicyConfig(played_from=50.0)).assess(inputs).chosen_terms
    assert np.isnan(terms.played_service).tolist() == [True, False]
