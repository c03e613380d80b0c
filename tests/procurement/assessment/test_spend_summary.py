"""Spend of the last year: concentration, off contract, above contract, unusual, by hand."""

import numpy as np
import pandas as pd
import pytest

from procurement.assessment.spend_summary import above_contract, spend_summary

CONTRACTS = pd.DataFrame({"supplier_id": ["S"], "unique_id": "a", "price": 4.0})


@pytest.fixture
def bought(lines):
    """Eight lines of 10 of a from S at 5, two of 10 of b from T at 2, and one of a from T at 6."""
    parts = [
        lines([5.0] * 8).assign(unit_price=5.0),
        lines([5.0] * 2, unique_id="b", supplier_id="T").assign(unit_price=2.0),
        lines([5.0], supplier_id="T", first="2023-11-06").assign(unit_price=6.0),
    ]
    return pd.concat(parts, ignore_index=True)


def test_spend_and_with_how_few_it_is(facts_of, weekly, bought) -> None:
    finding = spend_summary(facts_of(demand=weekly(a=7, b=7), purchase_orders=bought))
    assert finding.value("spend").middle == 400 + 40 + 60
    assert finding.value("largest").middle == pytest.approx(400 / 500)
    assert finding.value("top_5").middle == 1
    assert any(f"{0.8**2 + 0.2**2:.2f}" in note for note in finding.notes)
    assert not finding.value("off_contract").known


def test_what_is_off_contract_and_above_it(facts_of, weekly, bought) -> None:
    facts = facts_of(demand=weekly(a=7, b=7), purchase_orders=bought, contracts=CONTRACTS)
    finding = spend_summary(facts)
    assert finding.value("off_contract").middle == 60
    assert finding.value("above_contract").middle == 80
    assert above_contract(facts).tolist() == [80, 0]


def test_a_price_below_contract_does_not_make_up_for_one_above(facts_of, weekly, bought) -> None:
    bought.loc[0, "unit_price"] = 1.0
    assert above_contract(facts_of(demand=weekly(a=7), purchase_orders=bought, contracts=CONTRACTS))[0] == 70


def test_orders_of_more_than_a_year_ago_are_not_this_years_spend(facts_of, weekly, bought) -> None:
    old = bought.assign(
        order_id="old" + bought["order_id"], ordered_at=bought["ordered_at"] - pd.Timedelta(days=400)
    ).assign(received_at=lambda rows: rows["ordered_at"] + pd.Timedelta(days=5))
    both = pd.concat([old, bought], ignore_index=True)
    facts = facts_of(demand=weekly(a=7, b=7), purchase_orders=both, contracts=CONTRACTS)
    assert spend_summary(facts).value("spend").middle == 500
    assert above_contract(facts).sum() == 80


def test_what_was_paid_above_the_lowest_offer(facts_of, weekly, bought) -> None:
    offers = pd.DataFrame({"supplier_id": ["S", "T"], "unique_id": "a", "unit_price": [5.0, 4.5]})
    finding = spend_summary(facts_of(demand=weekly(a=7), purchase_orders=bought, offers=offers))
    assert finding.value("above_lowest").middle == pytest.approx(80 * 0.5 + 10 * 1.5)


def test_a_line_that_is_odd_by_two_rules_counts_once(facts_of, weekly, bought) -> None:
    approvals = pd.DataFrame(
        {
            "order_id": ["Sa0"],
            "requested_by": ["ann"],
            "approved_by": ["ann"],
            "at": [pd.Timestamp("2023-02-06")],
        }
    )
    invoices = pd.DataFrame(
        {
            "invoice_id": ["1", "2"],
            "order_id": "Sa0",
            "line": "1",
            "amount": 50.0,
            "at": pd.Timestamp("2023-02-20"),
        }
    )
    facts = facts_of(demand=weekly(a=7, b=7), purchase_orders=bought, approvals=approvals, invoices=invoices)
    finding = spend_summary(facts)
    kinds = finding.tables["unusual"].set_index("rule")["amount"]
    assert kinds["Approved by whoever asked for it"] == 50
    assert kinds["The same money asked for twice"] == 50
    assert kinds.sum() > finding.value("unusual").middle
    assert finding.value("unusual").middle == pytest.approx(kinds.sum() - 50)


def test_lines_without_a_price_are_said_and_without_any_it_says_what_to_give(
    facts_of, weekly, bought
) -> None:
    bought.loc[0, "unit_price"] = np.nan
    finding = spend_summary(facts_of(demand=weekly(a=7), purchase_orders=bought))
    assert any("1 of 11 lines have no price" in note for note in finding.notes)
    unpriced = bought.drop(columns="unit_price")
    assert "unit_price" in spend_summary(facts_of(demand=weekly(a=7), purchase_orders=unpriced)).missing
