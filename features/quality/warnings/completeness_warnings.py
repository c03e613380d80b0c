"""Warnings about what is missing: columns that look misspelt, ids without their master row, old stock counts."""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from functools import cache

import pandas as pd

from features.contract import frequency
from features.contract.tables import TABLES, Tables
from features.quality.warnings.data_warning import DataWarning

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


def misspelt_columns(
    columns: Mapping[str, tuple[str, ...]], origins: Mapping[str, str]
) -> Iterator[DataWarning]:
    """Warnings about columns outside the contract that are spelt much like a contract column that is missing.

    Parameters
    ----------
    columns : table → names of the columns that its source has
    origins : table → how messages call it
    """
    for table, names in columns.items():
        there = set(names)
        for column in sorted(there - set(TABLES[table])):
            near = get_close_matches(column.lower(), sorted(set(TABLES[table]) - there), 1, 0.8)
            if near:
                yield DataWarning(
                    "unknown_column",
                    table,
                    1,
                    len(there),
                    f"column {column} of {origins[table]} is not one of the contract, but spelt much like {near[0]}",
                    "",
                    f"If it is {near[0]}, rename it",
                )


def completeness_warnings(tables: Tables, freq: str, as_of: pd.Timestamp) -> Iterator[DataWarning]:
    """Warnings about ids of one table without a row in another, and about old stock counts."""
    ids = cache(
        lambda table, column: pd.Index(getattr(tables, table)[column].unique(), dtype=object).dropna()
    )
    for table, column, other, sentence in _LINKS:
        if {table, other} <= set(tables.present):
            yield from _unmatched(ids(table, column), ids(other, column), table, other, sentence)
    yield from old_stock(tables.stock, freq, as_of)


def _unmatched(
    ids: pd.Index, known: pd.Index, table: str, other: str, sentence: str
) -> Iterator[DataWarning]:
    """Warning about the `ids` of a table that the `other` table does not have, with a spelling that it has."""
    lost = ids.difference(known)
    if not len(lost):
        return
    folded = {str(name).casefold(): name for name in known}
    alike = [(name, folded[name.casefold()]) for name in lost if name.casefold() in folded]
    yield DataWarning(
        f"not_in_{other}",
        table,
        len(lost),
        len(ids),
        f"{len(lost):,} of {len(ids):,} {sentence}",
        f"{alike[0][0]}, which stands in {other} as {alike[0][1]}" if alike else str(lost[0]),
        "Spell ids alike in all tables" if alike else f"Add them to {other}, or leave them out",
    )


def old_stock(stock: pd.DataFrame, freq: str, as_of: pd.Timestamp) -> Iterator[DataWarning]:
    """Warning about stock last counted more than a period before the as-of date."""
    last = stock.groupby("unique_id")["as_of"].max()
    old = last[last.isin([day for day in last.unique() if frequency.period_end(day, freq) < as_of])]
    if len(old):
        yield DataWarning(
            "old_stock",
            "stock",
            len(old),
            len(last),
            f"stock of {len(old):,} of {len(last):,} SKUs was last counted more than a period before {as_of:%Y-%m-%d}",
            f"{old.idxmin()}: {old.min():%Y-%m-%d}",
            "Give a stock table of the same day as the end of demand",
        )
