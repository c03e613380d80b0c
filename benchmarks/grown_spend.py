"""Spend, stock and segments of a plan grown to many SKUs and order lines, for the benchmark of pages."""

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from artifacts.parts.procurement_store import Procurement
from procurement.spend.spend_cube import SpendCube

_NUMBERED = ("unique_id", "order_id")
"""Columns of the lines that get the number of their copy; suppliers, departments, sites and months stay few."""


def grown_procurement(procurement: Procurement, *, skus: int, lines: int) -> Procurement:
    """The same with so many SKUs and order lines: copies side by side, SKUs and orders with the copy's number."""
    known = max(len(procurement.table("stock_value")), 1)
    tables = {name: _copies(table, -(-skus // known)) for name, table in procurement.tables.items()}
    inputs = {name: _copies(table, 1) for name, table in procurement.inputs.items()}
    return Procurement(_grown_cube(procurement.spend, -(-skus // known), lines), tables, inputs)


def _grown_cube(cube: SpendCube, many: int, lines: int) -> SpendCube:
    """The cube's lines side by side with themselves, those of `many` copies of each SKU in turn."""
    size = len(cube)
    copies = -(-lines // max(size, 1))
    number = np.repeat(np.arange(copies), size)[:lines]
    rows = np.tile(np.arange(size), copies)[:lines]
    columns: dict[str, pa.Array] = {}
    for name in cube.table.column_names:
        column = cube.table.column(name).chunk(0)
        if pa.types.is_dictionary(column.type):
            columns[name] = _grown_texts(column, rows, number % many if name == "unique_id" else number, name)
        else:
            values = column.to_numpy(zero_copy_only=False)[rows]
            orders = int(column.to_numpy(zero_copy_only=False).max()) + 1 if name == "order" else 0
            columns[name] = pa.array((values + number * orders).astype(values.dtype), column.type)
    return SpendCube(pa.table(columns))


def _grown_texts(
    column: pa.DictionaryArray, rows: NDArray[np.int64], number: NDArray[np.int64], name: str
) -> pa.DictionaryArray:
    """A column of texts of the grown lines."""
    codes, values = column.indices.to_numpy(zero_copy_only=False), column.dictionary.to_pylist()
    if name not in _NUMBERED:
        return pa.DictionaryArray.from_arrays(pa.array(codes[rows]), column.dictionary)
    most = int(number.max()) + 1
    named = [f"{value}-{copy:04d}" for copy in range(most) for value in values]
    grown = (codes[rows] + number * len(values)).astype(np.int32)
    return pa.DictionaryArray.from_arrays(pa.array(grown), pa.array(named, pa.string()))


def _copies(table: pd.DataFrame, many: int) -> pd.DataFrame:
    """A table side by side with itself where it is about SKUs."""
    if "unique_id" not in table or many == 1 or table.empty:
        return table
    parts = [
        table.assign(unique_id=table["unique_id"].astype(object) + f"-{copy:04d}") for copy in range(many)
    ]
    return pd.concat(parts, ignore_index=True)
