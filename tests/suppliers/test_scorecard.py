import numpy as np
import pandas as pd
import pytest

from features.contract.tables import Tables, empty_table
from features.orders.order_history import order_history
from suppliers.scorecard import SCORECARD_COLUMNS, scorecard

AS_OF = pd.Timestamp("2026-03-01")


def day(text):
    return pd.Timestamp(f"2026-{text}") if text else pd.NaT


def orders(*rows) -> pd.DataFrame:
    """Rows of (ordered, promised, received, ordered quantity, received, rejected, expedited)."""
    table = pd.DataFrame(
        [
            {
                "order_id": f"po{i}",
                "line": "1",
                "supplier_id": "acme",
                "unique_id": "sku",
                "ordered_at": day(row[0]),
                "promised_at": day(row[1]),
                "received_at": day(row[2]),
                "quantity_ordered": row[3],
                "quantity_received": row[4],
                "quantity_rejected": row[5],
                "expedited": row[6],
                "unit_price": 2.0,
            }
            for i, row in enumerate(rows)
        ]
    )
    return table.astype(
        {"expedited": "boolean", "quantity_received": float, "quantity_rejected": float}
    ).assign(repromised_at=pd.NaT, closed_at=pd.NaT, status=None)


def card_of(table: pd.DataFrame, suppliers: pd.DataFrame | None = None) -> pd.DataFrame:
    history = order_history(Tables(purchase_orders=table), AS_OF)
    known = empty_table("suppliers") if suppliers is None else suppliers
    return scorecard(history, table, known, empty_table("offers"), as_of=AS_OF).table


def test_rates_are_what_they_say():
    card = card_of(
        orders(
            ("01-01", "01-11", "01-11", 100, 100, 10, False),
            ("01-02", "01-12", "01-22", 100, 80, 0, True),
            ("01-03", None, "01-18", 50, 50, None, False),
            ("02-01", "02-11", None, 10, None, None, False),
        )
    ).iloc[0]
    assert (card["orders"], card["open_orders"], card["late_open_orders"], card["expedites"]) == (4, 1, 1, 1)
    assert (card["promised"], card["on_time_rate"]) == (3, pytest.approx(1 / 3))  # the open one is late
    assert card["lead_time_mean"] == pytest.approx((10 + 20 + 15) / 3)
    assert card["lead_time_sd"] == pytest.approx(5.0)
    assert card["lead_time_p50"] == 15
    assert card["fill_rate"] == pytest.approx(230 / 250)
    assert card["defect_rate"] == pytest.approx(10 / 180)
    assert card["spend"] == 2 * 260
    assert card["promised_days"] == 10
    assert card["promise_error"] == pytest.approx(
        5
    )  # in time, ten days late; how late the open one is nobody knows
    assert card["promise_error_sd"] == pytest.approx(np.std([0, 10], ddof=1))


def test_a_supplier_without_orders_has_no_rates_but_is_listed():
    suppliers = empty_table("suppliers").reindex(range(1)).assign(supplier_id="new", name="New Ltd")
    card = card_of(orders(("01-01", None, "01-11", 5, 5, 0, False)), suppliers).set_index("supplier_id")
    assert card.loc["new", "name"] == "New Ltd"
    assert card.loc["new", "orders"] == 0
    assert np.isnan(card.loc["new", "on_time_rate"])
    assert list(card.index) == ["acme", "new"]


def test_nothing_known_is_an_empty_card():
    card = card_of(empty_table("purchase_orders"))
    assert list(card.columns) == SCORECARD_COLUMNS
    assert card.empty


def full_card(table: pd.DataFrame):
    return scorecard(
        order_history(Tables(purchase_orders=table), AS_OF),
        table,
        empty_table("suppliers"),
        empty_table("offers"),
        as_of=AS_OF,
    )


def test_what_the_tables_lack_is_said_and_is_no_zero():
    table = orders(("01-01", None, "01-11", 5, 5, None, False)).assign(
        expedited=pd.array([None], dtype="boolean"), unit_price=np.nan
    )
    found = full_card(table)
    card = found.table.iloc[0]
    assert found.not_measured["on_time_rate"] == "purchase_orders has no promised_at"
    assert np.isnan([card["late_open_orders"], card["expedites"], card["spend"], card["defect_rate"]]).all()


