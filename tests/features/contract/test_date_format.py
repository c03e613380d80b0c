import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from features.contract.date_format import read_dates
from features.contract.notation import Notation

NOTHING = Notation()


def read(texts: list[str], notation: Notation = NOTHING) -> list[str]:
    days, ambiguity = read_dates(texts, notation)
    assert ambiguity is None
    return [str(day) for day in days]


@pytest.mark.parametrize(
    ("texts", "days"),
    [
        (["31.12.2024", "01.02.2024"], ["2024-12-31", "2024-02-01"]),
        (["31/12/2024", "1/2/2024"], ["2024-12-31", "2024-02-01"]),
        (["12/31/2024", "1/2/2024"], ["2024-12-31", "2024-01-02"]),
        (["31-12-2024 00:00", "01-02-2024 23:59:59"], ["2024-12-31", "2024-02-01"]),
        (["12/31/2024 1:45:00 PM", "1/2/2024 12:00 am"], ["2024-12-31", "2024-01-02"]),
        (["31. 12. 2024", "1. 2. 2024"], ["2024-12-31", "2024-02-01"]),
        (["45292", "45323", "45323.75"], ["2024-01-01", "2024-02-01", "2024-02-01"]),
        (["05.05.2024", "06.06.2024"], ["2024-05-05", "2024-06-06"]),
    ],
)
def test_a_column_that_fits_one_format_is_read_in_it(texts, days):
    assert read(texts) == days


def test_days_and_months_below_thirteen_alone_are_ambiguous_and_the_config_decides():
    months = ["01.01.2024", "01.02.2024", "01.03.2024"]
    _, ambiguity = read_dates(months, NOTHING)
    assert ambiguity is not None
    assert ambiguity.position == 1
    assert "2024-02-01 with the day first and 2024-01-02 with the month first" in ambiguity.why
    assert "data.dayfirst" in ambiguity.why
    assert read(months, Notation(dayfirst=True)) == ["2024-01-01", "2024-02-01", "2024-03-01"]
    assert read(months, Notation(dayfirst=False)) == ["2024-01-01", "2024-01-02", "2024-01-03"]


@pytest.mark.parametrize("text", ["12.05.2024", "05.12.2024", "12.11.2024"])
def test_a_twelfth_may_be_a_december(text):
    assert read_dates([text], NOTHING)[1] is not None


def test_one_typing_error_does_not_decide_for_a_hundred_ambiguous_dates():
    texts = [f"0{n % 9 + 1}/1{n % 3}/20{10 + n // 9}" for n in range(100)]
    assert read_dates([*texts, "13/01/2024"], NOTHING)[1] is not None
    assert read_dates([*texts, "13/01/2024", "14/01/2024"], NOTHING)[1] is None


def test_days_first_and_months_first_in_one_column_are_ambiguous():
    assert (
        read_dates(["31/12/2024", "30/11/2024", "12/31/2024", "11/30/2024", "1/2/2024"], NOTHING)[1]
        is not None
    )


def test_a_mix_of_two_formats_names_one_of_each():
    texts = ["2024-01-01", "2024-01-08", "2024-01-15", "22.01.2024", "29.01.2024"]
    _, ambiguity = read_dates(texts, NOTHING)
    assert ambiguity is not None
    assert ambiguity.position == 3
    assert "written like 2024-01-01" in ambiguity.why
    assert read_dates(["45292", "45299", "2024-01-15", "2024-01-22"], NOTHING)[1] is not None
    assert read_dates(["45292", "45299", "15.01.2024", "22.01.2024"], NOTHING)[1] is not None


def test_a_typing_error_among_many_is_bad_and_not_ambiguous():
    texts = [f"{day:%d.%m.%Y}" for day in pd.date_range("2024-01-01", periods=50)]
    days, ambiguity = read_dates([*texts, "2024-03-01", "30.02.2024", "32.01.2024"], NOTHING)
    assert ambiguity is None
    assert np.isnat(days[50:]).all()
    assert not np.isnat(days[:50]).any()


def test_what_no_calendar_has_is_no_date():
    assert read(["30.02.2024", "29.02.2023", "00.01.2024", "31.12.2024", "31.12.0001"]) == [
        *["NaT"] * 3, "2024-12-31", "NaT",
    ]  # fmt: skip


def test_numbers_that_are_no_day_of_our_times_are_no_dates():
    assert read(["12345", "99999", "45292"]) == ["NaT", "NaT", "2024-01-01"]


DATES = st.dates(min_value=pd.Timestamp("1950-01-01").date(), max_value=pd.Timestamp("2099-12-31").date())


@given(st.lists(DATES, min_size=1), st.sampled_from(["%d.%m.%Y", "%m/%d/%Y", "%d-%m-%Y %H:%M"]))
def test_dates_written_in_a_stated_format_are_read_back(dates, pattern):
    notation = Notation(dayfirst=pattern.startswith("%d"))
    # a column may fit the other order alone only when the stated one fits none of it, which written dates do
    assert read([day.strftime(pattern) for day in dates], notation) == [day.isoformat() for day in dates]


@given(st.lists(DATES, min_size=1))
def test_serial_days_are_read_back(dates):
    zero = pd.Timestamp("1899-12-30").date()
    assert read([str((day - zero).days) for day in dates]) == [day.isoformat() for day in dates]
