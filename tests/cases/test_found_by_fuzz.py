"""What the fuzz run (`python -m benchmarks.dirty`) found: each is said in one sentence, or harmless."""

import re

import numpy as np
import pandas as pd
import pytest
from small_company import SmallCompany

from planning.policy.order_rules import corrected_fractile


def test_a_column_with_values_and_without_a_name_is_named(untrained_company: SmallCompany) -> None:
    offers = untrained_company.tables["offers"]
    untrained_company.tables["offers"] = offers.rename(columns={"unit_price": ""})
    checked = untrained_company.check()
    assert "offers: column 3 of offers.csv has values and no name, and is not read. Name it" in checked.text


def test_a_separator_at_the_end_of_every_line_is_no_column(untrained_company: SmallCompany) -> None:
    untrained_company.tables["offers"][""] = None
    checked = untrained_company.check()
    assert checked.status == 0
    assert "no name" not in checked.text


def test_many_ids_with_a_line_break_are_named_on_one_line(untrained_company: SmallCompany) -> None:
    demand = untrained_company.tables["demand"]
    demand.loc[[3, 4, 70], "unique_id"] = ["A\n0", "A\n0", "A\n1"]
    checked = untrained_company.check()
    assert re.search(r"rows? like this, of 'A\\n0' and 'A\\n1'|of 'A\\n0', 'A\\n1'\)", checked.text)
    assert "A\n0" not in checked.text


def test_a_broken_row_that_is_not_utf8_is_one_sentence(
    untrained_company: SmallCompany, capfd: pytest.CaptureFixture[str]
) -> None:
    company = untrained_company
    company.write()
    del company.tables["items"]
    with (company.data / "items.csv").open("ab") as file:
        file.write(b"caf\xe9,1\n")
    checked = company.check()
    assert checked.status == 1
    assert "items.csv row 8: not UTF-8 (at 'café'); save the file as UTF-8" in checked.text
    assert "Traceback" not in capfd.readouterr().err


def test_an_override_whose_number_is_bytes_is_quarantined(untrained_company: SmallCompany) -> None:
    company = untrained_company
    company.write()
    row = {"kind": "service_level", "unique_id": "A", "service_level": b"\xff\xfe", "author": "Ana"}
    row |= {"reason": "asked for by sales", "created": "2025-01-01", "expires": "2035-01-01"}
    pd.DataFrame([row]).to_parquet(company.data / "overrides.parquet")
    checked = company.check()
    assert "overrides.parquet row 1: service_level is" in checked.text
    assert "Traceback" not in checked.text


def test_an_override_whose_id_has_an_invisible_character_is_quarantined(
    untrained_company: SmallCompany,
) -> None:
    row = {"override_id": "O\x001", "kind": "hold", "unique_id": "A", "hold_until": "2034-12-01"}
    row |= {"reason": "asked for by sales", "author": "Ana", "created": "2025-01-01", "expires": "2035-01-01"}
    untrained_company.write()
    pd.DataFrame([row]).to_parquet(untrained_company.data / "overrides.parquet")
    assert "override_id is 'O\\x001', with U+0000 (control character)" in untrained_company.check().text


@pytest.mark.parametrize(
    ("table", "column", "value", "reason"),
    [
        ("demand", "y", "1e300", "y is 1e300, expected a number below 1,000,000,000,000,000"),
        ("offers", "unit_price", "1e15", "unit_price is 1e15, expected a number below 1,000,000,000,000,000"),
        ("demand", "y", "inf", "y is inf, expected a number ≥ 0"),
    ],
)
def test_a_number_that_no_company_has_is_quarantined(
    table: str, column: str, value: str, reason: str, untrained_company: SmallCompany
) -> None:
    frame = untrained_company.tables[table]
    frame[column] = frame[column].astype(object)
    frame.loc[2, column] = value
    checked = untrained_company.check()
    assert checked.status == 0, checked.text
    assert f"{table}.csv row 4: {reason}" in checked.text
    assert checked.text.count(f"{column} is {value}") == 1


def test_a_number_just_below_is_left_alone(untrained_company: SmallCompany) -> None:
    offers = untrained_company.tables["offers"]
    offers.loc[2, "unit_price"] = 9.9e14
    assert "quarantined offers" not in untrained_company.check().text


def test_an_infinite_multiple_is_out_of_bounds_and_nothing_else(untrained_company: SmallCompany) -> None:
    offers = untrained_company.tables["offers"]
    untrained_company.tables["offers"] = offers.assign(order_multiple="10", max_quantity="150")
    untrained_company.tables["offers"].loc[2, "order_multiple"] = "1e999"
    checked = untrained_company.check()
    assert "offers.csv row 4: order_multiple is 1e999, expected a number ≥ 0\n" in checked.text


def test_a_fractile_of_one_stays_a_share() -> None:
    assert corrected_fractile([1.0, 0.5], 1.0) == pytest.approx([1.0, 1 / (1 + np.exp(-1))])
    assert (corrected_fractile([1.0], np.array([-2.0, 2.0])) < 1).all()


@pytest.mark.parametrize(("day", "bad"), [("2117-05-01", True), ("2099-12-31", False), ("1949-12-31", True)])
def test_a_promise_of_another_century_is_a_placeholder(
    day: str, bad: bool, untrained_company: SmallCompany
) -> None:
    orders = untrained_company.tables["purchase_orders"]
    orders["promised_at"] = orders["promised_at"].astype(str)
    orders.loc[2, "promised_at"] = day
    checked = untrained_company.check()
    said = f"purchase_orders.csv row 4: promised_at is {day}, a placeholder; leave it empty or give the real date"
    assert (said in checked.text) == bad, checked.text


def test_an_event_may_last_for_ever(untrained_company: SmallCompany) -> None:
    (untrained_company.data / "events.csv").write_text("ds,until,name\n2024-06-03,2117-05-01,campaign\n")
    assert "placeholder" not in untrained_company.check().text


@pytest.mark.parametrize(
    ("column", "day", "bad"),
    [
        ("valid_from", "2117-05-01", True),
        ("valid_from", "2100-01-01", True),
        ("valid_from", "2099-12-31", False),
        ("valid_from", "1900-01-01", False),
        ("valid_to", "1900-01-01", False),
        ("valid_to", "9999-12-31", False),
    ],
)
def test_an_offer_may_hold_since_ever_and_for_ever_but_not_begin_in_another_century(
    column: str, day: str, bad: bool, untrained_company: SmallCompany
) -> None:
    offers = untrained_company.tables["offers"]
    offers[column] = None
    offers.loc[3, column] = day
    checked = untrained_company.check()
    assert checked.status == 0, checked.text
    said = f"offers.csv row 5: {column} is {day}, a placeholder; leave it empty or give the real date"
    assert (said in checked.text) == bad, checked.text


@pytest.mark.parametrize("where", [4, -8])
def test_a_parquet_file_with_broken_bytes_is_one_sentence(
    where: int, untrained_company: SmallCompany
) -> None:
    items = untrained_company.tables.pop("items")
    untrained_company.write()
    path = untrained_company.data / "items.parquet"
    items.to_parquet(path, index=False)
    whole = bytearray(path.read_bytes())
    whole[where : where + 4] = b"\xff" * 4
    path.write_bytes(whole)
    checked = untrained_company.check()
    assert checked.status == 1
    assert re.search(r"items.parquet: no readable Parquet file \(.+\); write it anew\n?$", checked.text), (
        checked.text
    )
    assert checked.text.count("\n") == 1
