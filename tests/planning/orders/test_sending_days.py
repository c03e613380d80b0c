import numpy as np
import pandas as pd
import pytest
from normal_forecast import MONDAY

from planning.orders.sending_days import sending_days

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
