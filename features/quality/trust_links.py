"""What is missing between tables: ids without their master row, stock counts that are old or not there."""

from collections.abc import Iterator
from functools import cache

import pandas as pd

from features.contract import calendar
from features.contract.tables import Tables
from features.quality.checked import TrustWarning

_LINKS = (
    (
        "demand",
        "unique_id",
        "items",
        "SKUs of demand have no row in items: no money and no category for them",
    ),
    ("demand", "unique_id", "offers", "SKUs of demand have no offer: nobody to order them from"),
    ("demand", "unique_id", "stock", "SKUs of demand have no stock row: no order quantity for them"),
    ("offers", "unique_id", "items", "SKUs of offers have no row in items"),
    ("offers", "supplier_id", "suppliers", "suppliers of offers have no row in suppliers"),
    ("purchase_orders", "supplier_id", "suppliers", "suppliers of purchase_orders have no row in suppliers"),
    ("purchase_orders", "unique_id", "demand", "ordered SKUs have no demand: they cannot be forecast"),
)


def link_warnings(tables: Tables, freq: str, as_of: pd.Timestamp) -> Iterator[TrustWarning]:
    """Warnings about ids that one table names and another does not, and about old stock counts."""
    ids = cache(
        lambda table, column: pd.Index(getattr(tables, table)[column].unique(), dtype=object).dropna()
    )
    for table, column, other, sentence in _LINKS:
        if {table, other} <= set(tables.present):
            yield from _unmatched(ids(table, column), ids(other, column), table, other, sentence)
    yield from old_stock(tables.stock, freq, as_of)


def _unmatched(
    ids: pd.Index, known: pd.Index, table: str, other: str, sentence: str
) -> Iterator[TrustWarning]:
    lost = ids.difference(known)
    if not len(lost):
        return
    folded = {str(name).casefold(): name for name in known}
    alike = [(name, folded[name.casefold()]) for name in lost if name.casefold() in folded]
    yield TrustWarning(
        f"not_in_{other}",
        table,
        len(lost),
        len(ids),
        f"{len(lost):,} of {len(ids):,} {sentence}",
        f"{alike[0][0]}, which stands in {other} as {alike[0][1]}" if alike else str(lost[0]),
        "Spell ids alike in all tables" if alike else f"Add them to {other}, or leave them out",
    )


def old_stock(stock: pd.DataFrame, freq: str, as_of: pd.Timestamp) -> Iterator[TrustWarning]:
    """Stock last counted more than a period before the as-of date."""
    last = stock.groupby("unique_id")["as_of"].max()
    old = last[last.isin([day for day in last.unique() if calendar.period_end(day, freq) < as_of])]
    if len(old):
        yield TrustWarning(
            "old_stock",
            "stock",
            len(old),
            len(last),
            f"stock of {len(old):,} of {len(last):,} SKUs was last counted more than a period before {as_of:%Y-%m-%d}",
            f"{old.idxmin()}: {old.min():%Y-%m-%d}",
            "Give a stock table of the same day as the end of demand",
        )
