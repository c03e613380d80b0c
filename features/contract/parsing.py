"""Parsing of columns as they come (text, numbers, dates, mixed) into the contract's kinds, by distinct values."""

import re
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from features.contract.date_format import read_dates
from features.contract.local_dates import zoned_dates
from features.contract.notation import Ambiguity, Notation
from features.contract.number_format import read_numbers
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
# A leading zero makes an identifier ("007"), not a quantity.
_QUANTITY = re.compile(r"[+-]?(0|[1-9][\d.,]*)?([.,]\d+)?([eE][+-]?\d+)?")
_ERRORS = frozenset({"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"})
"""What a spreadsheet shows where a formula failed: no name of anything."""
_EXPORTED_FLOAT = re.compile(r"\d+\.0")
_ARROW_TEXTS = (pd.ArrowDtype(pa.string()), pd.ArrowDtype(pa.large_string()))
_PLAIN = Notation()


@dataclass(frozen=True)
class ParsedColumn:
    """A column after parsing.

    Attributes
    ----------
    values : the kind's dtype
    bad : where something stood that is not of the kind, (n,)
    ambiguity : why the column cannot be read in one way; then the values are not to be used
    """

    values: pd.Series
    bad: NDArray[np.bool_]
    ambiguity: Ambiguity | None = None


def parse(column: pd.Series, kind: Kind, notation: Notation = _PLAIN) -> ParsedColumn:
    """Parse a column as text, number, date or flag; missing and bad values become None, NaN, NaT or NA."""
    column = column.reset_index(drop=True)
    if kind == "number" and pd.api.types.is_numeric_dtype(column.dtype):
        values = pd.Series(column.to_numpy(float, na_value=np.nan), name=column.name)
        return ParsedColumn(values, np.zeros(len(values), bool))
    if kind == "date" and pd.api.types.is_datetime64_any_dtype(column.dtype):
        days, ambiguity = zoned_dates(column, notation)
        values = pd.Series(days.astype("datetime64[ns]"), name=column.name)
        return ParsedColumn(values, np.isnat(days) & column.notna().to_numpy(), ambiguity)
    codes, texts, written = _distinct(column)
    parsed = _parse_distinct(texts, written, kind, notation)
    taken = parsed.values.take(np.where(codes < 0, len(texts), codes)).reset_index(drop=True)
    ambiguity = parsed.ambiguity
    if ambiguity is not None:
        ambiguity = Ambiguity(int(np.flatnonzero(codes == ambiguity.position)[0]), ambiguity.why)
    return ParsedColumn(taken.rename(column.name), np.append(parsed.bad, False)[codes], ambiguity)


def parse_extra(column: pd.Series, notation: Notation = _PLAIN) -> ParsedColumn:
    """Parse a column that the contract does not name: numbers, flags or texts, whichever all its values are.

    Codes such as `007` stay texts, and so do numbers that cannot be read in one way. CSV and Parquet files of the same
    values give the same column.
    """
    column = column.reset_index(drop=True)
    if pd.api.types.is_bool_dtype(column.dtype):
        return ParsedColumn(column.astype("boolean"), np.zeros(len(column), bool))
    if pd.api.types.is_numeric_dtype(column.dtype):
        return parse(column, "number")
    _, texts = distinct(column)
    present = [t for t in texts if t.lower() not in _MISSING]
    as_text = parse(column, "text")
    if present and all(_QUANTITY.fullmatch(t) for t in present):
        numbers = parse(column, "number", notation)
        if numbers.ambiguity is None and not numbers.bad.any():
            return numbers
        return ParsedColumn(as_text.values, as_text.bad, numbers.ambiguity)
    if present and {t.lower() for t in present} <= {"true", "false"}:
        return parse(column, "flag")
    return as_text


def distinct(column: pd.Series) -> tuple[NDArray[np.int64], list[str]]:
    """Distinct values of a column as texts to parse, and the code of each row (−1: missing); `7.0` becomes `7`."""
    codes, texts, _ = _distinct(column)
    return codes, texts


