import numpy as np
import pandas as pd
import pytest

from distributions.distribution import Distribution
from distributions.levels import LEAD_TIME_LEVELS
from models.monitoring.lead_time_scores import score_by_supplier, score_due_orders

DAY = pd.Timestamp("2024-01-01")


class TenToTwenty:
    """Every order takes ten to twenty days."""

    def predict(self, orders):
        return Distribution(LEAD_TIME_LEVELS, np.tile(10 + 10 * LEAD_TIME_LEVELS, (len(orders), 1)))


def orders_of(ages, days):
    """Orders placed `ages` days ago that took `days`; those that took longer are open."""
    ages, days = np.asarray(ages, float), np.asarray(days, float)
    return pd.DataFrame(
        {
            "order_id": [f"PO{i}" for i in range(len(ages))], "line": "1", "supplier_id": "north",
            "ordered_at": DAY - pd.to_timedelta(ages, unit="D"), "is_open": days > ages,
            "duration": np.minimum(days, ages),
        }
    )  # fmt: skip


def test_an_order_counts_from_the_day_it_should_have_come_whether_it_has_or_not():
    orders = orders_of([30, 30, 15, 15, 60], [15, 40, 11, 18, 20])
    table = score_by_supplier(
        score_due_orders(TenToTwenty(), orders, trained=DAY - pd.Timedelta(days=35), as_of=DAY)
    )
    assert table["supplier_id"].tolist() == ["", "north"]
    assert table[["n", "late", "coverage_90", "actual"]].iloc[0].tolist() == [2, 1, 0.5, 22.5]


def test_orders_of_a_calibrated_model_are_covered_although_the_latest_are_not_in_yet():
    rng = np.random.default_rng(2)
    orders = orders_of(rng.uniform(0, 60, 4000), rng.uniform(10, 20, 4000))
    rows = score_due_orders(TenToTwenty(), orders, trained=DAY - pd.Timedelta(days=60), as_of=DAY)
    assert rows["coverage_90"].mean() == pytest.approx(0.9, abs=0.02)
    assert rows["bias"].mean() == pytest.approx(0, abs=0.15)


def test_orders_open_at_training_are_scored_given_their_age():
    rng = np.random.default_rng(3)
    orders = orders_of(np.full(4000, 40.0), rng.uniform(10, 20, 4000))
    rows = score_due_orders(TenToTwenty(), orders, trained=DAY - pd.Timedelta(days=25), as_of=DAY)
    assert set(rows["kind"]) == {"open"}
    assert rows["actual"].min() > 15
    assert rows["coverage_80"].mean() == pytest.approx(0.8, abs=0.03)
