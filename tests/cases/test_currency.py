"""Prices in other currencies are refused without a rate, and converted at the rate of their day."""

import numpy as np
import pandas as pd
import pytest
from small_company import COUNTED, SmallCompany

DAY = f"{COUNTED:%Y-%m-%d}"


def in_dollars(company: SmallCompany, **terms: object) -> None:
    """A0 is offered in dollars, everything else in the company's euros."""
    offers = company.tables["offers"].assign(currency="EUR")
    offers.loc[0, "currency"] = "USD"
    for name, value in terms.items():
        offers.loc[0, name] = value
    company.tables["offers"] = offers


def rates(company: SmallCompany, *rows: tuple[str, str, float]) -> None:
    company.tables["rates"] = pd.DataFrame(rows, columns=["currency", "ds", "rate"])


def test_a_foreign_currency_without_rates_is_refused_by_check_train_and_plan(
    small_company: SmallCompany,
) -> None:
    in_dollars(small_company)
    for done in (small_company.check(), small_company.train(), small_company.plan()):
        assert done.status == 1
        assert "offers.csv row 2: currency is USD, the company's is EUR" in done.text
        assert "rates" in done.text


def test_one_currency_of_the_company_needs_no_rates(small_company: SmallCompany) -> None:
    assert small_company.plan().status == 0
    before = small_company.table()
    for name in ("items", "offers", "purchase_orders"):
        small_company.tables[name] = small_company.tables[name].assign(currency=" eur ")
    assert small_company.check().status == 0
    assert small_company.plan().status == 0
    pd.testing.assert_frame_equal(small_company.table(), before)


def test_a_column_called_currency_where_there_is_no_money_disturbs_nothing(
    small_company: SmallCompany,
) -> None:
    for name in ("demand", "stock", "suppliers"):
        table = small_company.tables.get(name, pd.DataFrame({"supplier_id": ["S1"]}))
        small_company.tables[name] = table.assign(currency="dollars")
    assert small_company.plan().status == 0


def test_all_of_an_offers_money_is_converted_at_the_last_rate_by_the_plans_day(
    small_company: SmallCompany,
) -> None:
    in_dollars(small_company, unit_price=10.0, price_breaks="1000:9;2000:8", ordering_cost=20.0)
    later = f"{COUNTED + pd.Timedelta(days=1):%Y-%m-%d}"
    rates(small_company, ("USD", "2025-01-01", 0.5), ("USD", DAY, 0.9), ("USD", later, 7.0))
    done = small_company.plan()
    assert done.status == 0, done.text
    plan = small_company.table()
    row = plan.loc["A0"]
    # the break at 1,000 units pays: 9 dollars each
    assert 1000 <= row["order_quantity"] < 2000
    assert row["unit_price"] == pytest.approx(8.1)
    assert (row["purchase_price"], row["purchase_currency"]) == (pytest.approx(9.0), "USD")
    assert (plan.loc["A1", "purchase_price"], plan.loc["A1", "purchase_currency"]) == (5.0, "EUR")

    small_company.tables["offers"] = small_company.tables["offers"].drop(columns="currency")
    for name, value in {
        "unit_price": 9.0,
        "price_breaks": "1000:8.1;2000:7.2",
        "ordering_cost": 18.0,
    }.items():
        small_company.tables["offers"].loc[0, name] = value
    assert small_company.plan().status == 0
    own = small_company.table().loc["A0"]
    for column in ("order_quantity", "order_up_to", "expected_cost", "unit_price"):
        assert row[column] == pytest.approx(own[column]), column


def test_a_day_without_a_rate_by_then_is_named_and_a_later_rate_is_not_taken(
    small_company: SmallCompany,
) -> None:
    orders = small_company.tables["purchase_orders"].assign(unit_price=5.0, currency="USD")
    small_company.tables["purchase_orders"] = orders
    rates(small_company, ("USD", "2024-01-22", 0.9))
    for done in (small_company.check(), small_company.plan()):
        assert done.status == 1
        assert "purchase_orders.csv row 2: currency is USD" in done.text
        assert "no rate of USD on or before 2024-01-08" in done.text


def test_orders_are_converted_at_the_rate_of_their_own_day(small_company: SmallCompany) -> None:
    small_company.tables["purchase_orders"] = small_company.tables["purchase_orders"].assign(
        unit_price=10.0, currency="USD"
    )
    rates(small_company, ("USD", "2023-12-29", 0.5), ("USD", "2024-06-01", 1.0))
    assert small_company.plan().status == 0
    suppliers = small_company.table("suppliers")
    ordered = pd.to_datetime(small_company.tables["purchase_orders"]["ordered_at"])
    rate = np.where(ordered < pd.Timestamp("2024-06-01"), 0.5, 1.0)
    assert suppliers["spend"].sum() == pytest.approx((40 * 10 * rate).sum())


