"""Tests for the demand periods since a count: which lie after it, and which of these wholly."""

import pandas as pd

from features.contract.period_calendar import PeriodCalendar
from features.stock.sales_since import days_not_over, periods_since

DAYS = pd.date_range("2025-03-03", periods=5)  # from a Monday on


def test_the_sales_of_a_skus_own_day_of_count_are_in_its_count() -> None:
    demand = pd.DataFrame({"unique_id": ["A"] * 4 + ["B"] * 4, "ds": [*DAYS[:4]] * 2, "y": range(8)})
    counted = pd.Series({"A": DAYS[0], "B": DAYS[2]})
    found = periods_since(demand, counted, DAYS[4], PeriodCalendar("D"))
    assert found["y"].tolist() == [1, 2, 3, 7]
    assert found["whole"].all()


def test_a_week_that_began_before_the_count_is_not_whole_and_one_that_goes_on_is_none() -> None:
    weeks = pd.date_range("2025-03-03", periods=3, freq="W-MON")
    demand = pd.DataFrame({"unique_id": ["A"] * 3, "ds": weeks, "y": [1, 2, 3]})
    calendar, day = PeriodCalendar("W-MON"), pd.Timedelta(days=1)
    found = periods_since(demand, pd.Series({"A": weeks[0] + day}), weeks[2] + day, calendar)
    assert found["y"].tolist() == [1, 2]
    assert found["whole"].tolist() == [False, True]
    assert len(periods_since(demand, pd.Series({"A": weeks[1] - day}), weeks[1], calendar)) == 0


def test_days_since_the_later_of_count_and_last_period_are_not_over() -> None:
    demand = pd.DataFrame({"unique_id": ["A"], "ds": [DAYS[0]], "y": [1.0]})
    counted = pd.Series({"A": DAYS[0], "B": DAYS[3]})
    assert days_not_over(demand, counted, DAYS[4], PeriodCalendar("D")).tolist() == [3.0, 1.0]
