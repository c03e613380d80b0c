"""Snapshots of an order history, backtest folds and recency weights."""

import numpy as np
import pandas as pd

from models.lead_time.recency import recency_weights
from models.lead_time.snapshots import folds, snapshot


def orders(days: list[float]) -> pd.DataFrame:
    at = pd.Timestamp("2024-01-01") + pd.to_timedelta(10 * np.arange(len(days)), "D")
    return pd.DataFrame(
        {"supplier_id": "s", "ordered_at": at, "duration": days, "lead_time": days, "is_open": False}
    )


def test_a_snapshot_opens_what_came_later() -> None:
    seen = snapshot(orders([5.0, 30.0, 5.0]), pd.Timestamp("2024-01-12"))
    assert seen["is_open"].tolist() == [False, True]
    assert seen["duration"].tolist() == [5, 1]


def test_windows_of_the_backtest_follow_each_other() -> None:
    cut = folds(orders([5.0] * 50), 3)
    assert len(cut) == 3
    for fold in cut:
        assert (fold.past["ordered_at"] <= fold.as_of).all()
        assert (fold.later["ordered_at"] > fold.as_of).all()
    assert sum(len(fold.later) for fold in cut) == 30


def test_an_order_weighs_half_after_a_half_life() -> None:
    weights = recency_weights(orders([10.0, 10.0, 0.0]), half_life_days=10)
    np.testing.assert_allclose(weights, [0.25, 0.5, 1.0])
