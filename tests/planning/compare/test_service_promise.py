"""What a promise of service costs: more stock for more service, read off what was played, or by the closed form."""

import numpy as np
import pytest

from planning.compare.service_promise import PROMISES, service_cost_frame

PERISHES = {"unit_cost": 10.0, "unit_price": 15.0, "shelf_life_days": 20.0}


@pytest.fixture(scope="module")
def keeps(assess):
    return assess(means=(70.0, 30.0), spreads=(20.0, 12.0))


@pytest.fixture(scope="module")
def played(keeps):
    return service_cost_frame(keeps)


def by_promise(frame, column):
    return frame.groupby("promise")[column].sum()


def test_every_sku_has_every_promise(played):
    assert played.groupby("unique_id")["promise"].apply(list).tolist() == [list(PROMISES)] * 2
    assert played["played"].all()
    assert played["supplier_id"].eq("far").all()


def test_a_higher_promise_holds_more_and_is_short_of_less(played):
    assert (np.diff(by_promise(played, "holding")) > 0).all()
    assert (np.diff(by_promise(played, "shortage")) < 0).all()
    assert (np.diff(by_promise(played, "short")) < 0).all()
    assert by_promise(played, "waste").eq(0).all()


def test_the_promise_of_the_plan_costs_what_the_plan_holds(keeps, played):
    terms = keeps.chosen_terms
    today = played[np.isclose(played["promise"], 0.95)]
    assert today["reorder_point"].to_numpy() == pytest.approx(terms.reorder_point, rel=0.05)
    cost = terms.total_cost
    assert today["holding"].sum() == pytest.approx((cost.cycle_stock + cost.safety_stock).sum(), rel=0.05)


def test_the_closed_form_says_so_and_does_not_know_waste(keeps, played):
    closed = service_cost_frame(keeps, most_played=0)
    assert not closed["played"].any()
    assert closed["waste"].isna().all()
    assert closed["reached"].all()
    for column in ("holding", "short"):
        assert (np.diff(by_promise(closed, column)) * (1 if column == "holding" else -1) > 0).all()
    ratio = by_promise(closed, "holding") / by_promise(played, "holding")
    assert ratio.between(0.9, 1.6).all()  # orders overtake each other: play holds less


def test_the_skus_with_the_most_money_in_stock_are_played_first(keeps):
    frame = service_cost_frame(keeps, most_played=1)
    assert set(frame.loc[frame["played"], "unique_id"]) == {"sku00000"}


def test_a_promise_on_goods_that_perish_is_paid_in_waste(assess):
    frame = service_cost_frame(assess(items=PERISHES))
    waste = by_promise(frame, "waste").to_numpy()
    assert waste[0] > 0
    assert (np.diff(waste) >= 0).all()
    assert waste[-1] > 2 * waste[0]


def test_what_is_not_bought_costs_nothing(assess):
    assert service_cost_frame(assess(means=(0.0,), spreads=(0.0,))).empty
