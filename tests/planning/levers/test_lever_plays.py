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
