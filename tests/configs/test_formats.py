"""Numbers are written as people write them."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from configs import formats
from configs.formats import (
    change,
    day,
    days,
    level,
    moment,
    money,
    number,
    packs,
    plain,
    price,
    quantity,
    share,
    signed,
    signed_number,
    significant,
    until,
    with_plus,
)

NOTHING = (None, np.nan, pd.NaT, pd.NA)


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (1234.5, 1, "1,234.5"),
        (165533996.2, 0, "165,533,996"),
        (1e15, 0, "1,000,000,000,000,000"),
        (-7.4, 1, "−7.4"),
        (-0.0, 0, "0"),
        (-1e-12, 1, "0"),
        (8e-09, 1, "0"),
        (0.3, 0, "0.3"),
        (-0.3, 0, "−0.3"),
        (0.00004, 1, "0.00004"),
        (0.5, 0, "0.5"),
        (100, 0, "100"),
        (np.int64(3), 1, "3.0"),
        (np.inf, 0, "∞"),
        (-np.inf, 0, "−∞"),
    ],
)
def test_a_number_has_commas_a_minus_and_no_exponent(value: float, digits: int, text: str) -> None:
    assert number(value, digits) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1208.0, "1,208"),
        (9.96, "10"),
        (9.5, "9.5"),
        (7.0000001, "7"),
        (0.05, "0.1"),
        (0.04, "less than 0.1"),
        (8e-09, "0"),
        (-0.04, "0"),
        (-3.25, "−3.2"),
    ],
)
def test_a_quantity_has_a_decimal_below_ten_only(value: float, text: str) -> None:
    assert quantity(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.012345, "0.0123"), (1.5, "1.5"), (12345.6, "12,346"), (100.0, "100"), (1e-9, "0"), (-0.5, "−0.5")],
)
def test_significant_digits_without_an_exponent(value: float, text: str) -> None:
    assert significant(value) == text


def test_a_difference_has_a_sign_unless_it_is_none() -> None:
    assert [signed_number(v) for v in (1234.0, -3.2, 0.0, 1e-9, np.nan)] == ["+1,234", "−3", "0", "0", "–"]
    assert with_plus("0.012") == "+0.012"
    assert [signed(v) for v in (0.12, -0.03, 0.001, np.nan)] == ["+12%", "−3%", "0%", "–"]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1234.4, "1,234 EUR"),
        (99.5, "99.50 EUR"),
        (100.4, "100 EUR"),
        (12.0, "12 EUR"),
        (-0.5, "−0.50 EUR"),
        (0.004, "less than 0.01 EUR"),
        (0.0, "0 EUR"),
        (np.nan, "–"),
    ],
)
def test_money_has_cents_below_a_hundred_and_its_currency(value: float, text: str) -> None:
    assert money(value, "EUR") == text


def test_a_price_keeps_two_decimals_and_more_where_it_is_small() -> None:
    shown = [price(v, "USD") for v in (9.5, 1250.0, 0.0035, 0.1, np.nan)]
    assert shown == ["9.50 USD", "1,250.00 USD", "0.0035 USD", "0.10 USD", "–"]
    assert price(9.5) == "9.50"


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (0.12, 0, "12%"),
        (0.9999, 0, ">99%"),
        (0.9999999, 1, ">99.9%"),
        (1.0, 1, "100.0%"),
        (1 - 1e-12, 0, "100%"),
        (0.002, 0, "<1%"),
        (0.0004, 1, "<0.1%"),
        (0.0, 0, "0%"),
        (1e-12, 0, "0%"),
        (-0.0004, 1, "0.0%"),
        (-0.3, 0, "−30%"),
        (1.2, 0, "120%"),
    ],
)
def test_a_share_is_neither_nothing_nor_everything_before_it_is(value: float, digits: int, text: str) -> None:
    assert share(value, digits) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.95, "95%"),
        (0.985, "98.5%"),
        (0.9995, "99.95%"),
        (0.9999999, "99.99999%"),
        (36 / 37, "97.3%"),
        (0.5, "50%"),
    ],
)
def test_a_service_level_is_written_as_it_was_set(value: float, text: str) -> None:
    assert level(value) == text


def test_days_and_their_number() -> None:
    assert [days(v) for v in (12.4, 1.2, 0.2, 0.0)] == ["12 days", "1 day", "less than a day", "0 days"]
    assert day(pd.Timestamp("2026-03-02 09:30")) == "2026-03-02"
    assert moment(dt.datetime(2026, 3, 2, 9, 30, tzinfo=dt.UTC)) == "2026-03-02 09:30 UTC"
    today = dt.date(2026, 3, 2)
    assert [until(today + dt.timedelta(days=n), today) for n in (0, 1, 3, -5)] == [
        "today",
        "in 1 day",
        "in 3 days",
        "5 days ago",
    ]
    assert [change(v) for v in (1.38, 0.67, 1.0, None)] == [
        "38% longer",
        "33% less",
        "as long as before",
        "a time not yet known",
    ]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1208.0, "1208"),
        (np.float64(12345678.0), "12345678"),
        (0.1 + 0.2, "0.3"),
        (-0.0, "0"),
        (True, "yes"),
        (np.bool_(False), "no"),
        (pd.Timestamp("2026-03-02"), "2026-03-02"),
        ("007", "007"),
        (1208, "1208"),
        (np.inf, "inf"),
    ],
)
def test_a_value_that_may_be_an_id_has_no_comma_and_no_decimal_of_its_own(value: object, text: str) -> None:
    assert plain(value) == text


def test_an_order_in_packs_names_both_units() -> None:
    assert packs(4, "pack", 10) == "4 packs of 10 = 40"
    assert packs(1, "box", 12) == "1 box of 12 = 12"
    assert packs(3, "box", 12) == "3 boxes of 12 = 36"
    assert packs(1200, "CTN", 2.5) == "1,200 CTN of 2.5 = 3,000"
    assert packs(2, "pcs", 5) == "2 pcs of 5 = 10"
    assert packs(2, None, 10) == "2 purchase units of 10 = 20"


@pytest.mark.parametrize("write", [number, significant, quantity, money, price, share, signed, day, plain])
@pytest.mark.parametrize("value", NOTHING)
def test_what_is_missing_is_a_dash(write, value: object) -> None:
    assert write(value) == formats.NOTHING == "–"
