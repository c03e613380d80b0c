"""Mutations that keep every format and make no sense: units, orders and receipts that disagree, absurd terms."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchmarks.dirty.dirty_company import DirtyCompany, NothingToDo, Rng, some_rows
from benchmarks.dirty.dirty_table import DirtyTable, Rows, Verdict

_STATUS = ("open", "closed", "cancelled", "CANCELED", "Geliefert", "partially received", "?", "", "void", "1")
_TERMS = {
    "moq": ("0", "1e9", "0.5", "1000000", "7"),
    "order_multiple": ("0", "0.1", "1e6", "7", "100"),
    "max_quantity": ("0", "1", "0.5", "150", "5"),
    "unit_price": ("0", "0.0001", "1e9"),
    "ordering_cost": ("0", "1e9"),
    "lead_time_days": ("0", "5000", "0.5"),
    "expedite_cost": ("0", "1e9"),
}  # fmt: skip
_BREAKS = (
    "10:9;100:12", "100:9.5;100:9.1", "100:0", "0:5", "5:1;3:2", "100:9,50", "100-9.5", "1:1e3", "100:9.5;", ";", "x",
    "100:9.50|500:9.10", "99999999999:1",
)  # fmt: skip


def another_unit(company: DirtyCompany, rng: Rng) -> str:
    """A number column ×1000, ×100, ×12 or ÷1000: in one row, of one SKU, or in the whole table."""
    table, column = company.some_column(rng, "number")
    rows, factor = table.filled(column), float(rng.choice([1000, 100, 12, 0.001]))
    scope = int(rng.integers(3))
    if scope == 0:
        rows = some_rows(rng, rows)
    elif scope == 1 and "unique_id" in table.columns:
        ids = table.cells["unique_id"][rows]
        named = [text for text in ids if text is not None]
        rows = rows[ids == rng.choice(named)] if named else rows
    values = [float(table.cells[column][row]) * factor for row in rows]
    _as_written(
        table, column, rows, [f"{value:.15g}" for value in values], [float(f"{v:.15g}") for v in values]
    )
    return f"{table.name}.{column}: ×{factor:g} in {len(rows)} rows"


def received_before_ordered(company: DirtyCompany, rng: Rng) -> str:
    """Orders that arrive before they are placed."""
    orders = company.table("purchase_orders")
    rows = _rows_with(orders, rng, "received_at", "ordered_at")
    orders.put(rows, "received_at", ["2016-12-01"] * len(rows), Verdict.WRONG)
    return f"purchase_orders: {len(rows)} received before they were ordered"


def received_in_the_future(company: DirtyCompany, rng: Rng) -> str:
    """Orders or receipts that came after the day of the data."""
    name = ("purchase_orders", "receipts")[rng.integers(2)]
    table = company.table(name)
    rows = _rows_with(table, rng, "received_at")
    table.put(rows, "received_at", ["2018-06-01"] * len(rows), Verdict.WRONG)
    return f"{name}: {len(rows)} received after the end of the data"


def receipt_of_no_order(company: DirtyCompany, rng: Rng) -> str:
    """Receipts whose order line is not there."""
    receipts = company.table("receipts")
    rows = _rows_with(receipts, rng, "order_id", "line")
    receipts.put(
        rows,
        "line",
        ["99"] * len(rows),
        Verdict.WRONG if company.tables["purchase_orders"].stems else Verdict.OPEN,
    )
    return f"receipts: {len(rows)} for a line that there is not"


def other_quantity_received(company: DirtyCompany, rng: Rng) -> str:
    """More came than was ordered, or nothing though it is received."""
    orders = company.table("purchase_orders")
    rows = _rows_with(orders, rng, "quantity_received", "quantity_ordered")
    factor = float(rng.choice([0, 0.1, 1.5, 30]))
    values = [float(orders.cells["quantity_ordered"][row]) * factor for row in rows]
    _as_written(orders, "quantity_received", rows, [f"{value:.15g}" for value in values], values)
    return f"purchase_orders: {len(rows)} received {factor:g} times what was ordered"


def nothing_ordered(company: DirtyCompany, rng: Rng) -> str:
    """Order lines of quantity zero."""
    orders = company.table("purchase_orders")
    rows = _rows_with(orders, rng, "quantity_ordered")
    orders.put(rows, "quantity_ordered", ["0"] * len(rows), Verdict.WRONG)
    return f"purchase_orders: {len(rows)} order nothing"


def old_open_orders(company: DirtyCompany, rng: Rng) -> str:
    """Open order lines much older than any delivery took, perhaps huge."""
    orders = company.table("purchase_orders")
    rows = _rows_with(orders, rng, "received_at", "ordered_at")
    orders.put(rows, "received_at", [None] * len(rows), Verdict.MEANT)
    orders.mean(rows, "received_at", [None] * len(rows))
    if "quantity_ordered" in orders.columns and rng.random() < 0.5:
        _as_written(orders, "quantity_ordered", rows, ["50000"] * len(rows), [50000.0] * len(rows))
    return f"purchase_orders: {len(rows)} are open for long"


def status_words(company: DirtyCompany, rng: Rng) -> str:
    """A status column, whose words may contradict the dates."""
    orders = company.table("purchase_orders")
    words = [str(rng.choice(_STATUS)) for _ in range(int(rng.integers(1, 4)))]
    values = np.array([word or None for word in rng.choice(words, len(orders))], dtype=object)
    _add_column(orders, "status", values)
    return f"purchase_orders has a status of {words}"


def absurd_terms(company: DirtyCompany, rng: Rng) -> str:
    """Terms of an offer that nobody could order by."""
    offers = company.table("offers")
    there = [column for column in _TERMS if column in offers.columns]
    if not there:
        raise NothingToDo
    rows = some_rows(rng, np.arange(len(offers)), float(rng.choice([0.03, 1.0])))
    done = []
    for column in rng.choice(there, min(len(there), int(rng.integers(1, 4))), replace=False):
        text = str(rng.choice(_TERMS[column]))
        offers.put(rows, column, [text] * len(rows), Verdict.OPEN)
        done.append(f"{column} {text}")
    return f"offers: {', '.join(done)} in {len(rows)} rows"


def absurd_price_breaks(company: DirtyCompany, rng: Rng) -> str:
    """Price breaks that rise, repeat themselves, or cannot be read."""
    offers = company.table("offers")
    if "price_breaks" not in offers.columns:
        raise NothingToDo
    rows = some_rows(rng, np.arange(len(offers)))
    text = str(rng.choice(_BREAKS))
    offers.put(rows, "price_breaks", [text] * len(rows), Verdict.OPEN)
    return f"offers.price_breaks: {text!r} in {len(rows)} rows"


def odd_validity(company: DirtyCompany, rng: Rng) -> str:
    """Offers that ended, begin later, or end before they begin."""
    offers = company.table("offers")
    if not {"valid_from", "valid_to"} <= set(offers.columns):
        raise NothingToDo
    rows = some_rows(rng, np.arange(len(offers)), float(rng.choice([0.03, 1.0])))
    start, end = (("2016-01-01", "2017-06-01"), ("2019-01-01", None), ("2017-06-01", "2017-01-01"))[
        rng.integers(3)
    ]
    for column, text in (("valid_from", start), ("valid_to", end)):
        offers.put(rows, column, [text] * len(rows), Verdict.OPEN)
    offers.judge_all(rows, Verdict.OPEN)
    return f"offers: {len(rows)} valid from {start} to {end}"


def odd_succession(company: DirtyCompany, rng: Rng) -> str:
    """Items that replace themselves, each other, or what there is not."""
    items = company.table("items")
    if "unique_id" not in items.columns or len(items) < 3:
        raise NothingToDo
    ids = items.cells["unique_id"]
    rows = some_rows(rng, np.arange(len(items)), 0.1)
    old = [
        ids[row] if rng.random() < 0.4 else str(rng.choice(["nope", str(ids[0]), f"{ids[1]};{ids[2]}"]))
        for row in rows
    ]
    items.cells["replaces"] = np.full(len(items), None, dtype=object)
    items.header = [*[pair for pair in items.header if pair[1] != "replaces"], ("replaces", "replaces")]
    items.put(rows, "replaces", old, Verdict.OPEN)
    items.judge_all(np.union1d(rows, np.arange(3)), Verdict.OPEN)
    return f"items.replaces: {old}"


def foreign_currency(company: DirtyCompany, rng: Rng) -> str:
    """A currency beside the prices, another one in some rows, for which there is no rate."""
    table = company.table(("offers", "purchase_orders")[rng.integers(2)])
    usual, other = str(rng.choice(["USD", "usd", ""])), str(rng.choice(["EUR", "US$", "XXX", "?", "USD "]))
    values = np.full(len(table), usual or None, dtype=object)
    values[some_rows(rng, np.arange(len(table)), float(rng.choice([0.03, 1.0])))] = other
    _add_column(table, "currency", values)
    return f"{table.name}.currency is {usual!r} and {other!r}"


def purchase_units(company: DirtyCompany, rng: Rng) -> str:
    """Offers in packs, with contents that no pack has among them."""
    offers = company.table("offers")
    size = str(rng.choice(["10", "12.5", "0", "-6", "1e9", "x", "0.001"]))
    rows = some_rows(rng, np.arange(len(offers)), float(rng.choice([0.03, 1.0])))
    for column, text in (("purchase_unit", "pack"), ("units_per_purchase_unit", size)):
        if column == "purchase_unit" and rng.random() < 0.3:
            continue
        values = np.full(len(offers), None, dtype=object)
        values[rows] = text
        _add_column(offers, column, values)
    return f"offers: packs of {size} in {len(rows)} rows"


def stock_days(company: DirtyCompany, rng: Rng) -> str:
    """Stock counted long ago, on several days, or never."""
    stock = company.table("stock")
    rows = _rows_with(stock, rng, "as_of")
    rows = rows if rng.random() < 0.5 else stock.filled("as_of")
    day = str(rng.choice(["2017-06-01", "2017-12-30", "2017-12-28", "2018-01-05"]))
    _as_written(stock, "as_of", rows, [day] * len(rows), [pd.Timestamp(day)] * len(rows))
    return f"stock: {len(rows)} counted on {day}"


def demand_pattern(company: DirtyCompany, rng: Rng) -> str:
    """A SKU that never sold, sells the same always, once a year, or out of stock all the time."""
    demand = company.table("demand")
    rows = _rows_with(demand, rng, "y", "unique_id")
    ids = demand.cells["unique_id"]
    rows = demand.filled("y")[ids[demand.filled("y")] == ids[rows[0]]]
    kind = int(rng.integers(4))
    values = (
        np.where(np.arange(len(rows)) == len(rows) // 2, 40.0, 0.0)
        if kind == 2
        else np.full(len(rows), (0.0, 70.0, 0.0, 0.0)[kind])
    )
    _as_written(demand, "y", rows, [f"{value:g}" for value in values], values.tolist())
    if kind == 3 and "in_stock" in demand.columns:
        _as_written(demand, "in_stock", rows, ["false"] * len(rows), [False] * len(rows))
    return f"demand: a SKU {('never sells', 'sells 70 always', 'sold once', 'is always out of stock')[kind]}"


def _add_column(table: DirtyTable, column: str, values: NDArray[np.object_]) -> None:
    """Add a column by which the whole table may be read otherwise."""
    table.cells[column] = values
    table.header = [*[pair for pair in table.header if pair[1] != column], (column, column)]
    table.edited.add(column)
    table.judge_all(np.arange(len(table)), Verdict.OPEN)


def _rows_with(table: DirtyTable, rng: Rng, *columns: str) -> Rows:
    """Draw a few rows that have untouched values in all of `columns`."""
    if not set(columns) <= set(table.columns):
        raise NothingToDo
    rows = np.arange(len(table))
    for column in columns:
        rows = np.intersect1d(rows, table.filled(column))
    return some_rows(rng, rows)


def _as_written(
    table: DirtyTable, column: str, rows: Rows, texts: list[str], values: Sequence[object]
) -> None:
    """Write other values, which are then the right ones."""
    table.put(rows, column, texts, Verdict.MEANT)
    table.mean(rows, column, values)


MUTATIONS = (
    another_unit, received_before_ordered, received_in_the_future, receipt_of_no_order, other_quantity_received,
    nothing_ordered, old_open_orders, status_words, absurd_terms, absurd_price_breaks, odd_validity, odd_succession,
    stock_days, demand_pattern, foreign_currency, purchase_units,
)  # fmt: skip
