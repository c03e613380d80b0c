"""Lines of one order count as what they are worth beside each other."""

import numpy as np
import pandas as pd
import pytest

from models.lead_time.order_lines import likeness_of_lines, line_weights


def lines_of(log_days: np.ndarray, *, supplier: np.ndarray | None = None) -> pd.DataFrame:
    """Closed order lines, a row of `log_days` (orders, lines) an order."""
    orders, lines = log_days.shape
    return pd.DataFrame(
        {
            "order_id": np.repeat([f"PO{k}" for k in range(orders)], lines),
            "supplier_id": np.repeat(np.full(orders, "a") if supplier is None else supplier, lines),
            "duration": np.exp(log_days.ravel()),
            "is_open": False,
        }
    )


def drawn(correlation: float, orders: int = 4000, lines: int = 4) -> np.ndarray:
    """Log days whose lines of one order have the correlation."""
    rng = np.random.default_rng(5)
    own, shared = rng.normal(size=(orders, lines)), rng.normal(size=(orders, 1))
    return 3 + 0.4 * (np.sqrt(correlation) * shared + np.sqrt(1 - correlation) * own)


@pytest.mark.parametrize("correlation", [0.0, 0.3, 0.8])
def test_the_likeness_of_lines_is_that_which_they_were_drawn_with(correlation: float) -> None:
    rows = lines_of(drawn(correlation))
    order = np.repeat(np.arange(4000), 4)
    assert likeness_of_lines(rows, order) == pytest.approx(correlation, abs=0.02)


def test_lines_that_always_come_together_count_little_more_than_one() -> None:
    weights = line_weights(lines_of(np.repeat(drawn(0.0)[:, :1], 5, axis=1)))
    assert weights * 5 == pytest.approx(np.full(20_000, 5 / (1 + 4 * 0.95)))


def test_what_suppliers_differ_in_is_no_likeness_of_lines() -> None:
    days = drawn(0.0, orders=400)
    days[200:] += 2.0  # a slow supplier
    rows = lines_of(days, supplier=np.repeat(["a", "b"], 200))
    assert line_weights(rows) == pytest.approx(1.0, abs=0.15)
    assert line_weights(rows.assign(supplier_id="a")).max() < 0.4


def test_an_order_of_one_line_counts_one_and_a_line_that_is_open_counts_among_its_order_s() -> None:
    rows = lines_of(drawn(0.8, orders=2000))
    rows.loc[rows.index % 4 == 3, "is_open"] = True
    single = lines_of(drawn(0.0, orders=50, lines=1)).assign(
        order_id=lambda rows: "single" + rows["order_id"]
    )
    weights = line_weights(pd.concat([rows, single], ignore_index=True))
    assert (weights[len(rows) :] == 1).all()
    assert weights[: len(rows)] == pytest.approx(1 / (1 + 3 * 0.8), abs=0.02)


def test_two_orders_of_two_lines_say_hardly_anything_of_likeness() -> None:
    rows = lines_of(np.array([[1.0, 1.0], [3.0, 3.0]]))
    assert line_weights(rows).min() > 0.85


def test_orders_without_a_number_or_outcome_count_one_each() -> None:
    rows = lines_of(drawn(0.8, orders=10))
    assert (line_weights(rows.drop(columns="order_id")) == 1).all()
    assert (line_weights(rows.assign(is_open=True)) == 1).all()
