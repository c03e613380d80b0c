import numpy as np
import pandas as pd
import pytest

from features.contract.frequency import days_per_period, listed_position, same_freq, season_length
from features.contract.period_calendar import PeriodCalendar, ends_of_months, listed_freq
from features.contract.tables import DataError
from features.demand.seasonality.positions import season_positions


def starts_445(years: int = 4, first: str = "2021-02-01") -> pd.DatetimeIndex:
    """Starts of 4-4-5 months: 52 weeks a year, the second year's last month with a sixth week."""
    weeks = [4, 4, 5] * 4
    lengths = [7 * w for year in range(years) for w in ([*weeks[:-1], 6] if year == 1 else weeks)]
    return pd.DatetimeIndex(pd.Timestamp(first) + pd.to_timedelta(np.cumsum([0, *lengths[:-1]]), "D"))


def listed(starts: pd.DatetimeIndex) -> PeriodCalendar:
    table = pd.DataFrame({"ds": starts})
    return PeriodCalendar.of(listed_freq(table), table)


@pytest.mark.parametrize("freq", ["D", "W-MON", "W-SUN", "2W-MON", "MS", "QS-FEB", "YS-APR"])
def test_a_frequency_has_the_periods_that_pandas_says(freq):
    calendar, expected = PeriodCalendar(freq), pd.date_range("2023-03-01", periods=8, freq=freq)
    assert calendar.between(expected[0], expected[5]).equals(expected[:6])
    assert calendar.after(expected[5], 2).equals(expected[6:])
    assert calendar.end(expected[0]) == expected[1]
    assert calendar.is_start(pd.Series(expected)).all()


def test_listed_periods_are_as_long_as_the_table_says():
    calendar = listed(starts_445())
    first = pd.Timestamp("2021-02-01")
    assert [calendar.end(first), *calendar.after(calendar.end(first), 2)] == [
        pd.Timestamp("2021-03-01"),
        pd.Timestamp("2021-03-29"),
        pd.Timestamp("2021-05-03"),
    ]
    assert calendar.between(pd.Timestamp("2021-03-10"), pd.Timestamp("2021-05-02")).equals(
        pd.DatetimeIndex(["2021-03-01", "2021-03-29"])
    )
    days = pd.Series(pd.to_datetime(["2021-01-31", "2021-02-28", "2021-03-01", None]))
    assert calendar.start_of(days).tolist() == [
        pd.NaT,
        pd.Timestamp("2021-02-01"),
        pd.Timestamp("2021-03-01"),
        pd.NaT,
    ]
    assert calendar.is_start(days).tolist() == [False, False, True, False]


def test_a_calendar_goes_on_beyond_its_table_as_in_the_year_before():
    starts = starts_445(3)
    longer = starts_445(5)
    calendar = listed(starts)
    assert calendar.after(starts[-1], 20).equals(longer[len(starts) : len(starts) + 20])
    assert [calendar.end(start) for start in longer[:-1]] == longer[1:].tolist()
    assert len(calendar.after(longer[50], 0)) == 0


@pytest.mark.parametrize(("weeks", "per_year"), [([4, 4, 5] * 4, 12), ([4] * 13, 13), ([1] * 52, 52)])
def test_a_listed_calendar_has_the_season_of_its_periods_a_year(weeks, per_year):
    starts = pd.Timestamp("2018-07-09") + pd.to_timedelta(np.cumsum([0, *weeks, *weeks, *weeks]) * 7, "D")
    freq = listed_freq(pd.DataFrame({"ds": starts}))
    assert season_length(freq) == per_year
    assert days_per_period(freq) == pytest.approx(365.25 / per_year)


@pytest.mark.parametrize("first", ["2021-02-01", "2020-12-28", "2021-07-12", "2021-09-20", "2021-10-18"])
def test_a_period_keeps_its_place_in_the_year_whenever_the_fiscal_year_starts(first):
    starts = starts_445(5, first)
    freq = listed_freq(pd.DataFrame({"ds": starts}))
    place = season_positions(starts.to_numpy(), freq, 12)
    np.testing.assert_array_equal(np.diff(listed_position(starts.to_numpy(), freq)), 1)
    np.testing.assert_array_equal(place, (place[0] + np.arange(len(starts))) % 12)


def test_a_table_that_grows_is_the_same_calendar_and_another_number_of_periods_is_not():
    some, more = (listed_freq(pd.DataFrame({"ds": starts_445(years)})) for years in (2, 5))
    assert same_freq(some, more)
    assert same_freq("W-MON", "W-MON")
    assert not same_freq("W-MON", "W-TUE")
    thirteen = listed_freq(pd.DataFrame({"ds": pd.date_range("2021-02-01", periods=40, freq="28D")}))
    assert not same_freq(some, thirteen)


def test_one_start_lists_no_period():
    with pytest.raises(DataError, match="calendar: 1 period starts"):
        listed_freq(pd.DataFrame({"ds": pd.to_datetime(["2024-01-01"])}))


@pytest.mark.parametrize(
    ("freq", "last", "start"),
    [
        ("MS", "2025-11-30", "2025-11-01"),
        ("MS", "2025-11-28", "2025-11-01"),  # a Friday, the last weekday of its month
        ("MS", "2024-02-29", "2024-02-01"),
        ("MS", "2025-11-27", None),
        ("QS-JAN", "2025-03-31", "2025-01-01"),
        ("QS-JAN", "2025-02-28", None),
        ("YS-APR", "2025-03-31", "2024-04-01"),
        ("W-MON", "2025-11-30", "2025-11-24"),
        ("W-MON", "2025-11-28", None),
        ("W-SAT", "2025-11-28", "2025-11-22"),  # a week that ends on a Friday before a month's last weekend
        ("D", "2025-11-30", "2025-11-30"),
    ],
)
def test_a_last_day_belongs_to_the_period_that_it_ends(freq, last, start):
    found = PeriodCalendar(freq).start_of_ended(pd.Series(pd.to_datetime([last])))[0]
    assert found is pd.NaT if start is None else found == pd.Timestamp(start)


def test_the_last_day_of_a_listed_period_belongs_to_it():
    calendar = listed(starts_445())
    days = pd.Series(pd.to_datetime(["2021-01-31", "2021-02-28", "2021-03-28", "2021-03-27"]))
    assert calendar.start_of_ended(days).tolist() == [
        pd.NaT,  # where the table begins, nothing that it lists has ended
        pd.Timestamp("2021-02-01"),
        pd.Timestamp("2021-03-01"),
        pd.NaT,
    ]


def test_of_the_days_before_a_months_end_only_a_friday_before_its_weekend_ends_it():
    days = pd.Series(pd.to_datetime(["2023-03-29", "2023-03-30", "2023-03-31", "2023-04-28", "2023-06-29"]))
    april, march = pd.Timestamp("2023-04-01"), pd.Timestamp("2023-03-01")
    assert PeriodCalendar("MS").start_of_ended(days).tolist() == [pd.NaT, pd.NaT, march, april, pd.NaT]


def test_only_dates_that_nearly_all_end_months_are_ends():
    months = pd.Series(pd.date_range("2023-01-31", periods=20, freq="ME"))
    assert ends_of_months(months, 0.9)
    one_off = months.where(months.index > 1, months - pd.Timedelta(days=9))
    assert ends_of_months(one_off, 0.9)
    assert not ends_of_months(one_off, 0.91)
    assert not ends_of_months(months + pd.Timedelta(days=1), 0.9)
    assert not ends_of_months(pd.Series(pd.date_range("2023-01-01", periods=100)), 0.9)
