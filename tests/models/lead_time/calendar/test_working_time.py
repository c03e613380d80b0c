"""What orders wait for: a better weekday, and the end of a shutdown."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from features.contract.tables import Tables, empty_table
from features.orders.supplier_calendar import SupplierCalendar
from models.lead_time.calendar.learn_working_time import learn_working_time, working_time_that_pays
from models.lead_time.calendar.working_time import Stretch, WorkingTime

START = pd.Timestamp("2021-01-04")
SHUTDOWNS = (("2021-02-08", "2021-02-21"), ("2022-01-31", "2022-02-13"), ("2023-01-23", "2023-02-05"))


def company(
    seed: int, *, friday: float = 0.0, rests: bool = False, suppliers: int = 8, years: int = 2
) -> pd.DataFrame:
    """Closed orders, three a week and two; those of Fridays come later, every other supplier rests in shutdowns."""
    random = np.random.default_rng(seed)
    parts = []
    for s in range(suppliers):
        day = np.sort(random.integers(0, 364 * years, 100 * years))
        at = START + pd.to_timedelta(day, "D")
        days = (5.0 + 2 * s) * np.exp(0.25 * random.standard_normal(len(day))) + friday * (at.dayofweek == 4)
        days = np.rint(np.maximum(days, 1.0))
        for first, last in SHUTDOWNS if rests and s % 2 == 0 else ():
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
def rested() -> WorkingTime:
    orders = company(1, rests=True)
    return working_time_that_pays(orders, orders, shutdowns())


def ask(day: str, supplier: str = "s0") -> pd.DataFrame:
    return pd.DataFrame({"supplier_id": [supplier], "ordered_at": [pd.Timestamp(day)]})


def test_a_supplier_that_rests_loses_those_days_and_one_that_does_not_loses_none(rested: WorkingTime) -> None:
    assert rested.names == ("shutdown",)
    lost = rested.share[:8, 0]
    assert (lost[0:5:2] > 0.7).all()
    assert (lost[1::2] < 0.35).all()


def test_an_order_before_a_shutdown_to_come_is_told_so(rested: WorkingTime) -> None:
    quick = np.array([[3.0, 6.0]])
    known = shutdowns()
    assert rested.calendar_days(quick, ask("2023-01-18"), known)[0, 0] == 3
    assert rested.calendar_days(quick, ask("2023-01-18"), known)[0, 1] == pytest.approx(20, abs=2)
    assert rested.calendar_days(quick, ask("2023-03-18"), known)[0].tolist() == [3.0, 6.0]


def test_a_shutdown_announced_after_learning_counts_when_it_has_a_known_name(rested: WorkingTime) -> None:
    later = shutdowns().rests.assign(day=lambda rests: rests["day"] + pd.Timedelta(days=3650))
    told = rested.calendar_days(
        np.array([[6.0]]), ask("2033-01-15"), SupplierCalendar(SupplierCalendar.unknown().regions, later)
    )
    assert told[0, 0] > 15


def test_fridays_cost_what_they_cost() -> None:
    orders = company(2, friday=2.0)
    waits = working_time_that_pays(orders, orders, SupplierCalendar.unknown())
    assert waits.by_weekday
    others = np.delete(waits.weekday[-1], 4).mean()
    assert waits.weekday[-1, 4] - others == pytest.approx(2.0, abs=0.5)


@pytest.mark.parametrize("seed", [3, 4])
def test_where_nobody_waits_nothing_is_learned(seed: int) -> None:
    orders = company(seed)
    waits = working_time_that_pays(orders, orders, shutdowns())
    assert not waits.by_weekday
    assert (waits.share < 0.05).all()


def test_orders_worked_on_end_on_the_day_they_ended(rested: WorkingTime) -> None:
    orders = company(1, rests=True)
    worked = rested.worked(orders, shutdowns())
    ends = worked["ordered_at"] + pd.to_timedelta(worked["duration"], "D")
    assert ((ends - orders["ordered_at"]) / pd.Timedelta(days=1)).to_numpy() == pytest.approx(
        orders["duration"]
    )
    assert (worked["duration"] < orders["duration"] - 5).any()


def test_slow_orders_alone_are_no_sign_of_a_shutdown() -> None:
    # what takes long goes through more of every event; the orders themselves know nothing of it
    random = np.random.default_rng(5)
    orders = company(5)
    slow = random.random(len(orders)) < 0.2
    orders["duration"] = np.where(slow, 60.0, orders["duration"])
    assert not learn_working_time(orders, shutdowns()).by_rest


@given(
    st.lists(st.tuples(st.integers(0, 60), st.integers(1, 15), st.floats(0.0, 0.98)), max_size=5),
    st.floats(0, 60),
    st.floats(0, 40),
)
def test_days_of_work_and_of_the_calendar_turn_into_each_other(
    spans: list[tuple[int, int, float]], start: float, work: float
) -> None:
    edges = np.sort(np.cumsum([gap + length for gap, length, _ in spans])) if spans else np.zeros(0)
    length = np.array([float(length) for _, length, _ in spans])
    stretch = Stretch((edges - length)[None], edges[None], np.array([[q for *_, q in spans]]).reshape(1, -1))
    days = stretch.elapsed(np.array([start]), np.array([[work]]))
    assert days[0, 0] >= work - 1e-9
    assert days[0, 0] - stretch.lost(np.array([start]), days[0])[0] == pytest.approx(work, abs=1e-6)


def test_saved_waits_are_read_as_they_were(rested: WorkingTime, tmp_path: Path) -> None:
    rested.save(tmp_path)
    read = WorkingTime.load(tmp_path)
    np.testing.assert_array_equal(read.share, rested.share)
    np.testing.assert_array_equal(read.weekday, rested.weekday)
    assert (list(read.suppliers), read.names) == (list(rested.suppliers), rested.names)
