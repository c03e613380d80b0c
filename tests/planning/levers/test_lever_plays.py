import numpy as np
import pytest
from plan_rows import offer_row

from planning.levers.lever_lines import lever_lines
from planning.levers.lever_plays import LeverPlays

SKU = np.zeros(1, np.intp)


def line(**terms):
    return lever_lines(["sku00000"], [0], **terms)


@pytest.mark.parametrize(
    "terms", [{"earlier_days": 6.0}, {"review_days": 3.0}, {"review_days": 14.0}, {"spread_factor": 0.2}]
)
def test_whatever_is_changed_the_same_weeks_of_demand_are_counted(assess, terms):
    plays = LeverPlays(assess())
    then = plays.then(line(**terms))
    assert then.parts["price"] == pytest.approx(plays.now(SKU).parts["price"], rel=1e-9)


def test_lines_with_another_review_are_played_at_it_and_the_others_as_they_are(assess):
    plays = LeverPlays(assess((70.0, 70.0), (20.0, 20.0)))
    both = lever_lines(["sku00001", "sku00000"], [1, 0], review_days=[np.nan, 28.0])
    then, now = plays.then(both), plays.now(np.array([1, 0]))
    assert then.total[0] == pytest.approx(now.total[0])
    assert then.parts["stock"][1] > 1.05 * now.parts["stock"][1]


def test_a_supplier_that_takes_orders_every_day_is_said_by_an_empty_text(assess):
    plays = LeverPlays(assess(offers=[offer_row()]))
    assert plays.terms(line(order_days="")).lanes["order_days"].tolist() == [None]


def test_two_lines_of_a_sku_are_played_each_on_its_own_terms(assess):
    plays = LeverPlays(assess(offers=[offer_row(price_breaks="500:8.5")]))
    three = lever_lines(
        ["sku00000"] * 3, [0] * 3, holding_factor=[0.5, np.nan, np.nan], price_factor=[np.nan, 0.9, np.nan]
    )
    now, costs = plays.assessment.chosen_terms.costs, plays.formula_terms(three).costs
    assert costs.holding == pytest.approx(now.holding[0] * np.array([0.5, 0.9, 1.0]))
    assert costs.unit == pytest.approx([9.0, 8.1, 9.0])
    assert costs.prices.prices[:, 1] == pytest.approx([8.5, 7.65, 8.5])
    assert plays.then(three).total[2] == pytest.approx(plays.now(SKU).total[0], rel=1e-9)


def test_what_was_played_is_the_same_whoever_asks_and_in_whatever_order(assess, monkeypatch):
    plays = LeverPlays(assess())
    some = lever_lines(["sku00000"] * 2, [0] * 2, earlier_days=[5.0, 10.0])
    first = plays.then(some)
    monkeypatch.setattr(plays, "terms", None)  # nothing is played again
    again = plays.then(some.iloc[[1, 0]].assign(action_id="another"))
    assert np.array_equal(again.total, first.total[[1, 0]])
    assert again.parts["stock"].tolist() == first.parts["stock"][[1, 0]].tolist()
