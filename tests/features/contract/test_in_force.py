"""Agreements hold from their first to their last day."""

import pandas as pd

from features.contract.in_force import in_force

HELD = pd.DataFrame(
    {
        "valid_from": pd.to_datetime(["2024-01-10", "2024-01-11", None, None, "2024-01-01"]),
        "valid_to": pd.to_datetime(["2024-01-10", None, "2024-01-09", None, "2024-01-31"]),
    }
)


def test_both_ends_belong_to_an_agreement_and_one_without_an_end_is_open_there():
    assert in_force(HELD, pd.Timestamp("2024-01-10")).tolist() == [True, False, False, True, True]


def test_the_hour_of_the_day_does_not_matter():
    assert in_force(HELD, pd.Timestamp("2024-01-10 17:30")).tolist() == [True, False, False, True, True]


def test_each_agreement_may_be_asked_about_a_day_of_its_own():
    days = pd.Series(pd.to_datetime(["2024-01-09", "2024-01-11", "2024-01-09", "2030-01-01", "2024-02-01"]))
    assert in_force(HELD, days + pd.Timedelta(hours=6)).tolist() == [False, True, True, True, False]
