"""What was known of an order on a day."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from features.contract.tables import Tables, empty_table
from features.orders.order_history import contract_days, open_orders, order_history

DAY = pd.Timestamp


def filled(name: str, rows: list[dict[str, object]]) -> pd.DataFrame:
    """Rows of a contract table with every column it does not name left empty."""
    dtypes = empty_table(name).dtypes.to_dict()
    frame = pd.DataFrame(rows)
    extra = [column for column in frame if column not in dtypes]
    return frame.reindex(columns=[*dtypes, *extra]).astype(dtypes)


def line(number: int, **facts: object) -> dict[str, object]:
    return {
        "order_id": "po",
        "line": str(number),
        "supplier_id": "s",
        "unique_id": "a",
        "ordered_at": "2024-01-01",
        "quantity_ordered": 10.0,
        **facts,
    }


@pytest.fixture
def tables() -> Tables:
    return Tables(
        purchase_orders=filled(
            "purchase_orders",
            [
                line(1, received_at="2024-01-11", **{"covariate:mode": "air"}),
                line(2, received_at="2024-03-01", **{"covariate:mode": "sea"}),
                line(3, ordered_at="2024-02-20", **{"covariate:mode": "sea"}),
            ],
        ),
        items=filled("items", [{"unique_id": "a", "category": "dry"}]),
    )


def test_orders_placed_later_are_not_seen(tables: Tables) -> None:
    assert order_history(tables, DAY("2024-02-10"))["line"].tolist() == ["1", "2"]


def test_a_receipt_after_the_day_leaves_the_order_open_at_its_age(tables: Tables) -> None:
    row = order_history(tables, DAY("2024-02-10")).iloc[1]
    assert row["is_open"]
    assert row["age"] == row["duration"] == 40
    assert np.isnan(row["lead_time"])
    assert row["quantity_open"] == 10


def test_a_receipt_on_the_day_closes_the_order(tables: Tables) -> None:
    row = order_history(tables, DAY("2024-03-01")).iloc[1]
    assert row["lead_time"] == row["duration"] == 60
    assert not row["is_open"]
    assert np.isnan(row["age"])
    assert row["quantity_open"] == 0


def test_open_orders_are_those_still_to_come(tables: Tables) -> None:
    assert open_orders(tables, DAY("2024-02-25"))["line"].tolist() == ["2", "3"]


def test_category_and_named_covariates_come_along(tables: Tables) -> None:
    history = order_history(tables, DAY("2024-03-01"))
    assert history["category"].tolist() == ["dry"] * 3
    assert history["covariate:mode"].tolist() == ["air", "sea", "sea"]


def test_a_line_is_complete_with_the_receipt_that_fills_it(tables: Tables) -> None:
    parts = [("2024-01-11", 4.0), ("2024-01-21", 6.0), ("2024-01-31", 1.0)]
    receipts = filled(
        "receipts",
        [{"order_id": "po", "line": "1", "received_at": at, "quantity": quantity} for at, quantity in parts],
    )
    history = order_history(replace(tables, receipts=receipts), DAY("2024-03-01"))
    assert history["lead_time"].tolist()[0] == 20


def test_a_partly_delivered_line_is_open_with_the_rest(tables: Tables) -> None:
    receipts = filled(
        "receipts", [{"order_id": "po", "line": "3", "received_at": "2024-02-25", "quantity": 4.0}]
    )
    row = open_orders(replace(tables, receipts=receipts), DAY("2024-03-01")).iloc[0]
    assert row["line"] == "3"
    assert row["quantity_open"] == 6


def test_zero_days_are_placeholders_where_the_supplier_is_never_that_quick() -> None:
    def lead_times(days: list[int]) -> pd.DataFrame:
        at = DAY("2024-01-01")
        rows = [line(i, received_at=at + pd.Timedelta(days=d)) for i, d in enumerate(days)]
        tables = Tables(purchase_orders=filled("purchase_orders", rows))
        return order_history(tables, DAY("2025-01-01"))["duration"]

    assert lead_times([0, 30, 40]).isna().tolist() == [True, False, False]
    assert lead_times([0, 1, 2, 30]).notna().all()
    assert lead_times([0, 0]).notna().all()


def test_the_contract_in_force_counts_and_the_preferred_one_first() -> None:
    offers = filled(
        "offers",
        [
            {"supplier_id": "s", "unique_id": "a", "lead_time_days": 10, "valid_to": "2023-12-31"},
            {"supplier_id": "s", "unique_id": "a", "lead_time_days": 20, "valid_from": "2024-01-01"},
            {"supplier_id": "s", "unique_id": "b", "lead_time_days": 7, "preferred": True},
            {"supplier_id": "s", "unique_id": "b", "lead_time_days": 9, "valid_from": "2024-01-01"},
        ],
    )
    supplier, item = pd.Series(["s", "s", "s"]), pd.Series(["a", "b", "c"])
    days = contract_days(offers, supplier, item, DAY("2024-06-01"))
    np.testing.assert_array_equal(days, [20, 7, np.nan])


def test_no_purchase_orders_give_an_empty_history() -> None:
    history = order_history(Tables(), DAY("2024-01-01"))
    assert len(history) == 0
    assert "lead_time" in history


def test_the_first_part_of_an_order_is_known_from_its_day_on(tables: Tables) -> None:
    parts = [
        {"order_id": "po", "line": "2", "received_at": "2024-01-21", "quantity": 4.0},
        {"order_id": "po", "line": "2", "received_at": "2024-03-01", "quantity": 6.0},
    ]
    delivered = replace(tables, receipts=filled("receipts", parts))
    before = order_history(delivered, DAY("2024-01-20")).set_index("line").loc["2"]
    between = order_history(delivered, DAY("2024-02-10")).set_index("line").loc["2"]
    after = order_history(delivered, DAY("2024-03-02")).set_index("line").loc["2"]
    assert np.isnan(before["part_after"])
    assert (between["part_after"], between["part_quantity"], between["quantity_open"]) == (20, 4, 6)
    assert (after["part_after"], after["lead_time"], after["quantity_received"]) == (20, 60, 10)


def test_an_order_closed_short_with_its_first_receipt_came_in_one_part(tables: Tables) -> None:
    short = [{"order_id": "po", "line": "1", "received_at": "2024-01-11", "quantity": 7.0}]
    history = order_history(replace(tables, receipts=filled("receipts", short)), DAY("2024-03-01"))
    row = history.set_index("line").loc["1"]
    assert np.isnan(row["part_after"])
    assert row["quantity_received"] == 7


def test_an_expedited_line_is_marked_and_others_are_not(tables: Tables) -> None:
    lines = tables.purchase_orders.assign(expedited=pd.array([True, None, None], "boolean"))
    marked = order_history(replace(tables, purchase_orders=lines), DAY("2024-03-01"))
    assert marked.set_index("line")["expedited"].to_dict() == {"1": True, "2": False, "3": False}


def test_receipts_count_what_was_received_and_a_closed_line_without_any_its_own_quantity(
    tables: Tables,
) -> None:
    lines = tables.purchase_orders.assign(quantity_received=[9.0, 8.0, np.nan])
    receipts = filled(
        "receipts", [{"order_id": "po", "line": "1", "received_at": "2024-01-11", "quantity": 10.0}]
    )
    delivered = replace(tables, purchase_orders=lines, receipts=receipts)
    history = order_history(delivered, DAY("2024-03-02")).set_index("line")
    assert history["quantity_received"].to_dict() == {"1": 10.0, "2": 8.0, "3": 0.0}
    assert history["is_open"].to_dict() == {"1": False, "2": False, "3": True}


def ended(
    *lines: dict[str, object], receipts: list[dict[str, object]] | None = None, on: str
) -> pd.DataFrame:
    """The history on a day of some lines, by line."""
    tables = Tables(
        purchase_orders=filled("purchase_orders", list(lines)),
        receipts=filled("receipts", receipts) if receipts else empty_table("receipts"),
    )
    return order_history(tables, DAY(on)).set_index("line")


def test_a_cancelled_line_is_no_lead_time_and_was_open_until_then() -> None:
    cancelled = line(1, status="cancelled", closed_at="2024-01-31")
    row = ended(cancelled, on="2024-03-01").loc["1"]
    assert not row["is_open"]
    assert np.isnan([row["lead_time"], row["duration"], row["age"]]).all()
    assert (row["quantity_open"], row["never_came"], row["closed_after"]) == (0, 1, 30)
    before = ended(cancelled, on="2024-01-30").loc["1"]
    assert before["is_open"]
    assert (before["age"], before["quantity_open"], before["never_came"]) == (29, 10, 0)
    assert np.isnan(before["closed_after"])


def test_a_line_cancelled_on_the_day_itself_has_no_day_of_its_own() -> None:
    assert np.isnan(ended(line(1, closed_at="2024-01-31"), on="2024-01-31").loc["1", "closed_after"])


def test_a_line_closed_short_ends_with_its_last_receipt() -> None:
    parts = [
        {"order_id": "po", "line": "1", "received_at": f"2024-01-{day}", "quantity": 3.0}
        for day in ("11", "21")
    ]
    closed = line(1, status="closed", closed_at="2024-02-10")
    row = ended(closed, receipts=parts, on="2024-03-01").loc["1"]
    assert (row["lead_time"], row["quantity_received"], row["quantity_open"]) == (20, 6, 0)
    assert row["never_came"] == pytest.approx(0.4)
    assert row["part_after"] == 10
    before = ended(closed, receipts=parts, on="2024-02-09").loc["1"]
    assert (before["is_open"], before["quantity_open"], before["never_came"]) == (True, 4, 0)
    once = ended(closed, receipts=parts[:1], on="2024-03-01").loc["1"]
    assert (once["lead_time"], np.isnan(once["part_after"])) == (10, True)


def test_a_line_closed_short_by_its_own_receipt_fell_short_only_where_it_says_so() -> None:
    received = {"received_at": "2024-01-11", "closed_at": "2024-01-20"}
    history = ended(
        line(1, quantity_received=6.0, **received),
        line(2, **received),
        line(3, quantity_received=6.0, received_at="2024-01-11"),
        line(4, quantity_received=12.0, **received),
        on="2024-03-01",
    )
    assert history["never_came"].tolist() == pytest.approx([0.4, 0, 0, 0])
    assert history["lead_time"].tolist() == [10] * 4


def test_a_line_complete_without_a_date_is_neither_open_nor_a_lead_time() -> None:
    history = ended(line(1, quantity_received=10.0), line(2, quantity_received=9.0), on="2024-03-01")
    assert history["is_open"].tolist() == [False, True]
    assert history["lead_time"].isna().all()
    assert history["quantity_open"].tolist() == [0, 1]


def test_the_receipt_is_known_beside_the_end_of_the_clock() -> None:
    stored = pd.DataFrame(
        [line(1, received_at="2024-01-15"), line(2, received_at=None, quantity_received=10.0)]
    )
    table = filled("purchase_orders", stored.to_dict("records"))
    table["arrived_at"] = pd.to_datetime(["2024-01-11", "2024-01-12"])
    history = order_history(Tables(purchase_orders=table), DAY("2024-03-01")).set_index("line")
    assert history["lead_time"].iloc[0] == 14
    assert history["arrived_at"].tolist() == [DAY("2024-01-11"), DAY("2024-01-12")]
    # received and not put away: still to come, all of it
    assert (history.loc["2", "is_open"], history.loc["2", "quantity_open"]) == (True, 10)


def test_a_new_promise_is_known_today_and_on_an_earlier_day_only_of_lines_overdue_by_then(
    tables: Tables,
) -> None:
    lines = tables.purchase_orders.assign(
        promised_at=pd.to_datetime(["2024-01-09", "2024-02-20", "2024-03-20"]),
        repromised_at=pd.to_datetime(["2024-01-11", "2024-03-05", "2024-04-01"]),
    )
    replayed = replace(tables, purchase_orders=lines)
    assert order_history(replayed, DAY("2024-03-01"))["repromised_at"].notna().all()
    # the second came on 1 March, so that this is a look back
    assert order_history(replayed, DAY("2024-02-29"))["repromised_at"].notna().tolist() == [True, True, False]
