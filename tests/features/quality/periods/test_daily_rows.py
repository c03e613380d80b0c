import numpy as np
import pandas as pd
import pytest

from configs.schema import CovariateConfig, DataConfig
from features.contract.tables import DataError, RawTable
from features.quality.check import check_tables

MONDAY = pd.Timestamp("2024-01-01")
WEEKLY = DataConfig(freq="W-MON", aggregate="sum")


def daily(days: int, first=MONDAY, unique_id="a", **columns) -> pd.DataFrame:
    ds = pd.date_range(first, periods=days)
    frame = pd.DataFrame({"unique_id": unique_id, "ds": ds, "y": 1.0 + ds.dayofweek})
    return frame.assign(**columns)


def check(demand, config=WEEKLY, *, as_of=None, today=None, **tables):
    frames = {"demand": demand} | tables
    raw = {name: RawTable(frame, f"{name}.csv") for name, frame in frames.items()}
    return check_tables(raw, config, as_of=as_of, today=today)


def y_of(checked) -> list[float]:
    return checked.tables.demand["y"].tolist()


def test_days_are_summed_to_weeks_and_months():
    checked = check(daily(28))
    assert checked.freq == "W-MON"
    assert checked.tables.demand["ds"].tolist() == list(MONDAY + pd.to_timedelta([0, 7, 14, 21], "D"))
    assert y_of(checked) == [28, 28, 28, 28]
    assert checked.rows("demand") == 28
    months = check(daily(60), DataConfig(freq="MS", aggregate="sum"))
    assert months.tables.demand["ds"].dt.day.tolist() == [1, 1]
    assert y_of(months) == [daily(60)["y"][:31].sum(), daily(60)["y"][31:].sum()]


def test_a_week_begun_or_ended_within_the_rows_is_unknown():
    checked = check(daily(19, MONDAY + pd.Timedelta(days=2)))  # Wednesday to Sunday two weeks later
    np.testing.assert_array_equal(y_of(checked), [np.nan, 28, 28])
    checked = check(daily(17))  # to a Wednesday
    np.testing.assert_array_equal(y_of(checked), [28, 28, np.nan])
    assert checked.as_of == MONDAY + pd.Timedelta(days=17)
    assert checked.partial == (MONDAY + pd.Timedelta(days=14),)


def test_a_later_stock_count_does_not_make_a_partial_week_whole():
    stock = pd.DataFrame({"unique_id": ["a"], "as_of": [MONDAY + pd.Timedelta(days=22)], "on_hand": [1.0]})
    checked = check(daily(17), stock=stock)
    np.testing.assert_array_equal(y_of(checked), [28, 28, np.nan])
    assert checked.as_of == MONDAY + pd.Timedelta(days=22)


def test_a_shop_closed_on_sundays_has_whole_weeks():
    open_days = daily(55)  # the last week ends on its Saturday's row
    open_days = open_days[open_days["ds"].dt.dayofweek < 6]
    checked = check(open_days, DataConfig(freq="W-MON", aggregate="sum", gaps="missing"))
    assert y_of(checked) == [21] * 8
    assert checked.as_of == MONDAY + pd.Timedelta(weeks=8)


def test_a_slow_seller_that_is_not_sold_every_day_has_whole_weeks():
    rows = daily(56).iloc[[0, 9, 30, 51]]
    assert y_of(check(rows)) == [1, 3, 3, 3]


def test_a_week_running_on_the_as_of_date_is_unknown():
    checked = check(daily(28), as_of=MONDAY + pd.Timedelta(days=24))
    np.testing.assert_array_equal(y_of(checked), [28, 28, 28, np.nan])
    assert checked.as_of == MONDAY + pd.Timedelta(days=24)
    assert checked.unseen["demand"] == 4


def test_a_day_not_over_today_does_not_count():
    checked = check(daily(28), today=MONDAY + pd.Timedelta(days=27))
    np.testing.assert_array_equal(y_of(checked), [28, 28, 28, np.nan])
    assert checked.as_of == MONDAY + pd.Timedelta(days=27)


def test_one_day_out_of_stock_makes_a_lower_bound_of_the_week():
    stock = pd.array([True] * 21, dtype="boolean")
    stock[9] = False
    rows = daily(21, in_stock=stock)
    rows.loc[10, "y"] = np.nan
    rows.loc[10, "in_stock"] = False
    rows.loc[20, "in_stock"] = pd.NA
    checked = check(rows)
    assert checked.tables.demand["in_stock"].tolist() == [True, False, True]
    assert y_of(checked) == [28, 24, 28]


def test_a_week_with_a_day_that_is_not_known_is_unknown():
    rows = daily(21).astype({"y": object})
    rows.loc[8, "y"] = "many"
    checked = check(rows)
    np.testing.assert_array_equal(y_of(checked), [28, np.nan, 28])
    assert checked.rows("demand") == 20


@pytest.mark.parametrize(("gaps", "second"), [("zero", 26.0), ("missing", np.nan)])
def test_a_day_without_a_row_counts_as_the_config_says(gaps, second):
    rows = pd.concat([daily(21).drop(index=8), daily(21, unique_id="b")])
    checked = check(rows, DataConfig(freq="W-MON", aggregate="sum", gaps=gaps))
    np.testing.assert_array_equal(y_of(checked), [28, second, 28, 28, 28, 28])


def test_covariates_are_averaged_and_known_ahead():
    config = DataConfig(
        freq="W-MON", aggregate="sum", covariates={"price": CovariateConfig(known_in_advance=True)}
    )
    rows = daily(28, price=np.repeat([2.0, 4.0, 3.0, 5.0], 7))
    rows.loc[0, "price"] = 9.0
    rows["y"] = rows["y"].where(rows.index < 21)
    checked = check(rows, config)
    np.testing.assert_allclose(checked.tables.demand["price"], [3.0, 4.0, 3.0, 5.0])
    np.testing.assert_array_equal(y_of(checked), [28, 28, 28, np.nan])


def test_days_are_summed_to_the_periods_that_a_calendar_lists():
    starts = pd.DataFrame({"ds": ["2024-01-01", "2024-01-29", "2024-02-26", "2024-04-01"]})
    checked = check(daily(91), DataConfig(aggregate="sum"), calendar=starts)
    assert y_of(checked) == [4 * 28, 4 * 28, 5 * 28]


def test_summing_needs_periods():
    with pytest.raises(DataError, match=r"data\.aggregate needs the periods to sum to; set data\.freq"):
        check(daily(21), DataConfig(aggregate="sum"))


def test_two_rows_of_one_day_are_still_one_too_many():
    checked = check(
        pd.concat([daily(28), daily(1)]), DataConfig(**WEEKLY.model_dump() | {"max_bad_share": 1})
    )
    assert y_of(checked) == [28, 28, 28, 28]
    assert len(checked.quarantine["demand"]) == 1