def _distinct(column: pd.Series) -> tuple[NDArray[np.int64], list[str], NDArray[np.bool_]]:
    """As `distinct`, and which of the texts were written as texts: the others were numbers, dates or flags."""
    try:
        codes, uniques = pd.factorize(column)
    except TypeError:  # lists and the like, from Parquet or JSON columns
        codes, uniques = pd.factorize(column.astype(str))
    if uniques.dtype in _ARROW_TEXTS:  # order numbers are all distinct: a million texts at once
        texts = pc.utf8_trim_whitespace(pa.array(uniques)).to_pylist()
        return np.asarray(codes), texts, np.ones(len(texts), bool)
    written = np.array([isinstance(value, str) for value in uniques], bool)
    return np.asarray(codes), [_text(value) for value in uniques], written


def _text(value: object) -> str:
    # a column of numbers with a missing one comes as floats, a SQL NUMERIC as decimals: neither is how people write ids
    if isinstance(value, float | np.floating | Decimal) and float(value).is_integer():
        return str(int(value))
    return str(value).strip()


def _parse_distinct(
    texts: list[str], written: NDArray[np.bool_], kind: Kind, notation: Notation
) -> ParsedColumn:
    """Parse the distinct values of a column; `values` has a missing one more, at the end."""
    if kind == "text":
        return _parse_texts(texts)
    if kind == "number":
        return _parse_numbers(texts, written, notation)
    return _parse_dates(texts, notation) if kind == "date" else _parse_flags(texts)


def _parse_texts(texts: list[str]) -> ParsedColumn:
    bad = np.zeros(len(texts), bool)
    if not _ERRORS.isdisjoint(texts):
        bad = np.array([text in _ERRORS for text in texts], bool)
        texts = ["" if failed else text for text, failed in zip(texts, bad, strict=True)]
    if texts and all(_EXPORTED_FLOAT.fullmatch(text) or text.lower() in _MISSING for text in texts):
        texts = [
            text.removesuffix(".0") for text in texts
        ]  # ids that a gap in their column had turned to floats
    return ParsedColumn(pd.Series([*(text or None for text in texts), None], dtype=object), bad)


def _parse_numbers(texts: list[str], written: NDArray[np.bool_], notation: Notation) -> ParsedColumn:
    """Numbers of the distinct values; those `written` as texts are read in the column's format."""
    numbers, fits = np.full(len(texts), np.nan), np.zeros(len(texts), bool)
    ambiguity: Ambiguity | None = None
    for rows, how in ((np.flatnonzero(written), notation), (np.flatnonzero(~written), _PLAIN)):
        if len(rows):
            chosen = texts if len(rows) == len(texts) else [texts[i] for i in rows]
            numbers[rows], fits[rows], unclear = read_numbers(chosen, how)
            if unclear is not None:
                ambiguity = Ambiguity(int(rows[unclear.position]), unclear.why)
    bad = _is_wrong(texts, ~fits)
    return ParsedColumn(pd.Series(np.append(numbers, np.nan), dtype=float), bad, ambiguity)


def _parse_dates(texts: list[str], notation: Notation) -> ParsedColumn:
    days, ambiguity = read_dates(texts, notation)
    bad = _is_wrong(texts, np.isnat(days))
    return ParsedColumn(
        pd.Series(np.append(days, np.datetime64("NaT")).astype("datetime64[ns]")), bad, ambiguity
    )


def _parse_flags(texts: list[str]) -> ParsedColumn:
    values = [_FLAGS.get(text.lower()) for text in texts]
    bad = _is_wrong(texts, np.array([value is None for value in values], bool))
    return ParsedColumn(pd.Series([*values, None], dtype="boolean"), bad)


def _is_wrong(texts: list[str], empty: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which of the texts that gave no value (`empty`) are something else than the usual signs for nothing."""
    wrong = empty.copy()
    for row in np.flatnonzero(empty):
        wrong[row] = texts[row].lower() not in _MISSING
    return wrong
