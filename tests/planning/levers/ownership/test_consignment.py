import pytest

from planning.levers.ownership.consignment import consignment


def test_large_lots_that_the_supplier_owns_save_the_money_in_them(plays):
    own = plays(moq=2000, ordering_cost=30)
    found = consignment(own)
    action = found.actions.iloc[0]
    stock = own.now(own.skus(found.lines)).parts["stock"][0] / 2.25
    assert 1000 < stock < 1300
    # ten per cent of the price a year, where holding costs a quarter
    assert action["worth"] == pytest.approx(0.1 * 9 * stock, rel=0.06)
    assert found.lines["holding_factor"].tolist() == [pytest.approx(0.6)]


def test_the_credit_that_a_supplier_gives_is_worth_what_it_was(plays):
    at_once, later = (consignment(plays(moq=2000, ordering_cost=30, payment_days=days)) for days in (0, 30))
    assert later.lines["payment_days"].tolist() == [30]
    assert later.actions["worth"][0] == pytest.approx(at_once.actions["worth"][0], rel=0.02)


def test_without_a_cost_of_money_of_its_own_nothing_is_proposed(plays):
    assert consignment(plays(moq=2000, ordering_cost=30, money=None)).actions.empty
    assert consignment(plays(moq=2000, ordering_cost=30, money=0.25)).actions.empty


def test_lots_that_we_would_order_anyway_stay_ours(plays):
    assert consignment(plays(ordering_cost=30)).actions.empty
    assert consignment(plays(moq=320, ordering_cost=30)).actions.empty
    assert consignment(plays(moq=2000, ordering_cost=30, effort=2000.0)).actions.empty