def test_promises_that_were_overwritten_give_no_on_time_rate():
    rows = [
        (f"01-{d:02}", f"01-{d + e:02}", f"01-{d + e:02}", 5, 5, 0, False)
        for d in range(1, 11)
        for e in range(1, 7)
    ]
    found = full_card(orders(*rows))
    assert "overwritten" in found.not_measured["on_time_rate"]
    assert (
        found.table[["on_time_rate", "on_time_low", "on_time_high", "late_open_orders"]].isna().all(axis=None)
    )


def test_a_later_promise_on_every_line_that_equals_the_receipt_gives_none_either():
    rows = [
        (f"01-{d:02}", f"01-{d + 3:02}", f"01-{d + e:02}", 5, 5, 0, False)
        for d in range(1, 11)
        for e in (2, 4, 7)
    ]
    table = orders(*rows)
    assert "on_time_rate" not in full_card(table).not_measured
    assert "on_time_rate" in full_card(table.assign(repromised_at=table["received_at"])).not_measured


def test_three_orders_of_three_do_not_outrank_ninety_five_of_a_hundred():
    long = [("01-01", "01-11", "01-11" if k % 20 else "01-15", 5, 5, 0, False) for k in range(100)]
    table = orders(*long, *[("01-01", "01-11", "01-10", 5, 5, 0, False)] * 3)
    table.loc[100:, "supplier_id"] = "small"
    card = full_card(table).table.set_index("supplier_id")
    assert card.loc["small", "on_time_rate"] == 1
    assert card.loc["small", "rank"] == 2


def test_promises_that_are_padded_and_slip_show_it():
    """A promise a week for a year, first kept five days early, at its end five days late: ten days a year."""
    placed = pd.date_range("2025-01-06", periods=52, freq="7D")
    slips = np.round(np.linspace(-5, 5, 52))
    rows = [
        (
            placed_at,
            placed_at + pd.Timedelta(days=10),
            placed_at + pd.Timedelta(days=10 + slip),
            9,
            9,
            0,
            False,
        )
        for placed_at, slip in zip(placed, slips, strict=True)
    ]
    card = card_of(orders_on(rows)).iloc[0]
    assert card["promise_error"] == pytest.approx(0, abs=0.1)
    assert card["promise_error_low"] < 0 < card["promise_error_high"]
    assert card["promise_error_trend"] == pytest.approx(10, abs=0.3)
    assert (
        9 < card["promise_error_trend_low"] < card["promise_error_trend"] < card["promise_error_trend_high"]
    )
    padded = card_of(orders_on([(*row[:2], row[1] - pd.Timedelta(days=3), *row[3:]) for row in rows])).iloc[0]
    assert (padded["promise_error"], padded["promise_error_sd"]) == (-3, 0)


def test_a_supplier_that_is_always_as_late_does_not_seem_to_get_better() -> None:
    """A promise a week, always thirty days late: the latest are open still, and one was never booked as received."""
    placed = pd.date_range("2025-03-03", periods=50, freq="7D")
    rows = [
        (
            at,
            at + pd.Timedelta(days=10),
            min(at + pd.Timedelta(days=40), AS_OF + pd.Timedelta(days=1)),
            9,
            9,
            0,
            False,
        )
        for at in placed
    ]
    rows = [row if row[2] <= AS_OF else (*row[:2], pd.NaT, 9, None, None, False) for row in rows]
    rows[20] = (*rows[20][:2], pd.NaT, 9, 9, 0, False)
    card = card_of(orders_on(rows)).iloc[0]
    assert (card["promise_error"], card["promise_error_sd"]) == (30, 0)
    assert card["promise_error_trend"] == pytest.approx(0, abs=1e-9)


def orders_on(rows) -> pd.DataFrame:
    """`orders` of whole dates."""
    table = orders(*(("01-01", None, None, *row[3:]) for row in rows))
    dates = {
        name: [row[k] for row in rows] for k, name in enumerate(("ordered_at", "promised_at", "received_at"))
    }
    return table.assign(**dates)
