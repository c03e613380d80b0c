import numpy as np
import pandas as pd
import pytest
from normal_forecast import MONDAY

from planning.lanes.sending_days import last_sending_days, sending_days

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
        found = sending_days([None, "Wed", "Tue,Fri"], IDS, none, MONDAY, np.array(after, float))
        assert found.tolist() == days


def test_a_closed_supplier_takes_none():
    closures = closed(("a", 0), ("a", 1), ("b", 2), ("c", 4), ("other", 3), ("a", -1))
    found = sending_days([None, "Wed", "Tue,Fri"], IDS, closures, MONDAY, np.zeros(3))
    assert found.tolist() == [2, 9, 1]


def test_a_supplier_that_stays_closed_does_not_stop_the_plan():
    closures = closed(*(("a", day) for day in range(2000)))
    assert sending_days([None], IDS[:1], closures, MONDAY, np.zeros(1))[0] >= 365
    assert sending_days([], IDS[:0], closures, MONDAY, np.zeros(0)).tolist() == []


@pytest.mark.parametrize(
    ("until", "days"), [([4, 4, 4], [4, 2, 4]), ([0, 1, 0], [0, 2, 1]), ([8.5, 8.5, 8.5], [8.5, 2, 8])]
)
def test_the_last_sending_day_is_no_later_than_asked_unless_there_is_none(until, days):
    for none in (NONE, pd.DataFrame()):
        found = last_sending_days([None, "Wed", "Tue,Fri"], IDS, none, MONDAY, np.array(until, float))
        assert found.tolist() == days


def test_the_last_sending_day_lies_before_a_closure():
    closures = closed(("a", 4), ("a", 3), ("b", 9), ("c", 4), ("c", 1), ("other", 2), ("a", -1))
    found = last_sending_days([None, "Wed", "Tue,Fri"], IDS, closures, MONDAY, np.array([4.5, 9.0, 7.0]))
    assert found.tolist() == [2, 2, 8], "the third takes no order until Tuesday a week"
    endless = np.array([np.inf, np.inf, 20.0])
    assert last_sending_days([None, "Wed", None], IDS, closures, MONDAY, endless).tolist() == endless.tolist()


def test_a_supplier_closed_today_takes_the_order_when_it_opens():
    closures = closed(("a", 0), ("a", 1))
    assert last_sending_days([None], IDS[:1], closures, MONDAY, np.array([0.0])).tolist() == [2]
