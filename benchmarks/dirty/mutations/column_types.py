"""Mutations of column types in Parquet files: the same values in another type, and types that hold none."""

import decimal

import numpy as np
import pandas as pd
import pyarrow as pa

from benchmarks.dirty.dirty_company import DirtyCompany, NothingToDo, Rng
from benchmarks.dirty.dirty_table import Cast, DirtyTable, Verdict
from features.contract.tables import Kind

_NUMBERS: dict[str, Cast] = {
    "integers": lambda x: pa.array(x, from_pandas=True).cast(pa.int64()),
    "small integers": lambda x: pa.array(x, from_pandas=True).cast(pa.int16()),
    "texts": lambda x: pa.array([None if pd.isna(v) else f"{v:.15g}" for v in x], pa.string()),
    "decimals": lambda x: pa.array([None if pd.isna(v) else decimal.Decimal(f"{v:.15g}") for v in x]),
    "categories": lambda x: pa.array(x, from_pandas=True).dictionary_encode(),
}
_DATES: dict[str, Cast] = {
    "days": lambda x: pa.array(x, from_pandas=True).cast(pa.date32()),
    "date64": lambda x: pa.array(x, from_pandas=True).cast(pa.date32()).cast(pa.date64()),
    "seconds": lambda x: pa.array(x, from_pandas=True).cast(pa.timestamp("s")),
    "microseconds": lambda x: pa.array(x, from_pandas=True).cast(pa.timestamp("us")),
    "UTC": lambda x: pa.array(x.dt.tz_localize("UTC"), from_pandas=True),
    "midnights in Berlin": lambda x: pa.array(x.dt.tz_localize("Europe/Berlin"), from_pandas=True),
    "midnights in New York": lambda x: pa.array(x.dt.tz_localize("America/New_York"), from_pandas=True),
    "texts": lambda x: pa.array([None if pd.isna(v) else f"{v:%Y-%m-%d}" for v in x], pa.string()),
    "texts with time": lambda x: pa.array([None if pd.isna(v) else str(v) for v in x], pa.string()),
    "categories": lambda x: pa.array(x, from_pandas=True).dictionary_encode(),
}
_TEXTS: dict[str, Cast] = {
    "categories": lambda x: pa.array(x, pa.string(), from_pandas=True).dictionary_encode(),
    "large texts": lambda x: pa.array(x, pa.large_string(), from_pandas=True),
    "views": lambda x: pa.array(x, pa.string(), from_pandas=True).cast(pa.string_view()),
    "integers": lambda x: pa.array([int(v) for v in x], pa.int64()),
    "floats": lambda x: pa.array([float(v) for v in x], pa.float64()),
    "small integers": lambda x: pa.array([int(v) for v in x], pa.int32()),
}
_FLAGS: dict[str, Cast] = {
    "integers": lambda x: pa.array([None if pd.isna(v) else int(v) for v in x], pa.int8()),
    "floats": lambda x: pa.array([None if pd.isna(v) else float(v) for v in x], pa.float64()),
    "texts": lambda x: pa.array([None if pd.isna(v) else str(v) for v in x], pa.string()),
    "categories": lambda x: pa.array(x, from_pandas=True).cast(pa.string()).dictionary_encode(),
}
_SAME: dict[Kind, dict[str, Cast]] = {"number": _NUMBERS, "date": _DATES, "text": _TEXTS, "flag": _FLAGS}
_NONE: dict[str, Cast] = {
    "lists": lambda x: pa.array([[1, 2]] * len(x)),
    "structs": lambda x: pa.array([{"a": 1}] * len(x)),
    "durations": lambda x: pa.array(np.full(len(x), 5), pa.duration("ns")),
    "times": lambda x: pa.array(np.full(len(x), 5, np.int32), pa.time32("s")),
    "bytes that are no text": lambda x: pa.array([b"\xff\xfe"] * len(x), pa.binary()),
    "maps": lambda x: pa.array([[("a", 1)]] * len(x), pa.map_(pa.string(), pa.int64())),
    "infinite numbers": lambda x: pa.array(np.full(len(x), np.inf)),
}


def same_in_another_type(company: DirtyCompany, rng: Rng) -> str:
    """A Parquet column of the same values in another type."""
    kinds: tuple[Kind, ...] = ("number", "date", "text", "flag")
    kind = kinds[rng.integers(4)]
    table, column = _some_column(company, rng, kind)
    name = str(rng.choice(list(_SAME[kind])))
    _try(table, column, _SAME[kind][name])
    table.judge(np.arange(len(table)), column, Verdict.MEANT)
    return f"{table.name}.{column} holds {name}"


def all_columns_as_texts(company: DirtyCompany, rng: Rng) -> str:
    """Every column of a Parquet file as text, or as categories."""
    table = company.some_table(rng, ".parquet")
    categories = bool(rng.random() < 0.5)
    for column in table.columns:
        kind = table.clean.kinds.get(column)
        cast = None if kind is None else _SAME[kind].get("categories" if categories else "texts")
        if cast is not None and column not in table.edited:
            _try(table, column, cast)
    return f"{table.name} holds {'categories' if categories else 'texts'} only"


def single_precision(company: DirtyCompany, rng: Rng) -> str:
    """Numbers in single or half precision: their values are those that single precision holds."""
    table, column = _some_column(company, rng, "number")
    half = table.clean.typed[column].abs().max() < 1000 and rng.random() < 0.3
    dtype = np.float16 if half else np.float32
    table.casts[column] = lambda x: pa.array(x.to_numpy(dtype), from_pandas=True)
    rows = table.filled(column)
    values = table.meant[column].iloc[rows].to_numpy().astype(dtype).astype(float)
    table.mean(rows, column, values.tolist())
    table.judge(rows, column, Verdict.MEANT)
    return f"{table.name}.{column} holds {np.dtype(dtype)}"


def type_without_value(company: DirtyCompany, rng: Rng) -> str:
    """A Parquet column of a type that holds no number, date or flag."""
    kinds: tuple[Kind, ...] = ("number", "date", "flag")
    table, column = _some_column(company, rng, kinds[rng.integers(3)])
    name = str(rng.choice(list(_NONE)))
    table.casts[column] = _NONE[name]
    table.judge(np.arange(len(table)), column, Verdict.WRONG)
    return f"{table.name}.{column} holds {name}"


def all_null(company: DirtyCompany, rng: Rng) -> str:
    """A Parquet column without a value, of the type null, text or number."""
    kinds: tuple[Kind, ...] = ("number", "date", "flag", "text")
    table, column = _some_column(company, rng, kinds[rng.integers(4)])
    kind = (pa.null(), pa.string(), pa.float64(), pa.timestamp("ns"))[rng.integers(4)]
    table.casts[column] = lambda x: pa.nulls(len(x), kind)
    table.judge(np.arange(len(table)), column, Verdict.OPEN)
    return f"{table.name}.{column} is null, as {kind}"


def _some_column(company: DirtyCompany, rng: Rng, kind: Kind) -> tuple[DirtyTable, str]:
    table, column = company.some_column(rng, kind, ".parquet")
    if column in table.edited or column in table.casts:
        raise NothingToDo
    return table, column


def _try(table: DirtyTable, column: str, cast: Cast) -> None:
    try:
        cast(table.clean.typed[column])
    except (ValueError, TypeError):  # ids with letters are no integers
        raise NothingToDo from None
    table.casts[column] = cast


MUTATIONS = (same_in_another_type, all_columns_as_texts, single_precision, type_without_value, all_null)
