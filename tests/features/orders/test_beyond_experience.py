"""Which open order lines are older than anything that was seen."""

import numpy as np
import pandas as pd

from features.orders.beyond_experience import beyond_experience

TODAY = pd.Timestamp("2025-01-01")


def history(closed: dict[str, list[float]], open_ages: dict[str, list[float]]) -> pd.DataFrame:
    """Lines received after so many days, and open ones of an age, by supplier."""
    rows = [(s, d, False) for s, days in closed.items() for d in days]
    rows += [(s, d, True) for s, days in open_ages.items() for d in days]
    frame = pd.DataFrame(rows, columns=["supplier_id", "duration", "is_open"])
    return frame.assign(ordered_at=TODAY - pd.to_timedelta(frame["duration"], "D"), promised_at=pd.NaT)


def found(orders: pd.DataFrame) -> list[bool]:
    return beyond_experience(orders)[orders["is_open"].to_numpy(bool)].tolist()


def test_a_supplier_is_judged_by_its_own_longest_where_it_has_five() -> None:
    closed = {"quick": [14.0] * 5, "slow": [200.0] * 5}
    ages = {"quick": [58.0, 59.0], "slow": [430.0, 431.0]}
    assert found(history(closed, ages)) == [False, True, False, True]


def test_with_fewer_all_suppliers_judge() -> None:
    closed = {"quick": [14.0] * 4, "slow": [200.0] * 5}
    assert found(history(closed, {"quick": [59.0, 430.0, 431.0], "new": [431.0]})) == [
        False,
        False,
        True,
        True,
    ]


def test_a_promise_for_later_than_that_puts_it_off() -> None:
    orders = history({"s": [14.0] * 5}, {"s": [100.0, 100.0]})
    promised = orders["ordered_at"] + pd.to_timedelta(np.where(orders.index == 5, 110, 90), "D")
    assert found(orders.assign(promised_at=promised)) == [False, False]
    assert found(orders.assign(promised_at=orders["ordered_at"] + pd.Timedelta(days=15))) == [True, True]
    late = orders.assign(promised_at=orders["ordered_at"] + pd.Timedelta(days=90))
    late.loc[6, "duration"] = 91.0 + 58.0
    assert found(late) == [False, True]


def test_nothing_is_beyond_an_experience_that_there_is_none_of() -> None:
    assert found(history({}, {"s": [4000.0]})) == [False]
    assert len(beyond_experience(history({}, {}))) == 0