def test_a_contract_kept_in_dollars_is_kept_whatever_a_dollar_was_worth(small_company: SmallCompany) -> None:
    small_company.tables["purchase_orders"] = small_company.tables["purchase_orders"].assign(
        unit_price=10.0, currency="USD"
    )
    small_company.tables["offers"] = small_company.tables["offers"].assign(unit_price=10.0, currency="USD")
    rates(small_company, ("USD", "2023-12-29", 1.0), ("USD", "2025-02-01", 0.9))
    assert small_company.plan().status == 0
    assert small_company.table("suppliers")["price_compliance"].tolist() == [1.0]


def test_an_old_rate_and_a_rate_upside_down_are_warned_of(small_company: SmallCompany) -> None:
    in_dollars(small_company)
    rates(small_company, ("USD", "2024-10-01", 0.9), ("USD", "2024-11-01", 1.11), ("USD", "2024-11-04", 0.5))
    text = small_company.check().text
    assert "1 of 6 prices are converted at a rate more than 40 days old" in text
    assert f"USD on {DAY}: the last rate is of 2024-11-04" in text
    assert "1 of 3 rates are more than ×1.5 off the one before" in text


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("€", "expected a code of three letters such as EUR"),
        ("$", "a symbol of several currencies; write USD, CAD or whichever it is"),
        ("Euro", "expected a code of three letters such as EUR"),
        ("GBp", "a hundredth of GBP; write GBX, with a rate of its own"),
    ],
)
def test_a_currency_that_is_no_code_is_named_with_the_fix(
    small_company: SmallCompany, written: str, said: str
) -> None:
    small_company.tables["offers"] = small_company.tables["offers"].assign(currency=written)
    done = small_company.check()
    assert done.status == 1
    assert f"offers.csv row 2: currency is {written!r}, {said}" in done.text.replace(
        "is Euro", "is 'Euro'"
    ).replace("is GBp", "is 'GBp'")


@pytest.mark.parametrize(("rate", "wrong"), [(1.1, True), (0.9, True), (1.0, False)])
def test_a_rate_of_the_companys_own_currency_shows_a_table_upside_down(
    small_company: SmallCompany, rate: float, wrong: bool
) -> None:
    in_dollars(small_company)
    rates(small_company, ("EUR", DAY, rate), ("USD", DAY, 0.9))
    said = f"rate of EUR is {rate}, but that is the company's own currency"
    assert (said in small_company.check().text) == wrong


def test_costs_of_items_are_converted_too(small_company: SmallCompany) -> None:
    small_company.tables["offers"] = small_company.tables["offers"].drop(columns="unit_price")
    small_company.tables["items"] = small_company.tables["items"].assign(unit_cost=10.0, currency="CHF")
    rates(small_company, ("CHF", DAY, 1.1))
    assert small_company.plan().status == 0
    plan = small_company.table()
    assert plan["unit_price"].tolist() == pytest.approx([11.0] * 6)
    assert plan["purchase_price"].isna().all()


def test_without_a_config_several_currencies_are_refused_and_one_is_not(small_company: SmallCompany) -> None:
    from small_company import run

    in_dollars(small_company)
    small_company.write()
    done = run("check", small_company.data)
    assert done.status == 1
    assert "several currencies, EUR, USD" in done.text
    small_company.tables["offers"] = small_company.tables["offers"].assign(currency="SEK")
    small_company.write()
    assert run("check", small_company.data).status == 0


def test_an_offer_without_a_price_needs_no_rate(small_company: SmallCompany) -> None:
    in_dollars(small_company, unit_price=None)
    assert small_company.check().status == 0
    small_company.tables["offers"].loc[0, "expedite_cost"] = 25.0
    assert "offers.csv row 2: currency is USD" in small_company.check().text


def test_an_order_is_converted_on_the_day_it_was_placed_whatever_starts_its_lead_time(
    small_company: SmallCompany,
) -> None:
    orders = small_company.tables["purchase_orders"]
    sent = orders["ordered_at"] + pd.Timedelta(days=3)
    small_company.tables["purchase_orders"] = orders.assign(unit_price=10.0, currency="USD", sent_at=sent)
    small_company.config.write_text(small_company.config.read_text() + "data: {clock: {start: sent}}\n")
    first = pd.Timestamp(orders["ordered_at"].min())
    rates(small_company, ("USD", f"{first + pd.Timedelta(days=1):%Y-%m-%d}", 0.9))
    assert f"no rate of USD on or before {first:%Y-%m-%d}" in small_company.check().text
