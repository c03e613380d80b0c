"""Rates of the last three months beside those before."""

import numpy as np
import pandas as pd
import pytest

from suppliers.recent_rates import recent_rates
from suppliers.scorecard_lines import scorecard_lines

TODAY = pd.Timestamp("2024-12-31")


def tables(ages: list[float], late: list[bool], *, rejected: list[float] | None = None):
    """Orders of one supplier: days since each, whether it was late, and units of ten rejected."""
    n = len(ages)
    ordered = TODAY - pd.to_timedelta(ages, unit="D")
    days = np.where(late, 20.0, 10.0)
    orders = pd.DataFrame(
        {
            "order_id": [f"O{k}" for k in range(n)], "line": "1", "supplier_id": "far", "unique_id": "a",
            "ordered_at": ordered, "promised_at": ordered + pd.Timedelta(days=12), "quantity_ordered": 10.0,
            "quantity_received": 10.0, "unit_price": 1.0, "contract_days": np.nan, "duration": days,
            "lead_time": days, "is_open": False, "part_after": np.nan, "never_came": 0.0,
        }
    )  # fmt: skip
    placed = orders[["order_id", "line"]].assign(
        promised_at=orders["promised_at"],
        repromised_at=pd.NaT,
        received_at=ordered + pd.to_timedelta(days, unit="D"),
        quantity_received=10.0,
        quantity_rejected=[0.0] * n if rejected is None else rejected,
        expedited=False,
    )
    offers = pd.DataFrame(columns=["supplier_id", "unique_id", "unit_price", "valid_from", "valid_to"])
    return scorecard_lines(orders, placed, offers, TODAY)


def test_a_supplier_that_was_punctual_and_is_late_now_shows_both():
    ages = [*range(100, 180, 2), *range(30, 70, 2)]
    late = [False] * 36 + [True] * 4 + [True] * 15 + [False] * 5
    row = recent_rates(tables(ages, late), promises_lost=False).loc["far"]
    assert row["on_time_before"] == pytest.approx(0.9)
    # a quarter of 20, which count as 19, drawn by five orders towards .9
    assert row["on_time_now"] == pytest.approx((19 * 0.25 + 5 * 0.9) / 24)
    assert 0.15 < row["on_time_now_low"] < row["on_time_now"] < row["on_time_now_high"] < 0.6


def test_rejects_are_compared_in_units():
    ages = [*range(100, 180, 2), *range(30, 70, 2)]
    rejected = [1.0, 0.0] * 20 + [4.0, 2.0] * 10
    row = recent_rates(tables(ages, [False] * 60, rejected=rejected), promises_lost=False).loc["far"]
    assert row["defect_rate_before"] == pytest.approx(0.05)
    assert row["defect_rate_now"] == pytest.approx(0.3, abs=0.02)


def test_a_few_orders_are_compared_with_nothing():
    ages = [*range(100, 180, 2), 40, 50, 60]
    assert recent_rates(tables(ages, [False] * 43), promises_lost=False).empty
