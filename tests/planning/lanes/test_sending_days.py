import numpy as np
import pandas as pd
import pytest
from normal_forecast import MONDAY

from planning.lanes.sending_days import SendingDays

IDS = np.array(["a", "b", "c"], object)
NONE = pd.DataFrame({"supplier_id": pd.Series(dtype=object), "day": pd.Series(dtype="datetime64[ns]")})


def closed(*days):
    return pd.DataFrame(
        [{"supplier_id": supplier, "day": MONDAY + pd.Timedelta(days=day)} for supplier, day in days]
    )


@pytest.mark.parametrize(
    ("after", "days"), [([0, 0, 0], [0, 2, 1]), ([0.5, 3, 2], [1, 9, 4]), ([14, 14, 14], [14, 16, 15])]
)
def test_an_order_goes_on_the_next_day_that_its_supplier_takes_orders(after, days):
    for none in (NONE, pd.DataFrame()):
        found = SendingDays.of([None, "Wed", "Tue,Fri"], IDS, none, MONDAY).first(np.array(after, float))
        assert found.tolist() == days


def test_a_closed_supplier_takes_none():
    closures = closed(("a", 0), ("a", 1), ("b", 2), ("c", 4), ("other", 3), ("a", -1))
    found = SendingDays.of([None, "Wed", "Tue,Fri"], IDS, closures, MONDAY).first()
    assert found.tolist() == [2, 9, 1]


def test_a_supplier_that_stays_closed_does_not_stop_the_plan():
    closures = closed(*(("a", day) for day in range(2000)))
    assert SendingDays.of([None], IDS[:1], closures, MONDAY).first()[0] >= 365
    assert SendingDays.of([], IDS[:0], closures, MONDAY).first().tolist() == []


@pytest.mark.parametrize(
    ("until", "days"), [([4, 4, 4], [4, 2, 4]), ([0, 1, 0], [0, 2, 1]), ([8.5, 8.5, 8.5], [8.5, 2, 8])]
)
def test_the_last_sending_day_is_no_later_than_asked_unless_there_is_none(until, days):
    for none in (NONE, pd.DataFrame()):
        found = SendingDays.of([None, "Wed", "Tue,Fri"], IDS, none, MONDAY).last(np.array(until, float))
        assert found.tolist() == days


def test_the_last_sending_day_lies_before_a_closure():
    closures = closed(("a", 4), ("a", 3), ("b", 9), ("c", 4), ("c", 1), ("other", 2), ("a", -1))
    found = SendingDays.of([None, "Wed", "Tue,Fri"], IDS, closures, MONDAY).last(np.array([4.5, 9.0, 7.0]))
    assert found.tolist() == [2, 2, 8], "the third takes no order until Tuesday a week"
    endless = np.array([np.inf, np.inf, 20.0])
    assert (
        SendingDays.of([None, "Wed", None], IDS, closures, MONDAY).last(endless).tolist() == endless.tolist()
    )


def test_a_supplier_closed_today_takes_the_order_when_it_opens():
    closures = closed(("a", 0), ("a", 1))
    assert SendingDays.of([None], IDS[:1], closures, MONDAY).last(np.array([0.0])).tolist() == [2]


def test_the_last_order_day_is_never_after_the_day_asked_for() -> None:
    saturday = MONDAY + pd.Timedelta(days=5)
    days = np.array([2.0, 4.9, 5.0, 8.5, np.inf])
    for order_days, expected in (
        (None, [2.0, 4.9, 5.0, 8.5, np.inf]),
        ("Mon", [2, 2, 2, 2, np.inf]),
        ("Mon,Thu", [2, 2, 5, 5, np.inf]),
        ("Mon,Sun", [2, 2, 2, 8, np.inf]),
    ):
        assert (
            SendingDays.of([order_days] * 5, IDS.repeat(2)[:5], NONE, saturday).last(days).tolist()
            == expected
        )
