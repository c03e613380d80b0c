import numpy as np
import pandas as pd
import pytest

from configs.schema import DataConfig
from features.contract.tables import DataError, RawTable
from features.quality.check import check_tables

ALL = DataConfig(max_bad_share=1.0)


def series(ds, unique_id="a"):
    return pd.DataFrame({"unique_id": unique_id, "ds": [f"{day:%Y-%m-%d}" for day in ds], "y": "3"})


def check(demand, config=ALL, **tables):
    frames = {"demand": demand} | tables
    return check_tables({name: RawTable(frame, f"{name}.csv") for name, frame in frames.items()}, config)


@pytest.mark.parametrize(
    ("ends", "freq", "first"),
    [
        (pd.date_range("2023-10-31", periods=14, freq="ME"), "MS", "2023-10-01"),
        (pd.date_range("2023-10-31", periods=14, freq="BME"), "MS", "2023-10-01"),
        (pd.date_range("2021-03-31", periods=9, freq="QE"), "QS-JAN", "2021-01-01"),
        (pd.date_range("2019-12-31", periods=5, freq="YE"), "YS-JAN", "2019-01-01"),
    ],
)
def test_dates_that_all_end_months_are_read_as_the_periods_they_end(ends, freq, first):
    checked = check(series(ends))
    assert checked.freq == freq
    ds = checked.tables.demand["ds"]
    assert (len(ds), ds[0]) == (len(ends), pd.Timestamp(first))
    assert checked.as_of == checked.calendar.end(ds.iloc[-1])
    assert checked.as_of - ends[-1] <= pd.Timedelta(days=3)


def test_month_ends_are_months_also_where_the_config_says_months():
    checked = check(series(pd.date_range("2024-01-31", periods=6, freq="ME")), DataConfig(freq="MS"))
    assert checked.tables.demand["ds"].dt.day.unique().tolist() == [1]


def test_a_day_within_a_month_is_off_a_calendar_of_month_ends():
    ends = list(pd.date_range("2023-01-31", periods=15, freq="ME"))
    checked = check(series([*ends, pd.Timestamp("2024-02-14")]))
    assert checked.quarantine["demand"]["reason"].tolist() == [
        "ds is 2024-02-14, a Wednesday, expected the last day of a month (MS)"
    ]
    assert len(checked.tables.demand) == 15


def test_weeks_are_read_by_their_last_day_where_the_config_says_so():
    sundays = pd.date_range("2024-01-07", periods=10, freq="W-SUN")
    checked = check(series(sundays), DataConfig(ds="end"))
    assert checked.freq == "W-MON"
    assert checked.tables.demand["ds"].tolist() == list(sundays - pd.Timedelta(days=6))
    assert check(series(sundays)).freq == "W-SUN"


def test_months_are_starts_where_the_config_says_so():
    with pytest.raises(DataError, match="follows no"):
        check(series(pd.date_range("2024-01-31", periods=12, freq="ME")), DataConfig(ds="start"))


def test_iso_weeks_are_weeks_also_across_a_week_53():
    weeks = pd.date_range("2020-11-30", periods=8, freq="W-MON")
    named = series(weeks).assign(
        ds=[f"{year}-W{week:02d}" for year, week, _ in (day.isocalendar() for day in weeks)]
    )
    assert named["ds"].tolist()[4:6] == ["2020-W53", "2021-W01"]
    checked = check(named)
    assert (checked.freq, checked.quarantine) == ("W-MON", {})
    assert checked.tables.demand["ds"].tolist() == list(weeks)


def test_leap_days_are_days():
    days = pd.date_range("2024-02-20", periods=20)
    checked = check(series(days))
    assert (checked.freq, len(checked.tables.demand)) == ("D", 20)


def test_periods_are_those_that_the_calendar_lists():
    starts = pd.DatetimeIndex(["2024-01-01", "2024-01-29", "2024-02-26", "2024-04-01", "2024-04-29"])
    checked = check(series(starts[:4]), calendar=series(starts)[["ds"]])
    assert checked.freq.startswith("calendar-12@")
    assert checked.as_of == pd.Timestamp("2024-04-29")
    off = check(series([*starts[:4], pd.Timestamp("2024-03-04")]), calendar=series(starts)[["ds"]])
    assert "expected the start of a period in the table calendar" in off.quarantine["demand"]["reason"][0]


def test_a_calendar_and_a_frequency_are_one_too_many():
    starts = pd.date_range("2024-01-01", periods=5, freq="28D")
    with pytest.raises(DataError, match=r"calendar\.csv lists the period starts, and data\.freq is W-MON"):
        check(series(starts), DataConfig(freq="W-MON"), calendar=series(starts)[["ds"]])


def test_where_one_sku_keeps_another_calendar_it_is_named():
    weeks = pd.date_range("2024-01-01", periods=12, freq="W-MON")
    frames = [series(weeks, f"a{i}") for i in range(4)]
    frames.append(series(weeks + pd.Timedelta(days=2), "odd"))
    with pytest.raises(DataError, match=r"Most SKUs lie on Mondays, but 1 do not: odd on Wednesdays"):
        check(pd.concat(frames))


def test_a_report_names_the_skus_of_a_broken_rule():
    weeks = pd.date_range("2024-01-01", periods=40, freq="W-MON")
    bad = [series([weeks[3] + pd.Timedelta(days=1)], name) for name in ("b", "c")]
    checked = check(pd.concat([series(weeks, name) for name in "abc"] + bad))
    finding = checked.report()["details"]["quarantined"][0]
    assert finding["unique_ids"] == ["b", "c"]
    assert finding["sentence"].endswith("(2 rows like this, of b, c)")


def test_demand_of_four_four_five_months_is_laid_out_by_the_table():
    from features.demand.panel_from_tables import make_panel

    starts = pd.DatetimeIndex(["2024-01-01", "2024-01-29", "2024-02-26", "2024-04-01", "2024-04-29"])
    events = pd.DataFrame(
        {"ds": ["2024-04-28", "2024-06-02", "2024-06-03"], "name": ["sale", "fair", "late"]}
    )
    checked = check(series(starts[:4]), calendar=series(starts)[["ds"]], events=events)
    panel = make_panel(checked.tables, DataConfig(), freq=checked.freq, horizon=1)
    np.testing.assert_array_equal(panel.ds, starts[:4].to_numpy())
    # beyond the table as long as a year before, here as the first of its four lengths
    np.testing.assert_array_equal(panel.future(1), np.array(["2024-04-29", "2024-05-27"], "datetime64[ns]"))
    np.testing.assert_array_equal(panel.until(2).future(2), starts[2:5].to_numpy())
    assert set(panel.events) == {"sale"}
    np.testing.assert_array_equal(panel.events["sale"][0], [0, 0, 0, 1, 0])
