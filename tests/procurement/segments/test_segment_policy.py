import numpy as np
import pandas as pd
import pytest
from purchases import company, day, order

from procurement.segments.segment_policy import ClassPolicy, class_effort, policy_deviations
from procurement.spend.spend_lines import spend_lines

AS_OF = pd.Timestamp("2024-12-31")
POLICY = {
    "A": ClassPolicy(contract=True, sla=True, dependable=True),
    "B": ClassPolicy(contract=True),
    "C": ClassPolicy(most_suppliers=1),
}


def segments(**more):
    base = pd.DataFrame(
        {
            "unique_id": ["a", "b", "c"],
            "abc": ["A", "B", "C"],
            "supplier_id": ["s", "s", "s"],
            "supplier": ["dependable"] * 3,
            "value_year": [80.0, 15.0, 5.0],
            "value_share": [0.8, 0.15, 0.05],
        }
    )
    return base.assign(**more)


def deviations(orders, contracts=(), **more):
    built = company(orders, contracts=list(contracts))
    table = policy_deviations(segments(**more), spend_lines(built, AS_OF), built.contracts, POLICY, AS_OF)
    return set(zip(table["unique_id"], table["supplier_id"], table["what"], table["amount"], strict=True))


AGREED = {"supplier_id": "s", "unique_id": "a", "sla": 0.95}


def test_an_a_item_asks_for_a_contract_with_a_level_and_a_dependable_supplier():
    orders = [order("1", "06-01", 10, 1.0), order("2", "07-01", 10, 1.0)]
    assert deviations(orders) == {("a", "s", "no_contract", 20.0)}
    assert deviations(orders, [AGREED]) == set()
    assert deviations(orders, [AGREED | {"sla": None}]) == {("a", "s", "no_sla", 20.0)}
    assert deviations(orders, [AGREED], supplier=["erratic"] * 3) == {("a", "s", "erratic", 20.0)}


def test_a_contract_that_ends_within_two_months_is_told():
    orders = [order("1", "06-01", 10, 1.0)]
    assert deviations(orders, [AGREED | {"valid_to": day("2025-02-28")}]) == {("a", "s", "ending", 10.0)}
    assert deviations(orders, [AGREED | {"valid_to": day("2025-03-01")}]) == set()


def test_a_contract_that_is_renewed_does_not_end():
    orders = [order("1", "06-01", 10, 1.0)]
    renewed = [AGREED | {"valid_to": day("2025-01-31")}, AGREED | {"valid_from": day("2025-02-01")}]
    assert deviations(orders, renewed) == set()


def test_only_the_money_that_went_past_the_contract_counts():
    orders = [order("1", "06-01", 10, 1.0, supplier_id="t"), order("2", "03-01", 90, 1.0, supplier_id="t")]
    assert deviations(orders, [AGREED | {"valid_from": day("05-01")}]) == {("a", "t", "off_contract", 10.0)}


def test_what_goes_past_the_contract_is_told_as_that_and_not_twice():
    orders = [order("1", "06-01", 10, 1.0, supplier_id="t")]
    assert deviations(orders, [AGREED]) == {("a", "t", "off_contract", 10.0)}


def test_a_c_item_may_be_bought_anywhere_but_not_everywhere():
    one = [order("1", "06-01", 10, 1.0, unique_id="c")]
    two = [*one, order("2", "06-02", 5, 1.0, unique_id="c", supplier_id="t")]
    assert deviations(one) == set()
    assert deviations(two) == {("c", "s", "many_suppliers", 10.0), ("c", "t", "many_suppliers", 5.0)}


def test_the_most_money_comes_first_and_nothing_deviates_without_orders():
    built = company([order("1", "06-01", 10, 1.0), order("2", "06-01", 90, 1.0, unique_id="b")])
    table = policy_deviations(segments(), spend_lines(built, AS_OF), built.contracts, POLICY, AS_OF)
    assert table["amount"].tolist() == [90.0, 10.0]
    assert table["reason"][0] == "B item: no contract"
    assert policy_deviations(
        segments(), spend_lines(company([]), AS_OF), built.contracts, POLICY, AS_OF
    ).empty


def test_effort_counts_an_order_in_each_class_that_it_has():
    built = company(
        [
            order("1", "06-01", 10, 3.0),
            order("1", "06-01", 10, 1.0, unique_id="c", line="2"),
            order("2", "06-02", 10, 1.0, unique_id="c", supplier_id="t"),
        ],
        contracts=[AGREED, AGREED | {"valid_to": day("01-01")}],
        approvals=[{"order_id": "1", "requested_by": "ann", "approved_by": "bob"}],
    )
    table = class_effort(segments(), spend_lines(built, AS_OF), built.contracts, AS_OF).set_index("abc")
    assert table["orders"].to_dict() == {"A": 1, "B": 0, "C": 2}
    assert table["order_share"].to_dict() == {"A": 0.5, "B": 0.0, "C": 1.0}
    assert table["spend"].to_dict() == {"A": 30.0, "B": 0.0, "C": 20.0}
    assert table["contracted_share"]["A"] == 1.0
    assert np.isnan(table["contracted_share"]["B"])
    assert table["contracts"]["A"] == 1  # one has ended
    assert table["suppliers"].to_dict() == {"A": 1, "B": 0, "C": 2}
    assert table["approved_share"]["C"] == 0.5
    assert table["dependable_share"]["A"] == pytest.approx(1.0)
