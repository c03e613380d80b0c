"""What defects of the data cost: each by hand, and a reason where there is no money."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from scipy.special import ndtri

from procurement.assessment.company_facts import CompanyFacts
from procurement.assessment.data_trust_cost import WHY, data_trust_cost, trust_table
from procurement.assessment.warning_costs import COSTS, DefectCost

ITEMS = pd.DataFrame({"unique_id": ["a", "b"], "unit_cost": 2.0, "unit_price": 5.0})
CONTINUOUS = {"policy": {"review_period_days": 0}}
Z = ndtri(0.95)


def of(facts: CompanyFacts, kind: str) -> pd.Series:
    """The one row of the table about a kind of warning."""
    table = trust_table(facts).set_index("warning")
    return table.loc[kind]


@pytest.fixture
def overwritten(lines) -> pd.DataFrame:
    """Twenty lines of 4 and 8 days and others, their promises overwritten when goods came."""
    orders = lines([4.0, 5.0, 6.0, 7.0, 8.0] * 5)
    return orders.assign(promised_at=orders["received_at"])


def test_overwritten_promises_cost_the_buffer_that_honest_ones_would_save(
    facts_of, weekly, overwritten
) -> None:
    facts = facts_of(
        CONTINUOUS, demand=weekly(a=np.tile([5.0, 9.0], 26)), items=ITEMS.head(1), purchase_orders=overwritten
    )
    row = of(facts, "overwritten_promises")
    demand = 6 * 4 * (52 / 51) / 7  # variance of 6 days of demand, beside σ_L² = 2 at 1 a day
    most = 0.25 * 2 * Z * (np.sqrt(demand + 2) - np.sqrt(demand))
    assert (row["rows"], row["low"]) == (25, 0)
    assert row["high"] == pytest.approx(most)
    assert row["middle"] == pytest.approx(most / 2)
    assert "half of the most" in row["how"]


def test_promises_that_were_not_met_to_the_day_tell_what_honest_ones_would_leave(
    facts_of, weekly, lines
) -> None:
    days = np.array([4.0, 5, 6, 7, 8] * 9)
    orders = lines(days.tolist())
    error = np.where(np.arange(45) < 20, np.tile([-1.0, 1.0], 23)[:45], 0.0)
    orders["promised_at"] = orders["received_at"] - pd.to_timedelta(error, unit="D")
    facts = facts_of(CONTINUOUS, demand=weekly(a=7), items=ITEMS.head(1), purchase_orders=orders)
    row = of(facts, "overwritten_promises")
    left = np.std([-1.0, 1.0] * 10, ddof=1)
    assert row["middle"] == pytest.approx(0.25 * 2 * Z * (np.sqrt(2) - left))
    assert row["high"] == pytest.approx(0.25 * 2 * Z * np.sqrt(2))


def test_without_flags_weeks_that_sold_nothing_against_all_odds_are_lost_sales(facts_of, weekly) -> None:
    y = np.full(52, 10.0)
    y[[20, 21]] = 0
    row = of(facts_of(demand=weekly(a=y), items=ITEMS.head(1)), "no_in_stock")
    assert row["middle"] == pytest.approx(2 * 10 * 3 * 365 / 364)
    assert row["high"] == row["middle"]
    assert "forecasts" in row["how"]


def test_weeks_without_a_sale_of_a_slow_seller_are_no_stockouts(facts_of, weekly) -> None:
    row = of(facts_of(demand=weekly(a=np.tile([1.0, 0.0], 26)), items=ITEMS.head(1)), "no_in_stock")
    assert (row["middle"], row["high"]) == (0, 0)


def test_without_prices_missing_flags_have_a_reason_and_no_money(facts_of, weekly) -> None:
    row = of(facts_of(demand=weekly(a=10)), "no_in_stock")
    assert np.isnan(row["middle"])
    assert "unit_price" in row["how"]


def test_skus_of_contract_days_lack_the_safety_stock_that_suppliers_here_need(
    facts_of, weekly, lines
) -> None:
    offers = pd.DataFrame({"unique_id": ["b"], "supplier_id": "T", "lead_time_days": 12.0})
    facts = facts_of(
        CONTINUOUS, demand=weekly(a=7, b=7), items=ITEMS, purchase_orders=lines([4.0, 8.0] * 4), offers=offers
    )
    row = of(facts, "no_lead_times")
    assert (row["rows"], row["total"]) == (1, 2)
    # one supplier: all quarters are its variation of 1/3
    assert row[["low", "middle", "high"]].tolist() == pytest.approx([0.25 * 2 * Z * 4] * 3)


def test_no_lead_times_at_all_have_a_reason(facts_of, weekly) -> None:
    row = of(facts_of(demand=weekly(a=7), items=ITEMS.head(1)), "no_lead_times")
    assert np.isnan(row["high"])
    assert "lead_time_days" in row["how"]


def test_forgotten_lines_are_short_at_most_for_a_protection_interval(facts_of, weekly, lines) -> None:
    orders = lines([6.0] * 8, first="2023-05-01")
    orders.loc[0, ["received_at", "quantity_received"]] = [pd.NaT, np.nan]

    def row(on_hand: float) -> pd.Series:
        stock = pd.DataFrame({"unique_id": ["a"], "as_of": "2024-01-01", "on_hand": on_hand})
        facts = facts_of(
            CONTINUOUS, demand=weekly(a=7), items=ITEMS.head(1), purchase_orders=orders, stock=stock
        )
        return of(facts, "forgotten_orders")

    # 10 units open, 6 days of demand at 1 a day, 3 lost on each; with stock for longer only at the high end
    assert row(2.0)[["low", "middle", "high"]].tolist() == pytest.approx([0, 18, 18], rel=0.05)
    assert row(50.0)[["low", "middle", "high"]].tolist() == pytest.approx([0, 0, 18], rel=0.05)


def test_lines_that_stand_there_twice_are_carried_or_paid_for_nothing(facts_of, weekly, lines) -> None:
    orders = lines([6.0] * 3).assign(unit_price=4.0)
    twice = pd.concat([orders, orders.head(1).assign(line="2")], ignore_index=True)
    row = of(facts_of(demand=weekly(a=7), items=ITEMS.head(1), purchase_orders=twice), "duplicated_lines")
    assert row[["low", "middle", "high"]].tolist() == pytest.approx([0, 10, 40])


def test_goods_that_nobody_ordered_are_carried(facts_of, weekly, lines) -> None:
    orders = lines([6.0] * 3).assign(unit_price=4.0, quantity_received=[10.0, 15.0, 10.0])
    row = of(facts_of(demand=weekly(a=7), items=ITEMS.head(1), purchase_orders=orders), "over_receipts")
    assert row[["low", "middle", "high"]].tolist() == pytest.approx([0, 2.5, 5])


def test_a_week_in_another_unit_costs_the_stock_for_it(facts_of, weekly) -> None:
    y = np.full(52, 20.0)
    y[30] = 240
    facts = facts_of(demand=weekly(a=y), items=ITEMS.head(1))
    row = of(facts, "unit_jump_row")
    # 220 units too many in 364 days, for the 7 days of the review, at 0.5 a unit and year
    assert row["low"] == 0
    assert row["middle"] == pytest.approx(220 / 364 * 7 * 0.5)


def test_a_level_in_another_unit_costs_the_stock_by_which_its_mean_is_off(facts_of, weekly) -> None:
    y = np.repeat([20.0, 240.0], 26)
    row = of(facts_of(demand=weekly(a=y), items=ITEMS.head(1)), "unit_jump_level")
    # 240 a week in truth, 130 as read, for the 7 days of the review
    assert row["middle"] == pytest.approx(110 * 0.5)
    assert row["high"] == row["middle"]  # no lead time, so no safety stock


def test_receipts_booked_once_a_week_lengthen_and_scatter_lead_times(facts_of, weekly, lines) -> None:
    orders = lines([7.0, 14, 21, 28, 35] * 5)
    row = of(
        facts_of(CONTINUOUS, demand=weekly(a=7), items=ITEMS.head(1), purchase_orders=orders),
        "batched_receipts",
    )
    # 21 days with a variance of 98, of which a week's booking makes 4
    assert row["high"] == pytest.approx(0.5 * Z * (np.sqrt(98) - np.sqrt(94)))
    assert row["middle"] == pytest.approx(row["high"] / 2)


def test_drafts_that_were_placed_are_carried_once_more(facts_of, weekly, lines) -> None:
    orders = lines([6.0] * 3).assign(unit_price=4.0, status=["draft", "received", "received"])
    orders.loc[0, ["received_at", "quantity_received"]] = [pd.NaT, np.nan]
    row = of(facts_of(demand=weekly(a=7), items=ITEMS.head(1), purchase_orders=orders), "draft_lines")
    # at the unit cost of items: the check keeps no price of drafts
    assert row[["low", "middle", "high"]].tolist() == pytest.approx([0, 2.5, 5])


def test_gaps_that_are_no_zeros_miss_sales_for_a_protection_interval(facts_of, weekly) -> None:
    demand = weekly(a=10, b=10)
    holes = demand.index[demand["unique_id"] == "a"][1:40:3]
    facts = facts_of(demand=demand.drop(holes), items=ITEMS)
    row = of(facts, "gaps")
    daily = 10 / 7 - 10 / 7 * (52 - len(holes)) / 52
    assert row["high"] == pytest.approx(daily * 7 * 3)
    assert row["middle"] == pytest.approx(row["high"] / 2)


def test_a_gap_between_tables_says_what_hangs_on_it(facts_of, weekly) -> None:
    row = of(facts_of(demand=weekly(a=21, b=7), items=ITEMS.head(1)), "not_in_items")
    assert np.isnan(row["middle"])
    assert "25%" in row["how"]
    assert row["why"] == WHY["not_in_items"]


def test_rows_in_quarantine_are_named(facts_of, weekly) -> None:
    demand = pd.concat([weekly(a=7), weekly(a=7).head(1).assign(y=-3.0)], ignore_index=True)
    demand.loc[5, "y"] = -1.0
    row = of(facts_of(demand=demand, items=ITEMS.head(1)), "quarantined")
    assert (row["table"], row["rows"]) == ("demand", 2)
    assert row["how"]


def test_every_defect_has_a_range_that_rises_or_a_reason_and_the_costliest_come_first(
    facts_of, weekly, overwritten
) -> None:
    facts = facts_of(demand=weekly(a=7, b=5), items=ITEMS.head(1), purchase_orders=overwritten)
    table = trust_table(facts)
    priced = table[table["middle"].notna()]
    assert len(table) > len(priced) > 0
    assert (priced["low"] <= priced["middle"]).all()
    assert (priced["middle"] <= priced["high"]).all()
    assert (table["how"].str.len() > 0).all()
    assert (table["why"].str.len() > 0).all()
    assert table["middle"].dropna().is_monotonic_decreasing
    assert table["middle"].notna().to_numpy()[: len(priced)].all()
    assert data_trust_cost(facts).value("largest").middle == priced["middle"].iloc[0]


@pytest.mark.parametrize("kind", sorted(set(COSTS) - {"overwritten_promises", "batched_receipts"}))
def test_a_defect_that_is_not_there_costs_nothing(kind: str, facts_of: Callable, weekly, lines) -> None:
    orders = lines([6.0] * 8)
    facts = facts_of(demand=weekly(a=7).assign(in_stock=True), items=ITEMS.head(1), purchase_orders=orders)
    cost = COSTS[kind](facts)
    assert np.isnan(cost.value.middle) or cost.value.high == 0


def test_bounds_without_a_price_are_unknown() -> None:
    assert not DefectCost.bounds(np.nan, "x").value.known
    assert DefectCost.bounds(4.0, "x").value.middle == 2
