import datetime as dt
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from features.contract.notation import Notation
from features.contract.parsing import parse, parse_extra

DAY = pd.Timestamp("2024-03-01")


@pytest.mark.parametrize(
    "written",
    [
        "2024-03-01",
        " 2024-03-01 ",
        "2024-03-01T00:00:00",
        "2024-03-01 23:59",
        "2024-03-01T20:00:00-05:00",
        "2024-03-01T01:00:00+02:00",
        "2024-03-01T00:00:00.000+0200",
        "2024-03-01T00:00+01:00[Europe/Berlin]",
        "2024-03-01 12:00:00 UTC",
        "2024-03-01T12:00:00Z",
        "2024/3/1",
        "45352",
        45352.0,
        "20240301",
        20240301,
        dt.date(2024, 3, 1),
        dt.datetime(2024, 3, 1, 9, tzinfo=dt.UTC),
        pd.Timestamp("2024-03-01 05:00"),
    ],
)
def test_every_usual_way_to_write_a_day_is_read_as_the_date_it_says(written):
    parsed = parse(pd.Series([written], dtype=object), "date")
    assert parsed.values.tolist() == [DAY]
    assert not parsed.bad.any()


def test_stamps_of_a_zone_are_dates_in_it():
    stamps = pd.Series(pd.to_datetime(["2024-03-01 20:00"]).tz_localize("US/Eastern"))
    assert parse(stamps, "date").values.tolist() == [DAY]


@pytest.mark.parametrize(
    "written", ["31/12/2024", "12/31/2024", "2024-02-30", "soon", "1709251200", "0001-01-01", "99999"]
)
def test_a_date_unlike_the_others_of_its_column_or_of_no_calendar_is_bad(written):
    parsed = parse(pd.Series([written, "2024-03-01"], dtype=object), "date")
    assert parsed.bad.tolist() == [True, False]
    assert pd.isna(parsed.values[0])


@pytest.mark.parametrize("written", ["", None, "NaN", "N/A", "null", " ", np.nan, pd.NA])
@pytest.mark.parametrize("kind", ["number", "date", "flag"])
def test_the_usual_signs_for_nothing_are_missing_and_not_bad(written, kind):
    parsed = parse(pd.Series([written], dtype=object), kind)
    assert parsed.values.isna().all()
    assert not parsed.bad.any()


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("1.5", 1.5),
        (" 7 ", 7.0),
        ("-2e3", -2000.0),
        ("+.5", 0.5),
        (Decimal("0.1"), 0.1),
        (True, 1.0),
        ("inf", np.inf),
        ("1,5", 1.5),
        ("1.234,50", 1234.5),
        ("\u22125", -5.0),
    ],
)
def test_numbers_are_read_to_the_nearest_double(written, value):
    column = pd.Series([written]) if isinstance(written, bool) else pd.Series([written], dtype=object)
    assert parse(column, "number").values.tolist() == [value]


@pytest.mark.parametrize("written", ["1,5,2", "1.23,50", "12 pcs", "0x10", "1_000", "--1", "1.02 0", "12 34"])
def test_what_is_no_number_without_guessing_is_bad(written):
    parsed = parse(pd.Series([written], dtype=object), "number")
    assert parsed.bad.all()
    assert parsed.values.isna().all()


def test_flags_come_in_many_spellings_and_others_are_bad():
    parsed = parse(pd.Series(["TRUE", "no", "1", 0.0, True, "maybe", None], dtype=object), "flag")
    assert parsed.values.tolist()[:5] == [True, False, True, False, True]
    assert parsed.bad.tolist() == [False] * 5 + [True, False]


def test_an_id_reads_the_same_from_text_whole_number_and_float():
    for column in (
        pd.Series(["1001", None], dtype=object),
        pd.Series([1001.0, np.nan]),
        pd.Series([1001, None], dtype="Int64"),
    ):
        assert parse(column, "text").values.tolist() == ["1001", None]


def test_extra_columns_become_numbers_or_flags_only_when_all_values_are():
    assert parse_extra(pd.Series(["7", "1.5", None])).values.tolist()[:2] == [7.0, 1.5]
    assert parse_extra(pd.Series(["true", "False"])).values.dtype == "boolean"
    assert parse_extra(pd.Series(["7", "red"])).values.tolist() == ["7", "red"]


def test_extra_columns_that_can_be_read_in_two_ways_stay_texts():
    spreadsheet = Notation(dot_is_decimal=False)
    parsed = parse_extra(pd.Series(["1.020", "4.711"]), spreadsheet)
    assert parsed.values.tolist() == ["1.020", "4.711"]
    assert parsed.ambiguity is not None
    assert parse_extra(pd.Series(["1,5", "2,25"]), spreadsheet).values.tolist() == [1.5, 2.25]


def test_numbers_that_came_as_numbers_are_not_read_in_the_format_of_texts():
    column = pd.Series([1.125, Decimal("1.020"), "7,5", "1.250,5"], dtype=object)
    parsed = parse(column, "number", Notation(decimal=",", dot_is_decimal=False))
    assert parsed.values.tolist() == [1.125, 1.02, 7.5, 1250.5]


def test_a_formula_that_failed_names_nothing():
    parsed = parse(pd.Series(["A1", "#REF!", "#N/A"]), "text")
    assert parsed.values.tolist() == ["A1", None, None]
    assert parsed.bad.tolist() == [False, True, True]


def test_ids_that_a_gap_turned_to_floats_are_whole_again_only_where_all_are():
    assert parse(pd.Series(["1208.0", "7.0", ""]), "text").values.tolist() == ["1208", "7", None]
    assert parse(pd.Series(["1208.0", "7.5"]), "text").values.tolist() == ["1208.0", "7.5"]


def test_a_code_with_leading_zeros_stays_a_text():
    assert parse_extra(pd.Series(["007", "1"])).values.tolist() == ["007", "1"]


@given(
    st.lists(
        st.one_of(st.none(), st.text(max_size=8), st.floats(), st.integers(-(10**9), 10**9), st.booleans())
    )
)
def test_parsing_never_fails_and_what_is_bad_has_no_value(values):
    column = pd.Series(values, dtype=object)
    for kind in ("text", "number", "date", "flag"):
        parsed = parse(column, kind)
        assert len(parsed.values) == len(parsed.bad) == len(values)
        assert parsed.values[parsed.bad].isna().all()


@given(st.lists(st.floats(allow_nan=False), min_size=1))
def test_a_written_number_is_read_back_exactly(values):
    written = pd.Series([repr(value) for value in values], dtype=object)
    assert parse(written, "number").values.tolist() == values


@pytest.mark.parametrize(
    ("written", "ids"),
    [
        ([1208.0, None, 7.0], ["1208", None, "7"]),
        (["1208.0", "", "7.0"], ["1208", None, "7"]),
        ([Decimal("1208.00"), Decimal(7)], ["1208", "7"]),
        (["1208.0", "7.5"], ["1208.0", "7.5"]),
        (["1208.0", "A7"], ["1208.0", "A7"]),
        (["007", "7"], ["007", "7"]),
    ],
)
def test_an_id_that_came_as_a_number_has_no_decimal_and_versions_stay(written, ids):
    assert parse(pd.Series(written, dtype=object), "text").values.tolist() == ids
