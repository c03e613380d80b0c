"""Order days that past orders contradict."""

import pandas as pd

from features.quality.warnings.order_day_warnings import order_day_warnings


def orders(supplier_id: str, weekdays: list[int], times: int = 10) -> pd.DataFrame:
    """Orders of a supplier on weekdays of ten weeks."""
    days = [
        pd.Timestamp(2024, 1, 1) + pd.Timedelta(days=7 * week + day)
        for week in range(times)
        for day in weekdays
    ]
    return pd.DataFrame({"supplier_id": supplier_id, "ordered_at": days})


def warned(order_days: dict[str, str | None], *placed: pd.DataFrame) -> list[str]:
    suppliers = pd.DataFrame({"supplier_id": list(order_days), "order_days": list(order_days.values())})
    return [str(warning) for warning in order_day_warnings(suppliers, pd.concat(placed, ignore_index=True))]


def test_days_counted_from_one_are_noticed_by_the_orders_of_the_past() -> None:
    [said] = warned(
        {"A": "1,4", "B": "Mon", "C": None}, orders("A", [0, 3]), orders("B", [0, 0]), orders("C", [5, 6])
    )
    assert "1 of 3 suppliers (A) got most of their past orders on other days than their order_days" in said
    assert "A is said to take orders on 1,4, and most left on a Monday" in said


def test_orders_that_keep_to_the_days_or_are_few_are_no_warning() -> None:
    assert not warned({"A": "Mon,Thu"}, orders("A", [0, 3]))
    assert not warned({"A": "Mon"}, orders("A", [0, 3])), "half of them is not most"
    assert not warned({"A": "Mon"}, orders("A", [1], times=19))
    assert warned({"A": "Mon"}, orders("A", [1], times=20))
    assert not warned({"A": None}, orders("A", [1], times=30))
