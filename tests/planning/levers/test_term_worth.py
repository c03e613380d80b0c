import numpy as np
import pytest
from plan_rows import offer_row

from configs.schema import PolicyConfig
from planning.levers.lever_plays import LeverPlays
from planning.levers.term_worth import TERM_WORTH, UNITS, term_worth

DEMAND, PRICE = 3650.0, 9.0
"""Units a year, and money a unit, of the SKU that `assess` plans."""


def worth_of(assessment, term, unique_id=""):
    frame = term_worth(LeverPlays(assessment))
    rows = frame[(frame["term"] == term) & (frame["unique_id"] == unique_id)]
    return rows.iloc[0] if len(rows) else None


def test_a_day_of_payment_is_worth_what_money_costs_for_a_day_of_the_goods(assess):
    policy = PolicyConfig(capital_cost_rate=0.1)
    row = worth_of(assess(offers=[offer_row(payment_days=10)], policy=policy), "payment_days")
    assert row["worth"] == pytest.approx(0.1 * DEMAND * PRICE / 365, rel=0.02)
    assert row["level"] == 10
    assert row["worth_low"] <= row["worth"] <= row["worth_high"]


def test_a_per_cent_of_the_price_is_worth_that_of_the_goods_and_of_what_is_held(assess):
    row = worth_of(assess(), "price")
    assert 0.01 * DEMAND * PRICE < row["worth"] < 1.06 * 0.01 * DEMAND * PRICE


def test_a_day_of_lead_time_is_worth_the_money_on_its_way_and_some_safety_stock(assess):
    paid_with_order, paid_later = (
        worth_of(assess(offers=[offer_row(payment_days=days)]), "lead_time") for days in (np.nan, 0)
    )
    a_day_on_its_way = 0.25 * PRICE * DEMAND / 365
    assert paid_later["worth"] > 0
    assert paid_with_order["worth"] - paid_later["worth"] == pytest.approx(a_day_on_its_way, rel=0.03)
    assert paid_later["level"] == pytest.approx(35, abs=0.5)
    assert paid_later["step"] == pytest.approx(3, abs=0.01)


def test_a_day_of_spread_is_worth_the_safety_stock_held_against_it(assess):
    row = worth_of(assess(offers=[offer_row(payment_days=0)]), "lead_time_spread")
    # d·σ of 8 days is the larger part of √(42·(20/√7)² + 10²·8²) = 94; a day less, 8 units less at 1.64 σ and 2.25 each
    expected = 0.25 * PRICE * 1.645 * (94 - np.sqrt(94**2 - 100 * (8**2 - 7**2)))
    assert row["worth"] == pytest.approx(expected, rel=0.4)


def test_a_tenth_of_a_large_moq_is_worth_its_part_of_holding_less_of_ordering(assess):
    row = worth_of(assess(offers=[offer_row(moq=2000, ordering_cost=30)], on_hand=[500]), "moq")
    cost = [30 * DEMAND / lot + 0.25 * PRICE * lot / 2 for lot in (2000, 1500)]
    assert row["worth"] == pytest.approx((cost[0] - cost[1]) / 2.5, rel=0.15)
    assert row["level"] == 2000
    assert row["step"] == pytest.approx(2.5)


def test_a_moq_that_binds_nothing_has_no_worth(assess):
    assert worth_of(assess(), "moq") is None
    assert worth_of(assess(offers=[offer_row(moq=20, ordering_cost=30)]), "moq") is None


def test_a_supplier_is_worth_the_sum_of_its_skus_with_a_narrower_range(assess):
    ids = ["sku00000", "sku00001"]
    assessment = assess((70.0, 70.0), (20.0, 20.0), offers=[offer_row(unique_id=name) for name in ids])
    frame = term_worth(LeverPlays(assessment)).set_index(["term", "unique_id"])
    for term in ("lead_time", "lead_time_spread", "price", "payment_days"):
        own, parts = frame.loc[(term, "")], frame.loc[term].loc[ids]
        assert own["worth"] == pytest.approx(parts["worth"].sum())
        assert own["worth_high"] - own["worth_low"] <= (parts["worth_high"] - parts["worth_low"]).sum() + 1e-9
        assert own["skus"] == 2
        assert own["played_share"] == pytest.approx(1)


def test_the_rest_of_a_supplier_is_taken_in_proportion_to_its_goods(assess):
    ids = [f"sku{i:05d}" for i in range(11)]
    assessment = assess((70.0,) * 11, (20.0,) * 11, offers=[offer_row(unique_id=name) for name in ids])
    row = worth_of(assessment, "price")
    assert row["skus"] == 10
    assert row["played_share"] == pytest.approx(10 / 11, rel=0.01)
    assert row["worth"] == pytest.approx(0.01 * DEMAND * PRICE * 11, rel=0.06)


def test_only_terms_of_the_table_and_no_money_lost_by_what_nobody_has_to_use(assess):
    assessment = assess(
        offers=[offer_row(moq=600, order_multiple=7)], items={"unit_cost": 9.0, "shelf_life_days": 21.0}
    )
    frame = term_worth(LeverPlays(assessment))
    assert list(frame.columns) == list(TERM_WORTH)
    assert set(frame["term"]) == set(UNITS)
    assert (frame.loc[frame["term"].isin(["lead_time", "moq", "price", "payment_days"]), "worth"] >= 0).all()


def test_nothing_is_said_where_prices_are_not_known(assess):
    unknown = assess(offers=[offer_row(unit_price=np.nan)], items={"unit_cost": np.nan})
    assert term_worth(LeverPlays(unknown)).empty
