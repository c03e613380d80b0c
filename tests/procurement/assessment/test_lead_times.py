"""Lead times by supplier, promises, drift and the price of the spread, by hand."""

import numpy as np
import pandas as pd
import pytest
from scipy.special import ndtri

from procurement.assessment.lead_times import lead_times, lead_times_by_supplier, variance_stock


def test_a_suppliers_lines_give_mean_variation_and_kept_promises(facts_of, weekly, lines) -> None:
    orders = lines([4.0, 8.0] * 4)
    orders["promised_at"] = orders["ordered_at"] + pd.Timedelta(days=8)
    table = lead_times_by_supplier(facts_of(demand=weekly(a=7), purchase_orders=orders))
    row = table.iloc[0]
    assert (row["lines"], row["closed"], row["mean"], row["variation"]) == (8, 8, 6, pytest.approx(1 / 3))
    assert row["mean_high"] - row["mean"] == pytest.approx(1.6448536 * 2 / np.sqrt(8))
    assert row["mean"] - row["mean_low"] == pytest.approx(1.6448536 * 2 / np.sqrt(8))
    assert (row["promised"], row["promise_error"], row["on_time"], row["promises"]) == (8, -2, 1, 8)


def test_an_open_line_counts_at_its_age(facts_of, weekly, lines) -> None:
    orders = lines([4.0] * 8, first="2023-10-30")
    orders.loc[7, ["received_at", "quantity_received"]] = [
        pd.NaT,
        np.nan,
    ]  # ordered on 18 December, open for 14 days
    finding = lead_times(facts_of(demand=weekly(a=7), purchase_orders=orders))
    assert finding.value("mean").middle == pytest.approx((7 * 4 + 14) / 8)
    assert any("1 of them open" in note and "Kaplan–Meier" in note for note in finding.notes)


def test_drift_is_the_last_half_year_against_before(facts_of, weekly, lines) -> None:
    before = lines([5.0] * 8, first="2023-01-02")
    after = lines([9.0] * 8, first="2023-09-04").assign(order_id=[f"n{n}" for n in range(8)])
    both = pd.concat([before, after], ignore_index=True)
    assert lead_times_by_supplier(facts_of(demand=weekly(a=7), purchase_orders=both))["drift"].tolist() == [4]
    few = pd.concat([before, after.head(7)], ignore_index=True)
    assert lead_times_by_supplier(facts_of(demand=weekly(a=7), purchase_orders=few))["drift"].isna().all()


def test_the_spread_costs_the_safety_stock_that_steady_suppliers_need_not(facts_of, weekly, lines) -> None:
    y = np.tile([5.0, 9.0], 26)  # 1 a day, σ of a week 2·√(52/51)
    items = pd.DataFrame({"unique_id": ["a"], "unit_cost": 2.0})
    facts = facts_of(
        {"policy": {"review_period_days": 0}},
        demand=weekly(a=y),
        items=items,
        purchase_orders=lines([4.0, 8.0] * 4),
    )
    daily = 4 * (52 / 51) / 7
    extra = ndtri(0.95) * (np.sqrt(6 * daily + 4) - np.sqrt(6 * daily))
    assert variance_stock(facts).tolist() == pytest.approx([extra])
    finding = lead_times(facts)
    assert finding.value("variance_stock").middle == pytest.approx(2 * extra)
    assert finding.value("variance_cost").middle == pytest.approx(0.25 * 2 * extra)
    assert finding.tables["by_supplier"]["variance_cost"].tolist() == pytest.approx([0.25 * 2 * extra])


def test_promises_that_equal_the_receipt_are_not_believed(facts_of, weekly, lines) -> None:
    orders = lines([float(3 + n % 9) for n in range(30)])
    orders["promised_at"] = orders["received_at"]
    finding = lead_times(facts_of(demand=weekly(a=7), purchase_orders=orders))
    assert not finding.value("on_time").known
    assert any("No promise is believed" in note for note in finding.notes)


def test_a_supplier_of_few_lines_says_nothing_of_the_middle_one(facts_of, weekly, lines) -> None:
    finding = lead_times(facts_of(demand=weekly(a=7), purchase_orders=lines([4.0, 8.0])))
    assert not finding.value("variation").known
    assert finding.value("mean").middle == 6


def test_without_received_orders_it_says_what_to_give(facts_of, weekly, lines) -> None:
    assert "received_at" in lead_times(facts_of(demand=weekly(a=7))).missing
    opened = lines([4.0], first="2023-12-18").assign(received_at=pd.NaT, quantity_received=np.nan)
    assert "received_at" in lead_times(facts_of(demand=weekly(a=7), purchase_orders=opened)).missing


def test_a_lane_of_eight_lines_has_its_own_lead_time_and_others_their_suppliers(
    facts_of, weekly, lines
) -> None:
    orders = pd.concat([lines([4.0] * 8), lines([20.0] * 2, unique_id="b")], ignore_index=True)
    offers = pd.DataFrame({"unique_id": ["c"], "supplier_id": "T", "lead_time_days": 30.0})
    skus = facts_of(demand=weekly(a=7, b=7, c=7, d=7), purchase_orders=orders, offers=offers).skus
    assert skus["lead_time_from"].tolist() == ["lane", "supplier", "contract", ""]
    assert skus["lead_time"].tolist() == pytest.approx([4, (32 + 40) / 10, 30, np.nan], nan_ok=True)
    assert skus["supplier_id"].tolist() == ["S", "S", "T", None]
