"""Warnings about what is missing: columns that look misspelt, ids without their master row, old stock counts."""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches

import pandas as pd

from features.contract.period_calendar import PeriodCalendar
from features.contract.tables import TABLES, Tables
from features.quality.warnings.data_warning import DataWarning
from features.quality.warnings.link_warnings import link_warnings


def misspelt_columns(
    columns: Mapping[str, tuple[str, ...]], origins: Mapping[str, str]
) -> Iterator[DataWarning]:
    """Warnings about columns without a name, or spelt much like a contract column that is missing.

    Parameters
    ----------
    columns : table → names of the columns that its source has
    origins : table → how messages call it
    """
    for table, names in columns.items():
        there = set(names)
        if "" in there:
            yield DataWarning(
                "unnamed_column",
                table,
                1,
                len(names),
                f"column {names.index('') + 1} of {origins[table]} has values and no name, and is not read",
                "",
                "Name it in the header, or remove it",
            )
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


def completeness_warnings(
    tables: Tables, calendar: PeriodCalendar, as_of: pd.Timestamp
) -> Iterator[DataWarning]:
    """Warnings about ids of one table without a row in another or spelled otherwise, and about old stock counts."""
    yield from link_warnings(tables)
    yield from old_stock(tables.stock, calendar, as_of)


def old_stock(stock: pd.DataFrame, calendar: PeriodCalendar, as_of: pd.Timestamp) -> Iterator[DataWarning]:
    """Warning about stock last counted more than a period before the as-of date."""
    last = stock.groupby("unique_id")["as_of"].max()
    old = last[last.isin([day for day in last.unique() if calendar.end(day) < as_of])]
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
