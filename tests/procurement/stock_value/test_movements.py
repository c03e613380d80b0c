"""Movements of stock from the contract's tables: what came, what was sold, and what must have been there before."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from features.contract.period_calendar import PeriodCalendar
from features.contract.tables import Tables, empty_table
from procurement.stock_value.cost_layers import METHODS, cost_layers
from procurement.stock_value.movements import stock_movements

DAY = pd.Timestamp
WEEKS = PeriodCalendar("W-MON")
AS_OF = DAY("2024-01-29")


def filled(name: str, *rows: dict[str, object]) -> pd.DataFrame:
    """Rows of a contract table with every column it does not name left empty."""
    dtypes = empty_table(name).dtypes.to_dict()
    frame = pd.DataFrame(list(rows), columns=None if rows else list(dtypes))
    extra = [column for column in frame if column not in dtypes]
    return frame.reindex(columns=[*dtypes, *extra]).astype(dtypes)


def line(number: int, **facts: object) -> dict[str, object]:
    base = {
        "order_id": "po",
        "line": str(number),
        "supplier_id": "s",
        "unique_id": "a",
        "quantity_ordered": 10.0,
    }
    return base | {"ordered_at": "2023-12-20", "unit_price": 2.0} | facts


def sold(ds: str, y: float, **facts: object) -> dict[str, object]:
    return {"unique_id": "a", "ds": ds, "y": y} | facts


@pytest.fixture
def tables() -> Tables:
    return Tables(
        demand=filled("demand", sold("2024-01-01", 8), sold("2024-01-08", np.nan), sold("2024-01-15", 5)),
        items=filled("items", {"unique_id": "a", "unit_cost": 3.0, "unit_price": 6.0}),
        purchase_orders=filled("purchase_orders", line(1, received_at="2024-01-03", quantity_received=10.0)),
        stock=filled("stock", {"unique_id": "a", "as_of": "2024-01-29", "on_hand": 4.0}),
    )


def test_a_periods_demand_is_sold_on_its_last_day_and_unknown_demand_is_not(tables: Tables) -> None:
    found = stock_movements(tables, AS_OF, WEEKS).movements
    sales = found[found["kind"] == "sale"]
    assert sales["at"].tolist() == [DAY("2024-01-07"), DAY("2024-01-21")]
    assert sales["quantity"].tolist() == [-8, -5]
    assert sales["unit_price"].tolist() == [6, 6]


def test_opening_stock_is_what_makes_the_movements_end_at_the_stock(tables: Tables) -> None:
    found = stock_movements(tables, AS_OF, WEEKS)
    row = found.balance.iloc[0]
    # 4 there = opening + 10 in − 13 out
    assert row[["opening", "received", "sold", "on_hand", "unexplained"]].tolist() == [7, 10, 13, 4, 0]
    assert found.opening["quantity"].tolist() == [7]
    assert found.opening["received_at"].tolist() == [DAY("2024-01-02")]
    for each in cost_layers(found.movements, found.opening, unit_cost=found.unit_cost).values():
        assert each.units.tolist() == [4]


def test_what_came_and_is_neither_sold_nor_there_is_written_off_by_the_as_of_day(tables: Tables) -> None:
    booked = filled("purchase_orders", line(1, received_at="2024-01-03", quantity_received=20.0))
    found = stock_movements(replace(tables, purchase_orders=booked), AS_OF, WEEKS)
    row = found.balance.iloc[0]
    # 20 in − 13 out − 3 = 4 there
    assert row[["opening", "unexplained"]].tolist() == [0, 3]
    gone = found.movements[found.movements["kind"] == "write_off"].iloc[0]
    assert (gone["quantity"], gone["at"]) == (-3, AS_OF)
    each = cost_layers(found.movements, found.opening)["fifo"]
    assert (each.units[0], each.written_off[0], each.cogs[0]) == (4, 3 * 2, 13 * 2)


def test_opening_stock_costs_what_the_first_priced_receipt_does_else_the_item(tables: Tables) -> None:
    lines = [
        line(1, received_at="2024-01-03", quantity_received=1.0, unit_price=np.nan),
        line(2, received_at="2024-01-05", quantity_received=1.0, unit_price=2.5),
        line(3, received_at="2024-01-09", quantity_received=1.0, unit_price=9.0),
    ]
    with_orders = replace(tables, purchase_orders=filled("purchase_orders", *lines))
    assert stock_movements(with_orders, AS_OF, WEEKS).opening["unit_cost"].tolist() == [2.5]
    without = replace(tables, purchase_orders=empty_table("purchase_orders"))
    assert stock_movements(without, AS_OF, WEEKS).opening["unit_cost"].tolist() == [3]


def test_a_line_with_receipts_is_read_from_there_less_what_was_rejected_of_the_last_ones(
    tables: Tables,
) -> None:
    lines = [
        line(1, received_at="2024-01-12", quantity_received=99.0, quantity_rejected=5.0, unit_price=4.0),
        line(2, received_at="2024-01-20", quantity_received=6.0, quantity_rejected=1.0),
        line(3, received_at="2024-01-21"),
    ]
    parts = [
        {"order_id": "po", "line": "1", "received_at": "2024-01-12", "quantity": 3.0},
        {"order_id": "po", "line": "1", "received_at": "2024-01-04", "quantity": 7.0},
    ]
    changed = replace(
        tables, purchase_orders=filled("purchase_orders", *lines), receipts=filled("receipts", *parts)
    )
    found = stock_movements(changed, AS_OF, WEEKS).movements
    came = found[found["kind"] == "receipt"].sort_values("at")
    # 5 rejected: 3 of the last delivery and 2 of the one before; line 3 says no quantity: all that was ordered
    assert came["at"].tolist() == [DAY("2024-01-04"), DAY("2024-01-20"), DAY("2024-01-21")]
    assert came["quantity"].tolist() == [7 - 2, 6 - 1, 10]
    assert came["unit_cost"].tolist() == [4, 2, 2]


@pytest.mark.parametrize(("as_of", "periods", "receipts"), [("2024-01-20", 1, 0), ("2024-01-22", 2, 1)])
def test_what_is_later_than_the_as_of_day_is_not_seen(tables: Tables, as_of, periods, receipts) -> None:
    booked = filled("purchase_orders", line(1, received_at="2024-01-22 14:00", quantity_received=10.0))
    stock = filled("stock", {"unique_id": "a", "as_of": "2024-01-08", "on_hand": 30.0}, *[
        {"unique_id": "a", "as_of": "2024-02-08", "on_hand": 1.0}
    ])  # fmt: skip
    found = stock_movements(replace(tables, purchase_orders=booked, stock=stock), DAY(as_of), WEEKS)
    assert (found.movements["kind"] == "sale").sum() == periods
    assert (found.movements["kind"] == "receipt").sum() == receipts
    assert found.balance["on_hand"].tolist() == [30]


def test_what_came_on_the_midnight_after_the_day_is_not_seen(tables: Tables) -> None:
    booked = [
        line(1, received_at="2024-01-30", quantity_received=10.0),
        line(2),
        line(3, ordered_at="2024-01-30", quantity_received=2.0),
    ]
    parts = filled("receipts", {"order_id": "po", "line": "2", "received_at": "2024-01-30", "quantity": 3.0})
    lots = filled("inventory_lots", {"unique_id": "b", "received_at": "2024-01-30", "quantity": 6.0})
    later = replace(
        tables, purchase_orders=filled("purchase_orders", *booked), receipts=parts, inventory_lots=lots
    )
    before, after = (stock_movements(later, DAY(day), WEEKS).balance for day in ("2024-01-29", "2024-01-30"))
    columns = ["unique_id", "received", "undated"]
    assert before[columns].to_numpy().tolist() == [["a", 0, 0]]
    assert after[columns].to_numpy().tolist() == [["a", 13, 2], ["b", 0, 0]]


def test_units_received_on_an_unknown_day_are_named_and_no_movement(tables: Tables) -> None:
    booked = filled(
        "purchase_orders", line(1, quantity_received=4.0), line(2), line(3, quantity_received=0.0)
    )
    found = stock_movements(replace(tables, purchase_orders=booked), AS_OF, WEEKS)
    assert found.balance["undated"].tolist() == [4]
    assert found.balance["received"].tolist() == [0]
    assert found.balance["opening"].tolist() == [17]


def test_a_price_of_the_demand_counts_before_that_of_the_item(tables: Tables) -> None:
    demand = filled("demand", sold("2024-01-01", 8, price=5.5), sold("2024-01-08", 2, price=np.nan))
    found = stock_movements(replace(tables, demand=demand), AS_OF, WEEKS).movements
    assert found.loc[found["kind"] == "sale", "unit_price"].tolist() == [5.5, 6]


def test_a_sku_without_a_count_ends_at_its_lots_else_at_what_came_and_was_not_sold(tables: Tables) -> None:
    lots = filled("inventory_lots", *[
        {"unique_id": "a", "received_at": day, "quantity": 6.0} for day in ("2024-01-03", "2024-01-20", "2024-01-30")
    ])  # fmt: skip
    uncounted = replace(tables, stock=empty_table("stock"))
    by_lots = stock_movements(replace(uncounted, inventory_lots=lots), AS_OF, WEEKS).balance.iloc[0]
    assert by_lots[["opening", "on_hand"]].tolist() == [15, 12]
    neither = stock_movements(uncounted, AS_OF, WEEKS).balance.iloc[0]
    assert (neither["opening"], neither["unexplained"]) == (3, 0)
    assert np.isnan(neither["on_hand"])


def test_rounding_is_neither_opening_stock_nor_written_off(tables: Tables) -> None:
    demand = filled("demand", sold("2024-01-01", 0.1), sold("2024-01-08", 0.2))
    booked = filled("purchase_orders", line(1, received_at="2024-01-03", quantity_received=0.3))
    stock = filled("stock", {"unique_id": "a", "as_of": "2024-01-29", "on_hand": 0.0})
    found = stock_movements(replace(tables, demand=demand, purchase_orders=booked, stock=stock), AS_OF, WEEKS)
    assert found.balance[["opening", "unexplained"]].to_numpy().tolist() == [[0, 0]]
    assert set(found.movements["kind"]) == {"sale", "receipt"}


def test_no_tables_give_no_movements_and_stock_alone_gives_the_opening() -> None:
    nothing = stock_movements(Tables(), AS_OF, WEEKS)
    assert (len(nothing.movements), len(nothing.opening), len(nothing.balance)) == (0, 0, 0)
    counted = Tables(stock=filled("stock", {"unique_id": "a", "as_of": "2024-01-10", "on_hand": 5.0}))
    found = stock_movements(counted, AS_OF, WEEKS)
    assert found.opening[["quantity", "received_at"]].to_numpy().tolist() == [[5, DAY("2024-01-09")]]
    costed = cost_layers(found.movements, found.opening, unit_cost=found.unit_cost)
    assert [costed[method].units.tolist() for method in METHODS] == [[5]] * 3
