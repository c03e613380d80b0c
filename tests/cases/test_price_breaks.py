"""Price breaks that rise, contradict themselves or cannot be read are named, and a dearer one is not walked into."""

import pytest
from small_company import SmallCompany


def with_breaks(company: SmallCompany, text: str) -> SmallCompany:
    """The company with an ordering cost of 5, and price breaks of A3."""
    offers = company.tables["offers"]
    offers["ordering_cost"] = 5.0
    offers["price_breaks"] = None
    offers.loc[3, "price_breaks"] = text
    return company


def test_an_order_stays_below_a_break_from_which_a_unit_costs_more(small_company: SmallCompany) -> None:
    check = with_breaks(small_company, "50:4.9;60:9").check()
    assert check.status == 0
    assert "offers.csv row 5: price_breaks is '50:4.9;60:9' with unit_price 5.0" in check.text
    small_company.plan()
    plan = small_company.table()
    assert plan.loc["A3", "order_quantity"] == 59
    assert plan.loc["A3", "unit_price"] == 4.9
    assert "kept below a quantity from which a unit costs more" in plan.loc["A3", "reason"]
    assert (plan.drop("A3")["order_quantity"] > 90).all()


def test_a_dearer_break_is_passed_where_the_reorder_point_asks_for_more(small_company: SmallCompany) -> None:
    with_breaks(small_company, "20:9").plan()
    row = small_company.table().loc["A3"]
    assert row["order_quantity"] >= row["reorder_point"] - 30 > 20
    assert row["unit_price"] == 9


def test_a_break_a_little_dearer_than_its_larger_lots_are_worth_is_passed(
    small_company: SmallCompany,
) -> None:
    with_breaks(small_company, "60:5.001").plan()
    plan = small_company.table()
    assert plan.loc["A3", "order_quantity"] > 90


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("100=9", "price_breaks is '100=9', expected pairs such as 100:9.50;500:9.10"),
        ("100:-9", "price_breaks is 100:-9, expected pairs such as"),
        ("-100:9", "price_breaks is -100:9, expected pairs such as"),
        ("100:0", "price_breaks is 100:0, expected prices above 0"),
        ("100:4.5;100:4.4", "which begins twice at one quantity; keep one price of it"),
    ],
)
def test_breaks_that_cannot_be_used_are_refused_by_row_and_value(
    small_company: SmallCompany, text: str, sentence: str
) -> None:
    done = with_breaks(small_company, text).check()
    assert "quarantined offers.csv row 5: price_breaks is" in done.text
    assert sentence in done.text


@pytest.mark.parametrize("text", ["0:4.9", "100:4.5;100:4.5"])
def test_breaks_that_can_be_used_but_are_odd_are_a_warning(small_company: SmallCompany, text: str) -> None:
    done = with_breaks(small_company, text).check()
    assert done.status == 0
    assert "stands there twice, or begins at 0 units" in done.text
    assert "offers.csv row 5: price_breaks is" in done.text
