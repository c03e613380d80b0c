"""Parsing of columns as they come (text, numbers, dates, mixed) into the contract's kinds, by distinct values."""

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from features.contract.tables import Kind

EXPECTED: dict[Kind, str] = {
    "text": "a text",
    "number": "a number such as 1234.5",
    "date": "a date such as 2024-03-31",
    "flag": "true or false",
}
_MISSING = frozenset({"", "nan", "na", "n/a", "#n/a", "null", "none", "nat", "<na>"})
_FLAGS = {
    **dict.fromkeys(("true", "t", "yes", "y", "1", "1.0"), True),
    **dict.fromkeys(("false", "f", "no", "n", "0", "0.0"), False),
}
_NUMBER = r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$|^[+-]?[iI][nN][fF](inity)?$"
# A leading zero makes an identifier ("007"), not a quantity.
_QUANTITY = re.compile(r"[+-]?(0|[1-9]\d*)?(\.\d+)?([eE][+-]?\d+)?")
_ARROW_TEXTS = (pd.ArrowDtype(pa.string()), pd.ArrowDtype(pa.large_string()))
_LIMIT = np.datetime64("2262-01-01")
_FIRST = np.datetime64("1678-01-01")


@dataclass(frozen=True)
class ParsedColumn:
    """A column after parsing: `values` of the kind's dtype, `bad` where something stood that is not of the kind."""

    values: pd.Series
    bad: NDArray[np.bool_]


def parse(column: pd.Series, kind: Kind) -> ParsedColumn:
    """Parse a column as text, number, date or flag; missing and bad values become None, NaN, NaT or NA."""
    column = column.reset_index(drop=True)
    if kind == "number" and pd.api.types.is_numeric_dtype(column.dtype):
        return _all_good(pd.Series(column.to_numpy(float, na_value=np.nan), name=column.name))
    if kind == "date" and pd.api.types.is_datetime64_any_dtype(column.dtype):
        days, bad = _days(column)
        return ParsedColumn(pd.Series(days, name=column.name), bad)
    codes, texts = distinct(column)
    values, bad = _PARSERS[kind](texts)
    taken = values.take(np.where(codes < 0, len(texts), codes)).reset_index(drop=True)
    return ParsedColumn(taken.rename(column.name), np.append(bad, False)[codes])


def parse_extra(column: pd.Series) -> pd.Series:
    """Parse a column that the contract does not name: numbers, flags or texts, whichever all its values are.

    Codes such as `007` stay texts. CSV and Parquet files of the same values give the same column.
    """
    column = column.reset_index(drop=True)
    if pd.api.types.is_bool_dtype(column.dtype):
        return column.astype("boolean")
    if pd.api.types.is_numeric_dtype(column.dtype):
        return parse(column, "number").values
    _, texts = distinct(column)
    present = [t for t in texts if t.lower() not in _MISSING]
    if present and all(_QUANTITY.fullmatch(t) for t in present):
        return parse(column, "number").values
    if present and {t.lower() for t in present} <= {"true", "false"}:
        return parse(column, "flag").values
    return parse(column, "text").values


def distinct(column: pd.Series) -> tuple[NDArray[np.int64], list[str]]:
    """Distinct values of a column as texts to parse, and the code of each row (−1: missing); `7.0` becomes `7`."""
    try:
        codes, uniques = pd.factorize(column)
    except TypeError:  # lists and the like, from Parquet or JSON columns
        codes, uniques = pd.factorize(column.astype(str))
    if uniques.dtype in _ARROW_TEXTS:  # order numbers are all distinct: a million texts at once
        return np.asarray(codes), pc.utf8_trim_whitespace(pa.array(uniques)).to_pylist()
    return np.asarray(codes), [_text(value) for value in uniques]


def _text(value: object) -> str:
    if isinstance(value, float | np.floating) and float(value).is_integer():
        return str(int(value))
    return str(value).strip()


def _all_good(values: pd.Series) -> ParsedColumn:
    return ParsedColumn(values, np.zeros(len(values), bool))


def _parse_texts(texts: list[str]) -> tuple[pd.Series, NDArray[np.bool_]]:
    values = [text or None for text in texts]
    return pd.Series([*values, None], dtype=object), np.zeros(len(texts), bool)


def _parse_numbers(texts: list[str]) -> tuple[pd.Series, NDArray[np.bool_]]:
    """Numbers of the distinct texts and a missing one at the end, and which texts are no number."""
    column = pa.array(texts, pa.string())
    # Arrow's cast reads the nearest double exactly; pandas' fast parser can be one ulp off, which a fingerprint sees.
    fits = pc.match_substring_regex(column, _NUMBER)
    numbers = pc.cast(pc.if_else(fits, pc.utf8_lower(column), None), pa.float64())
    bad = ~np.asarray(fits) & ~_is_missing(texts)
    return pd.Series(np.append(numbers.to_numpy(zero_copy_only=False), np.nan), dtype=float), bad


def _parse_dates(texts: list[str]) -> tuple[pd.Series, NDArray[np.bool_]]:
    """UTC dates of the distinct ISO 8601 texts and a missing one at the end, and which texts are no date."""
    days, _ = _days(
        pd.to_datetime(pd.Series(texts, dtype=object), format="ISO8601", errors="coerce", utc=True)
    )
    bad = np.isnat(days) & ~_is_missing(texts)
    return pd.Series(np.append(days, np.datetime64("NaT"))), bad


def _parse_flags(texts: list[str]) -> tuple[pd.Series, NDArray[np.bool_]]:
    values = [_FLAGS.get(text.lower()) for text in texts]
    bad = np.array([value is None for value in values], bool) & ~_is_missing(texts)
    return pd.Series([*values, None], dtype="boolean"), bad


_PARSERS = {
    "text": _parse_texts,
    "number": _parse_numbers,
    "date": _parse_dates,
    "flag": _parse_flags,
}


def _is_missing(texts: list[str]) -> NDArray[np.bool_]:
    return np.array([text.lower() in _MISSING for text in texts], bool)


def _days(stamps: pd.Series) -> tuple[NDArray[np.datetime64], NDArray[np.bool_]]:
    """UTC dates of time stamps, and where a stamp lies outside what nanoseconds can hold."""
    if stamps.dt.tz is not None:
        stamps = stamps.dt.tz_convert("UTC").dt.tz_localize(None)
    values = stamps.to_numpy().astype("datetime64[D]")
    bad = ~np.isnat(values) & ((values < _FIRST) | (values >= _LIMIT))
    values[bad] = np.datetime64("NaT")
    return values.astype("datetime64[ns]"), bad
