"""Cases: rejected units and terms of payment change what an offer costs, and are read as they are written."""

import json

import pandas as pd
from small_company import SmallCompany


def with_two_vendors(company: SmallCompany, **terms) -> None:
    """Every SKU is bought from S1 and was bought from S2 as well, who asks as much, or what `terms` say."""
    offers, orders = company.tables["offers"], company.tables["purchase_orders"]
    own = offers.assign(preferred=True, payment_days=None, ordering_cost=None)
    company.tables["offers"] = pd.concat([own, own.assign(supplier_id="S2", preferred=False, **terms)])
    twin = orders.assign(order_id="T" + orders["order_id"], supplier_id="S2")
    company.tables["purchase_orders"] = pd.concat([orders, twin], ignore_index=True)


def switches(company: SmallCompany) -> pd.DataFrame:
    actions = company.table("actions")
    return actions[actions["kind"] == "switch_vendor"]


def test_later_payment_is_worth_a_switch_of_vendor(small_company: SmallCompany) -> None:
    small_company.config.write_text(
        small_company.config.read_text().replace("0.25}", "0.25, effort: {vendor_switch: 50}}")
    )
    with_two_vendors(small_company)
    assert small_company.plan().status == 0
    assert switches(small_company).empty, "the two are alike"
    small_company.tables["offers"]["payment_days"] = small_company.tables["offers"]["supplier_id"].map(
        {"S2": 60}
    )
    assert small_company.plan().status == 0
    found = switches(small_company)
    assert set(found["alternative_supplier_id"]) == {"S2"}
    assert len(found) == 6
    # 60 days after the receipt instead of 14 before: 1,040 units a year of 5.00, money at 10 % a year
    assert found["worth"].between(0.9 * 105, 1.1 * 105).all()
    assert found["evidence"].str.contains("S2 is paid 60 days after receipt, S1 with the order").all()


def test_what_is_rejected_is_ordered_again_and_named(small_company: SmallCompany) -> None:
    small_company.config.write_text(
        small_company.config.read_text().replace("0.25}", "0.25, effort: {vendor_switch: 1}}")
    )
    with_two_vendors(small_company)
    small_company.tables["offers"]["ordering_cost"] = 20.0
    orders = small_company.tables["purchase_orders"]
    orders["quantity_rejected"] = orders["supplier_id"].map({"S1": 10, "S2": 0})
    assert small_company.plan().status == 0
    found = switches(small_company)
    saved = -found["facts"].map(json.loads).map(lambda facts: facts["change_ordering"])
    assert saved.between(30, 50).all(), "a third more orders at 20 each, for the same that is kept"
    assert set(found["alternative_supplier_id"]) == {"S2"}
    assert (
        found["evidence"]
        .str.contains("Of what S2 delivers 0.0% is rejected, of S1 25.0%.", regex=False)
        .all()
    )
    assert found["evidence"].str.contains("with fewer rejects").all()
    assert "25.0%" in small_company.page("/skus/A0")


def test_days_of_payment_beyond_a_year_are_refused_and_their_absence_is_said(
    small_company: SmallCompany,
) -> None:
    said = small_company.check()
    assert "offers has no payment_days: goods count as paid for when they are ordered" in said.text
    small_company.tables["offers"]["payment_days"] = [30, -30, 365, -365, 0, 366]
    checked = small_company.check()
    assert "offers has no payment_days" not in checked.text
    assert (
        "payment_days is 366, expected days from -365 to 365 (below 0: paid before the receipt)"
        in checked.text
    )
    small_company.tables["offers"]["payment_days"] = [30, -30, 365, -365, 0, -366]
    assert "payment_days is -366, expected days" in small_company.check().text
