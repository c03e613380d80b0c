"""What the status of order lines says of them."""

import pandas as pd
import pytest

from configs.schema import ClockConfig, DataConfig
from features.contract.tables import RawTable
from features.quality.check import check_tables
from features.quality.check_result import CheckResult

DEMAND = pd.DataFrame({"unique_id": "a", "ds": pd.date_range("2024-01-01", periods=60), "y": 1})


def line(number: int, **columns: object) -> dict[str, object]:
    return {
        "order_id": "po",
        "line": str(number),
        "supplier_id": "s",
        "unique_id": "a",
        "ordered_at": "2024-01-10",
        "quantity_ordered": 10,
        **columns,
    }


def checked(*lines: dict[str, object], as_of: str | None = None, receipts=(), **clock: str) -> CheckResult:
    raw = {
        "demand": RawTable(DEMAND, "demand.csv"),
        "purchase_orders": RawTable(pd.DataFrame(lines), "purchase_orders.csv"),
    }
    if receipts:
        raw["receipts"] = RawTable(pd.DataFrame(receipts), "receipts.csv")
    config = DataConfig(max_bad_share=1.0, clock=ClockConfig.model_validate(clock))
    return check_tables(raw, config, as_of=None if as_of is None else pd.Timestamp(as_of))


def open_lines(result: CheckResult) -> list[str]:
    return result.orders.loc[result.orders["is_open"], "line"].tolist()


def test_lines_end_on_the_day_that_is_entered_or_on_the_day_of_the_plan() -> None:
    lines = [
        line(1, status="cancelled", closed_at="2024-02-01"),
        line(2, status="closed"),
        line(3, status="open"),
    ]
    result = checked(*lines)
    ends = result.tables.purchase_orders["closed_at"]
    assert ends.tolist() == [pd.Timestamp("2024-02-01"), result.as_of, pd.NaT]
    assert open_lines(result) == ["3"]


def test_a_plan_as_of_an_earlier_day_does_not_know_a_later_ending() -> None:
    lines = [
        line(1, status="cancelled", closed_at="2024-02-01"),
        line(2, status="received", received_at="2024-02-03"),
        line(3, status="received"),
    ]
    later = [{"order_id": "po", "line": "3", "received_at": "2024-02-05", "quantity": 10}]
    assert open_lines(checked(*lines, receipts=later, as_of="2024-01-31")) == ["1", "2", "3"]
    assert open_lines(checked(*lines, receipts=later, as_of="2024-02-01")) == ["2", "3"]
    assert open_lines(checked(*lines, receipts=later)) == []


def test_a_line_received_by_its_status_came_whole() -> None:
    orders = checked(line(1, status="received"), line(2, status="closed")).orders
    assert orders["never_came"].tolist() == [0, 1]
    assert orders["lead_time"].isna().all()


def test_goods_received_and_not_put_away_are_still_to_come_whatever_the_status() -> None:
    lines = [
        line(1, status="completed", received_at="2024-01-20", put_away_at=None),
        line(2, status="completed", received_at="2024-01-20", put_away_at="2024-01-21"),
    ]
    assert open_lines(checked(*lines, end="put_away")) == ["1"]


def test_the_date_of_receipt_of_a_line_without_goods_is_that_of_its_end() -> None:
    lines = [
        line(1, status="cancelled", received_at="2024-01-30"),
        line(2, status="closed", received_at="2024-01-30", quantity_received=0),
        line(3, status="cancelled", received_at="2024-01-30", quantity_received=4),
    ]
    result = checked(*lines)
    assert result.orders["lead_time"].isna().tolist() == [True, True, False]
    assert result.orders["closed_after"].tolist() == pytest.approx([20, 20, float("nan")], nan_ok=True)
    assert result.orders["never_came"].tolist() == pytest.approx([1, 1, 0.6])


def test_what_says_nothing_is_left_out_and_a_draft_is_counted_as_such() -> None:
    result = checked(
        line(1, status="cancelled", quantity_ordered=0), line(2, status="draft", quantity_ordered=0), line(3)
    )
    assert result.tables.purchase_orders["line"].tolist() == ["3"]
    assert not result.quarantine
    assert result.drafts is not None
    assert result.drafts["line"].tolist() == ["2"]


def test_a_closing_before_the_order_is_refused() -> None:
    reason = checked(line(1, closed_at="2024-01-09"), line(2)).quarantine["purchase_orders"]["reason"].iloc[0]
    assert reason.startswith("closed_at is 2024-01-09, before ordered_at 2024-01-10")
