"""Working time: orders wait for a better weekday and for the end of a shutdown."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from features.contract.tables import Tables, empty_table
from features.orders.supplier_calendar import SupplierCalendar
from models.lead_time.calendar.learn_working_time import learn_working_time
from models.lead_time.calendar.shutdowns_ahead import ShutdownsAhead
from models.lead_time.calendar.validate_working_time import validated_working_time
from models.lead_time.calendar.working_time import WorkingTime

START = pd.Timestamp("2021-01-04")
SHUTDOWNS = (("2021-02-08", "2021-02-21"), ("2022-01-31", "2022-02-13"), ("2023-01-23", "2023-02-05"))


def company(
    seed: int, *, friday: float = 0.0, closes: bool = False, suppliers: int = 8, years: int = 2
) -> pd.DataFrame:
    """Closed orders, three a week and two; those of Fridays come later, every other supplier closes in shutdowns."""
    random = np.random.default_rng(seed)
    parts = []
    for s in range(suppliers):
        day = np.sort(random.integers(0, 364 * years, 100 * years))
        at = START + pd.to_timedelta(day, "D")
        days = (5.0 + 2 * s) * np.exp(0.25 * random.standard_normal(len(day))) + friday * (at.dayofweek == 4)
        days = np.rint(np.maximum(days, 1.0))
        for first, last in SHUTDOWNS if closes and s % 2 == 0 else ():
            begin, end = ((pd.Timestamp(d) - START).days for d in (first, last))
            met = (day + days > begin - 1) & (day < end)
            days += np.where(met, end - np.maximum(begin - 1, day), 0)
        parts.append(
            pd.DataFrame({"supplier_id": f"s{s}", "ordered_at": at, "duration": days, "is_open": False})
        )
    return pd.concat(parts).sort_values("ordered_at", kind="stable", ignore_index=True)


def shutdowns() -> SupplierCalendar:
    empty = empty_table("events")
    rows = pd.DataFrame(SHUTDOWNS, columns=["ds", "until"]).assign(name="shutdown")
    return SupplierCalendar.of(Tables(events=rows.reindex(columns=empty.columns).astype(empty.dtypes)))


@pytest.fixture(scope="module")
def with_shutdowns() -> WorkingTime:
    orders = company(1, closes=True)
    return validated_working_time(orders, orders, shutdowns())


def request(day: str, supplier: str = "s0") -> pd.DataFrame:
    return pd.DataFrame({"supplier_id": [supplier], "ordered_at": [pd.Timestamp(day)]})


def test_a_supplier_that_closes_loses_those_days_and_one_that_does_not_loses_none(
    with_shutdowns: WorkingTime,
) -> None:
    assert with_shutdowns.names == ("shutdown",)
    lost = with_shutdowns.lost_share[:8, 0]
    assert (lost[0:5:2] > 0.7).all()
    assert (lost[1::2] < 0.35).all()


def test_an_order_before_a_shutdown_to_come_is_forecast_later(with_shutdowns: WorkingTime) -> None:
    quick = np.array([[3.0, 6.0]])
    known = shutdowns()
    assert with_shutdowns.in_calendar_days(quick, request("2023-01-18"), known)[0, 0] == 3
    assert with_shutdowns.in_calendar_days(quick, request("2023-01-18"), known)[0, 1] == pytest.approx(
        20, abs=2
    )
    assert with_shutdowns.in_calendar_days(quick, request("2023-03-18"), known)[0].tolist() == [3.0, 6.0]


def test_a_shutdown_announced_after_learning_counts_when_it_has_a_known_name(
    with_shutdowns: WorkingTime,
) -> None:
    later = shutdowns().shutdown_days.assign(day=lambda days: days["day"] + pd.Timedelta(days=3650))
    forecast = with_shutdowns.in_calendar_days(
        np.array([[6.0]]), request("2033-01-15"), SupplierCalendar(SupplierCalendar.unknown().regions, later)
    )
    assert forecast[0, 0] > 15


def test_fridays_cost_what_they_cost() -> None:
    orders = company(2, friday=2.0)
    working_time = validated_working_time(orders, orders, SupplierCalendar.unknown())
    assert working_time.depends_on_weekday
    others = np.delete(working_time.weekday_wait[-1], 4).mean()
    assert working_time.weekday_wait[-1, 4] - others == pytest.approx(2.0, abs=0.5)


@pytest.mark.parametrize("seed", [3, 4])
def test_where_nobody_waits_nothing_is_learned(seed: int) -> None:
    orders = company(seed)
    working_time = validated_working_time(orders, orders, shutdowns())
    assert not working_time.depends_on_weekday
    assert (working_time.lost_share < 0.05).all()


def test_orders_in_working_days_end_on_the_day_they_ended(with_shutdowns: WorkingTime) -> None:
    orders = company(1, closes=True)
    working = with_shutdowns.in_working_days(orders, shutdowns())
    ends = working["ordered_at"] + pd.to_timedelta(working["duration"], "D")
    assert ((ends - orders["ordered_at"]) / pd.Timedelta(days=1)).to_numpy() == pytest.approx(
        orders["duration"]
    )
    assert (working["duration"] < orders["duration"] - 5).any()


def test_slow_orders_alone_are_no_sign_of_a_shutdown() -> None:
    # what takes long goes through more of every event; the orders themselves know nothing of it
    random = np.random.default_rng(5)
    orders = company(5)
    slow = random.random(len(orders)) < 0.2
    orders["duration"] = np.where(slow, 60.0, orders["duration"])
    assert not learn_working_time(orders, shutdowns()).depends_on_shutdowns


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 60), st.integers(1, 15), st.floats(0.0, 0.98)), max_size=5),
    st.floats(0, 60),
    st.floats(0, 40),
)
def test_working_days_and_calendar_days_turn_into_each_other(
    spans: list[tuple[int, int, float]], start: float, work: float
) -> None:
    edges = np.sort(np.cumsum([gap + length for gap, length, _ in spans])) if spans else np.zeros(0)
    length = np.array([float(length) for _, length, _ in spans])
    shutdown_spans = ShutdownsAhead(
        (edges - length)[None], edges[None], np.array([[q for *_, q in spans]]).reshape(1, -1)
    )
    days = shutdown_spans.elapsed_days(np.array([start]), np.array([[work]]))
    assert days[0, 0] >= work - 1e-9
    assert days[0, 0] - shutdown_spans.lost_days(np.array([start]), days[0])[0] == pytest.approx(
        work, abs=1e-6
    )


def test_saved_working_time_is_read_as_it_was(with_shutdowns: WorkingTime, tmp_path: Path) -> None:
    with_shutdowns.save(tmp_path)
    read = WorkingTime.load(tmp_path)
    np.testing.assert_array_equal(read.lost_share, with_shutdowns.lost_share)
    np.testing.assert_array_equal(read.weekday_wait, with_shutdowns.weekday_wait)
    assert (list(read.suppliers), read.names) == (list(with_shutdowns.suppliers), with_shutdowns.names)
