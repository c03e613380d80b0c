"""The spend cube: millions of spend lines as codes and numbers, summed by any dimension under any filter."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

import numpy as np
import pandas as pd
import pyarrow as pa
from numba import njit
from numpy.typing import NDArray

from distributions.distribution import Array

DIMENSIONS = ("unique_id", "supplier_id", "category", "department", "site", "month")
"""What spend is summed by and filtered by; a line without a value has the empty text."""
FLAGS = ("contracted", "off_contract", "priced", "certified", "diverse", "local")
_TEXTS = ("order_id", "line", "status", "contract_id", "requested_by", "approved_by")
_NUMBERS = (
    "units",
    "unit_price",
    "amount",
    "contract_price",
    "over_contract",
    "lowest_offer",
    "over_lowest",
    "invoiced",
)
_SUMMED = ("units", "amount", "over_contract", "over_lowest", "invoiced")
_SHARES = ("contracted", "off_contract", "certified", "diverse", "local")

Rows = NDArray[np.intp]


@dataclass(frozen=True)
class SpendCube:
    """Spend lines in one Arrow table, which a file can be mapped to, with the lines of each order side by side.

    So orders are counted in one pass that remembers the last order of each value: no sorting, no hashing.
    """

    table: pa.Table

    @classmethod
    def of(cls, lines: pd.DataFrame) -> Self:
        """The cube of `procurement.spend.spend_lines.spend_lines`."""
        first = lines.groupby("order_id", sort=False)["ordered_at"].transform("min")
        order = pd.DataFrame({"first": first, "order_id": lines["order_id"], "line": lines["line"]})
        at = order.sort_values(list(order), kind="stable").index
        ordered = lines.loc[at]
        number = (ordered["order_id"] != ordered["order_id"].shift()).cumsum().to_numpy(np.int32) - 1
        columns: dict[str, pa.Array] = {"order": pa.array(number, pa.int32())}
        for name in (*DIMENSIONS, *_TEXTS):
            codes, values = pd.factorize(ordered[name].fillna("").astype(str), sort=True)
            indices = pa.array(codes.astype(np.int32), pa.int32())
            columns[name] = pa.DictionaryArray.from_arrays(
                indices, pa.array(values.astype(object), pa.string())
            )
        columns["day"] = pa.array(
            ordered["ordered_at"].to_numpy("datetime64[D]").astype(np.int32), pa.int32()
        )
        for name in _NUMBERS:
            columns[name] = pa.array(ordered[name].to_numpy(float), pa.float64())
        for name in FLAGS:
            columns[name] = pa.array(ordered[name].to_numpy(bool).astype(np.uint8), pa.uint8())
        return cls(pa.table(columns))

    def __len__(self) -> int:
        return int(self.table.num_rows)

    def numbers(self, name: str) -> Array:
        """A column of numbers, codes or flags, (n,), without a copy where the file allows."""
        column = self.table.column(name)
        if not column.num_chunks:
            column = pa.chunked_array([pa.array([], column.type)])
        chunk = column.chunk(0)
        values = chunk.indices if pa.types.is_dictionary(chunk.type) else chunk
        return np.asarray(values.to_numpy(zero_copy_only=False))

    def names(self, dimension: str) -> list[str]:
        """All values of a dimension, by code."""
        return self._names[dimension]

    @cached_property
    def _names(self) -> dict[str, list[str]]:
        found = {}
        for name in DIMENSIONS:
            column = self.table.column(name)
            found[name] = column.chunk(0).dictionary.to_pylist() if column.num_chunks else []
        return found

    @cached_property
    def _code_of(self) -> dict[str, dict[str, int]]:
        return {name: {value: code for code, value in enumerate(self._names[name])} for name in DIMENSIONS}

    def knows(self, dimension: str, value: str) -> bool:
        """Whether any line has the value."""
        return value in self._code_of[dimension]

    def rows(
        self, where: Mapping[str, str], *, flag: str = "", since: str = "", until: str = ""
    ) -> Rows | None:
        """Rows of the lines with the values `where` of dimensions, a flag, and a month from `since` to `until`.

        None: all of them. A flag beginning with `not_` asks for lines without it.
        """
        kept: NDArray[np.bool_] | None = None
        for name, value in where.items():
            code = self._code_of[name].get(value, -1)
            kept = _and(kept, self.numbers(name) == code)
        months = self._names["month"]
        if since:
            kept = _and(kept, self.numbers("month") >= int(np.searchsorted(months, since)))
        if until:
            kept = _and(kept, self.numbers("month") < int(np.searchsorted(months, until, side="right")))
        if flag:
            kept = _and(kept, self.numbers(flag.removeprefix("not_")) == (not flag.startswith("not_")))
        return None if kept is None else np.flatnonzero(kept)

    def by(self, dimension: str, rows: Rows | None = None) -> pd.DataFrame:
        """Sums by the values of a dimension, the most money first.

        Returns
        -------
        DataFrame
            name, orders, lines, units, amount, share (of all), average_order (money), over_contract, over_lowest
            (money), invoiced, and amount_… of each flag: the money of lines that have it
        """
        count = len(self._names[dimension])
        table = pd.DataFrame(self._sums(self.numbers(dimension), count, rows))
        table.insert(0, "name", self._names[dimension])
        table = table[table["lines"] > 0]
        return table.sort_values(["amount", "name"], ascending=[False, True], ignore_index=True)

    def total(self, rows: Rows | None = None) -> dict[str, float]:
        """Sums over the lines, as `by` has them for each value."""
        sums = self._sums(np.zeros(len(self), np.int32), 1, rows)
        return {name: float(values[0]) for name, values in sums.items()}

    def lines(self, rows: Rows) -> pd.DataFrame:
        """The lines `rows` as a frame, the day as a date; only they are read."""
        taken: dict[str, object] = {}
        for name in self.table.column_names:
            column = self.table.column(name)
            chunk = column.chunk(0) if column.num_chunks else pa.array([], column.type)
            values = chunk.take(pa.array(rows))
            if pa.types.is_dictionary(values.type):
                taken[name] = np.array(values.dictionary_decode().to_pylist(), dtype=object)
            else:
                taken[name] = values.to_numpy(zero_copy_only=False)
        frame = pd.DataFrame(taken)
        days = frame.pop("day").to_numpy("datetime64[D]").astype("datetime64[ns]")
        flags = {name: frame[name].astype(bool) for name in FLAGS}
        return frame.drop(columns="order").assign(ordered_at=days, **flags)

    def newest_first(self, rows: Rows | None = None) -> Rows:
        """Rows with the last order first: the other way round than they lie."""
        return np.arange(len(self) - 1, -1, -1) if rows is None else rows[::-1]

    def _sums(self, codes: NDArray[np.generic], count: int, rows: Rows | None) -> dict[str, Array]:
        """Sums of the lines `rows` by their code, of which there are `count`; `codes` are those of all lines."""
        numbers = tuple(self.numbers(name) for name in _SUMMED)
        flags = tuple(self.numbers(name) for name in _SHARES)
        chosen = np.arange(len(codes)) if rows is None else rows
        summed = _sum_by_code(codes, self.numbers("order"), chosen, numbers, flags, count)
        names = ("orders", "lines", *_SUMMED, *(f"amount_{flag}" for flag in _SHARES))
        sums = dict(zip(names, summed.T, strict=True))
        whole = sums["amount"].sum()
        sums["share"] = sums["amount"] / whole if whole > 0 else np.zeros(count)
        sums["average_order"] = sums["amount"] / np.maximum(sums["orders"], 1)
        return sums


@njit(cache=True, nogil=True)
def _sum_by_code(codes: Any, orders: Any, rows: Any, numbers: Any, flags: Any, count: int) -> Any:
    """Sums by code, (count, 2 + numbers + flags): orders, lines, each number, and the second number where flagged.

    The lines of an order stand side by side, so that one is new where it is not the last one of its code. A number that
    is not known adds nothing.
    """
    result = np.zeros((count, 2 + len(numbers) + len(flags)))
    last = np.full(count, -1, np.int64)
    for row in rows:
        code = codes[row]
        if last[code] != orders[row]:
            last[code] = orders[row]
            result[code, 0] += 1.0
        result[code, 1] += 1.0
        for j in range(len(numbers)):
            value = numbers[j][row]
            if not np.isnan(value):
                result[code, 2 + j] += value
        for j in range(len(flags)):
            if flags[j][row]:
                result[code, 2 + len(numbers) + j] += numbers[1][row]
    return result


def concentration(amounts: Array) -> dict[str, float]:
    """How far spend is with few: the Herfindahl index (1: all with one) and the share of the largest one, five, ten."""
    amounts = np.sort(np.maximum(amounts, 0.0))[::-1]
    total = amounts.sum()
    if not total > 0:
        return {"herfindahl": np.nan, "largest": np.nan, "top_5": np.nan, "top_10": np.nan}
    share = amounts / total
    return {
        "herfindahl": float((share**2).sum()),
        "largest": float(share[0]),
        "top_5": float(share[:5].sum()),
        "top_10": float(share[:10].sum()),
    }


def _and(kept: NDArray[np.bool_] | None, more: NDArray[np.bool_]) -> NDArray[np.bool_]:
    return more if kept is None else kept & more
