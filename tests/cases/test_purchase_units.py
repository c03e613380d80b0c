"""Offers in the supplier's unit: quantities inside in the SKU's own, orders in whole packs and shown as such."""

import pandas as pd
import pytest
from small_company import SmallCompany


def packs(company: SmallCompany, **terms: object) -> None:
    """All SKUs are sold in packs of 10 at 50 a pack."""
    offers = company.tables["offers"].assign(
        unit_price=50.0, purchase_unit="pack", units_per_purchase_unit=10
    )
    company.tables["offers"] = offers.assign(**terms)


def test_an_order_is_a_whole_number_of_packs_shown_in_both_units(small_company: SmallCompany) -> None:
    assert small_company.plan().status == 0
    loose = small_company.table()
    packs(small_company)
    assert "warnings" not in small_company.check().text
    assert small_company.plan().status == 0
    plan = small_company.table()
    assert (plan["order_quantity"] % 10 == 0).all()
    # a last pack of which less than half is needed may not be worth it
    assert (plan["order_quantity"] - loose["order_quantity"]).between(-5, 9).all()
    assert (plan["reorder_point"] <= loose["reorder_point"]).all()  # lots last longer than a week
    assert (plan["order_quantity_purchase_units"] == plan["order_quantity"] / 10).all()
    assert set(plan["purchase_unit"]) == {"pack"}
    assert (plan["unit_price"] == 5.0).all()
    assert (plan["purchase_price"] == 50.0).all()
    first = plan.iloc[0]
    count = int(first["order_quantity"]) // 10
    assert f"Order {count} packs of 10 = {count * 10} from S1" in first["reason"]


def test_without_a_purchase_unit_an_order_counts_the_skus_own(small_company: SmallCompany) -> None:
    assert small_company.plan().status == 0
    plan = small_company.table()
    assert (plan["order_quantity_purchase_units"] == plan["order_quantity"]).all()
    assert set(plan["purchase_unit"]) == {""}


def test_moq_multiple_maximum_and_breaks_count_purchase_units(small_company: SmallCompany) -> None:
    packs(small_company, moq=12, order_multiple=4, max_quantity=40, price_breaks="16:45;32:40")
    assert small_company.plan().status == 0
    packed = small_company.table()
    assert (packed["order_quantity"] >= 120).all()
    assert (packed["order_quantity"] % 40 == 0).all()
    small_company.tables["offers"] = small_company.tables["offers"][["unique_id", "supplier_id"]].assign(
        unit_price=5.0, moq=120, order_multiple=40, max_quantity=400, price_breaks="160:4.5;320:4"
    )
    assert small_company.plan().status == 0
    own = small_company.table()
    same = ["order_quantity", "order_up_to", "unit_price", "expected_cost"]
    pd.testing.assert_frame_equal(packed[same], own[same])


def test_a_bag_that_holds_a_part_of_a_unit_more_is_ordered_whole(small_company: SmallCompany) -> None:
    packs(small_company, purchase_unit="bag", units_per_purchase_unit=12.5)
    assert small_company.plan().status == 0
    plan = small_company.table()
    count = plan["order_quantity_purchase_units"]
    assert (count == count.round()).all()
    assert (plan["order_quantity"] == count * 12.5).all()


@pytest.mark.parametrize(
    ("terms", "said"),
    [
        ({"units_per_purchase_unit": None}, "purchase_unit is pack, but units_per_purchase_unit is missing"),
        ({"units_per_purchase_unit": 0}, "units_per_purchase_unit is 0, expected a number > 0"),
        ({"units_per_purchase_unit": -10}, "units_per_purchase_unit is -10, expected a number > 0"),
        ({"order_multiple": 1.5}, "order_multiple is 1.5, expected a whole number"),
    ],
)
def test_an_absurd_purchase_unit_is_named_with_row_and_value(
    small_company: SmallCompany, terms: dict[str, object], said: str
) -> None:
    packs(small_company, **terms)
    for done in (small_company.check(), small_company.plan()):
        assert done.status == 1
        assert f"offers.csv row 2: {said}" in done.text


def test_a_price_that_is_of_a_single_unit_after_all_is_warned_of(small_company: SmallCompany) -> None:
    packs(small_company, unit_price=5.0)
    text = small_company.check().text
    assert "6 of 6 prices of a purchase unit are what one of the SKU's own units costs" in text
    assert "A0 from S1: 5.00 for 10 units, which usually cost 5.00 each" in text


def test_past_orders_that_seem_to_count_packs_are_warned_of(small_company: SmallCompany) -> None:
    packs(small_company)
    orders = small_company.tables["purchase_orders"]
    small_company.tables["purchase_orders"] = orders.assign(quantity_ordered=4, quantity_received=4)
    assert "A0 from S1: usually 4, in packs of 10" in small_company.check().text


def test_packs_in_another_currency_are_converted_in_both(small_company: SmallCompany) -> None:
    packs(small_company, unit_price=100.0, currency="USD", price_breaks="50:80")
    small_company.tables["rates"] = pd.DataFrame({"currency": ["USD"], "ds": ["2025-02-20"], "rate": [0.5]})
    assert small_company.plan().status == 0
    plan = small_company.table()
    # the break at 50 packs pays: 80 dollars a pack of 10
    assert (plan["order_quantity"] >= 500).all()
    assert plan["unit_price"].tolist() == pytest.approx([4.0] * 6)
    assert plan["purchase_price"].tolist() == pytest.approx([80.0] * 6)
    assert set(plan["purchase_currency"]) == {"USD"}


def test_pages_show_the_suppliers_price_and_the_order_in_its_unit(small_company: SmallCompany) -> None:
    packs(small_company, unit_price=100.0, currency="USD", purchase_unit="box")
    small_company.tables["rates"] = pd.DataFrame({"currency": ["USD"], "ds": ["2025-02-20"], "rate": [0.5]})
    assert small_company.plan().status == 0
    row = small_company.table().loc["A0"]
    count = int(row["order_quantity_purchase_units"])
    text = small_company.page("/skus/A0")
    assert f"units from S1: {count} boxes of 10 = {10 * count}" in text
    assert "5.00 100.00 USD per box of 10" in text
    assert f"{10 * count} {count} × box" in small_company.page("/skus")
