"""Periods as companies write them: last days, weeks by number, days to be summed, 4-4-5 months by a table."""

import json

import numpy as np
import pandas as pd
import pytest
from small_company import COUNTED, FIRST, IDS, SmallCompany, run

DAY = pd.Timedelta(days=1)


def report(company: SmallCompany) -> dict:
    company.write()
    return json.loads(run("check", company.data, "--config", company.config, "--json").text)


def monthly(company: SmallCompany, dates: pd.DatetimeIndex) -> None:
    y = np.random.default_rng(1).poisson(87, (len(IDS), len(dates)))
    company.tables["demand"] = pd.DataFrame(
        {"unique_id": np.repeat(IDS, len(dates)), "ds": np.tile(dates, len(IDS)), "y": y.ravel()}
    )
    company.tables["stock"] = company.tables["stock"].assign(as_of=dates[-1])


@pytest.mark.parametrize("alias", ["ME", "BME"])
def test_month_ends_are_months(untrained_company: SmallCompany, alias: str) -> None:
    monthly(untrained_company, pd.date_range("2023-10-31", periods=26, freq=alias))
    found = report(untrained_company)
    assert (found["freq"], found["usable"], found["quarantined"]) == ("MS", True, [])
    assert found["tables"]["demand"]["first"] == "2023-10-01"
    assert found["as_of"] == "2025-12-01"


def test_weeks_by_iso_number_plan_as_weeks_by_their_mondays(small_company: SmallCompany) -> None:
    small_company.plan()
    by_monday = small_company.table()
    demand = small_company.tables["demand"]
    weeks = {
        day: "{}-W{:02d}".format(*day.isocalendar()[:2])
        for day in pd.date_range(FIRST, COUNTED, freq="W-MON")
    }
    small_company.tables["demand"] = demand.assign(ds=demand["ds"].map(weeks))
    assert small_company.plan().status == 0
    pd.testing.assert_frame_equal(small_company.table(), by_monday)


def test_days_summed_to_weeks_train_and_plan_as_the_weeks_do(untrained_company: SmallCompany) -> None:
    company = untrained_company
    weekly = company.tables["demand"]
    share = np.array([0.2, 0.2, 0.2, 0.2, 0.2, 0.0, 0.0])
    days = weekly.loc[weekly.index.repeat(7)].reset_index(drop=True)
    days["ds"] += pd.to_timedelta(np.tile(np.arange(7), len(weekly)), "D")
    days["y"] = days["y"] * np.tile(share, len(weekly))
    open_days = days[days["y"] > 0]
    begun = [pd.DataFrame({"unique_id": IDS, "ds": COUNTED + n * DAY, "y": 4.0}) for n in range(3)]
    company.tables["demand"] = pd.concat([open_days, *begun])  # a week of three days has begun
    company.tables["stock"] = company.tables["stock"].assign(as_of=COUNTED + 3 * DAY)
    company.config.write_text(company.config.read_text() + "data: {freq: W-MON, aggregate: sum}\n")
    found = report(company)
    assert (found["freq"], found["as_of"], found["usable"]) == ("W-MON", "2025-02-27", True)
    assert found["tables"]["demand"]["last"] == "2025-02-17"
    assert found["tables"]["demand"]["rows"] == len(open_days) + 18
    trained, planned = company.train(), company.plan()
    assert (trained.status, planned.status) == (0, 0), trained.text + planned.text
    plan = company.table()
    assert (pd.to_datetime(plan["as_of"]) == COUNTED + 3 * DAY).all()
    assert plan["reorder_point"].between(60, 100).all()
    assert pd.to_datetime(company.table("forecast")["ds"]).min() == COUNTED


def test_four_four_five_months_train_and_plan_by_their_lengths(untrained_company: SmallCompany) -> None:
    company = untrained_company
    weeks = np.tile([4, 4, 5], 16)
    starts = pd.Timestamp("2022-01-31") + pd.to_timedelta(np.cumsum([0, *weeks]) * 7, "D")
    past = 36
    rng = np.random.default_rng(5)
    y = rng.poisson(20 * weeks[:past], (len(IDS), past))
    company.tables["calendar"] = pd.DataFrame({"ds": starts})
    company.tables["demand"] = pd.DataFrame(
        {"unique_id": np.repeat(IDS, past), "ds": np.tile(starts[:past], len(IDS)), "y": y.ravel()}
    )
    company.tables["stock"] = company.tables["stock"].assign(as_of=starts[past])
    company.config.write_text(
        company.config.read_text().replace("horizon: 4", "horizon: 3").replace("seasonal_naive", "level")
    )
    found = report(company)
    assert found["freq"].startswith("calendar-12@")
    assert (found["as_of"], found["quarantined"]) == (f"{starts[past]:%Y-%m-%d}", [])
    trained, planned = company.train(), company.plan()
    assert (trained.status, planned.status) == (0, 0), trained.text + planned.text
    forecast = company.table("forecast").set_index(["unique_id", "ds"])["mean"].unstack()
    np.testing.assert_array_equal(pd.to_datetime(forecast.columns), starts[past : past + 3])
    per_week = forecast.mean() / [4, 4, 5]
    assert per_week.between(17, 23).all()
    expected = company.table()["expected_lead_time_demand"]  # three weeks out of the first four
    assert (expected / 60).between(0.85, 1.15).all()
