import pandas as pd
import pytest

from features.contract.frequency import (
    days_per_period,
    infer_freq,
    period_end,
    periods_per_year,
    season_length,
    starts_period,
)
from features.contract.tables import DataError

CALENDARS = ["D", "W-MON", "W-SUN", "W-THU", "2W-MON", "4W-TUE", "MS", "QS-JAN", "QS-FEB", "YS-JAN", "YS-APR"]


def dates(freq, periods=60):
    return pd.Series(pd.date_range("2010-01-01", periods=periods, freq=freq))


@pytest.mark.parametrize("freq", CALENDARS)
def test_the_calendar_is_found_in_its_own_dates(freq):
    assert infer_freq(dates(freq)) == freq


@pytest.mark.parametrize("freq", CALENDARS)
def test_a_few_wrong_dates_do_not_hide_the_calendar_and_are_found(freq):
    wrong = pd.Series(pd.to_datetime(["2011-03-09"]))
    ds = pd.concat([dates(freq)] * 3 + [wrong], ignore_index=True)
    assert infer_freq(ds) == freq
    on = starts_period(ds, freq)
    assert on[:-1].all()
    assert on[-1] == (freq == "D")


def test_daily_data_of_a_shop_closed_on_sundays_is_daily():
    ds = dates("D", 200)
    assert infer_freq(ds[ds.dt.dayofweek < 6]) == "D"


def test_missing_weeks_leave_weeks():
    ds = dates("W-MON")
    assert infer_freq(ds[(ds.index % 5 != 0)]) == "W-MON"


def test_weeks_and_months_mixed_follow_no_calendar():
    with pytest.raises(DataError, match=r"follows no .* calendar"):
        infer_freq(pd.concat([dates("W-MON"), dates("MS")]))


def test_one_date_is_too_few_to_tell():
    with pytest.raises(DataError, match=r"set data\.freq"):
        infer_freq(pd.Series(pd.to_datetime(["2024-01-01", "2024-01-01"])))


def test_a_month_ends_where_the_next_begins():
    assert period_end(pd.Timestamp("2024-02-01"), "MS") == pd.Timestamp("2024-03-01")
    assert period_end(pd.Timestamp("2024-04-08"), "W-MON") == pd.Timestamp("2024-04-15")


@pytest.mark.parametrize(
    ("freq", "season", "days"),
    [("D", 7, 1), ("W-MON", 52, 7), ("MS", 12, 30.4375), ("QS-JAN", 4, 91.3125), ("2W-MON", 26, 14)],
)
def test_seasons_and_lengths_follow_from_the_alias(freq, season, days):
    assert season_length(freq) == season
    assert days_per_period(freq) == days
    assert periods_per_year(freq) == pytest.approx(365.25 / days)


def test_an_unknown_alias_is_refused_with_those_that_work():
    with pytest.raises(DataError, match="'h' is not supported; give D"):
        season_length("h")
