"""Read one raw table for the data check: its columns in the contract's kinds, each row checked by itself."""

import re
from collections.abc import Mapping
from difflib import get_close_matches

import numpy as np
import pandas as pd

from configs.schema import DataConfig
from features.contract.lead_time_clock import not_ended, set_clock
from features.contract.notation import Ambiguity, Notation
from features.contract.number_format import plain_numbers
from features.contract.parsing import parse, parse_extra
from features.contract.tables import COVARIATE, REQUIRED, TABLES, DataError, RawTable
from features.quality.configured_columns import WHO_ORDERED
from features.quality.identifiers.id_rules import check_ids
from features.quality.order_status import read_status
from features.quality.row_rules import check_columns, check_relations
from features.quality.switched_off import UNUSED
from features.quality.table_check import Mask, TableCheck
from features.quality.warnings.data_warning import DataWarning

_OPEN_END = r"\s*((9999|2999)-|(\d{1,2}[./-]\s?){2}(9999|2999)\b|2958465)"
_ENDS = {"valid_to", "expires_at"}
"""Dates that tables write far ahead where there is no end."""
_FREE_TEXTS = ("description", "name")
"""Texts that only people read: a spreadsheet's `#N/A` in them does no harm."""


def read_tables(
    raw: Mapping[str, RawTable], data: DataConfig
) -> tuple[dict[str, TableCheck], list[DataWarning]]:
    """Read the contract's raw tables; those that nothing uses are left out with a warning where they cannot be read.

    Raises
    ------
    DataError
        When a required column of another table, or one that the config names, is not there.
    """
    checks, warnings = {}, []
    for name in (table for table in TABLES if table in raw):
        try:
            checks[name] = read_table(name, raw[name], data)
        except DataError as error:
            if name not in UNUSED:
                raise
            fix = "No budgets bind" if name == "budgets" else "Nothing is said that rests on it"
            warnings.append(DataWarning("not_read", name, 1, 1, f"left out: {error}", "", fix))
    return checks, warnings


def read_table(name: str, raw: RawTable, data: DataConfig) -> TableCheck:
    """Read one raw table: parse its columns and check each row by itself.

    Raises
    ------
    DataError
        When a required column, or one that the config names, is not there.
    """
    covariates = tuple(data.covariates) if name == "demand" else ()
    configured = covariates + (data.order_covariates if name == "purchase_orders" else ())
    _need_columns(name, raw, configured)
    notation = Notation.of(data, dot_is_decimal=raw.dot_is_decimal)
    frame, bad = _parse_columns(name, raw, notation, covariates=covariates, configured=configured)
    _read_open_ends(raw.frame, bad)
    if name == "offers":
        _read_no_bound(frame)
        _read_price_breaks(frame, raw, notation)
    frame = set_clock(name, frame, data.clock, [str(column) for column in raw.frame.columns], raw.origin)
    check = TableCheck(name, raw, frame)
    if name == "receipts":
        check.unseen |= not_ended(frame, data.clock).to_numpy()
    read_status(check)
    check_columns(check, bad, covariates)
    check_ids(check)
    check_relations(check)
    return check


def _parse_columns(
    name: str,
    raw: RawTable,
    notation: Notation,
    *,
    covariates: tuple[str, ...],
    configured: tuple[str, ...],
) -> tuple[pd.DataFrame, dict[str, Mask]]:
    """Read the columns of a raw table in the contract's kinds, and for each the rows whose value is not of its kind.

    Missing contract columns are empty. Of extra columns, demand and purchase_orders keep the `configured` ones, items
    all, the other tables none: what nothing uses must not get in the way of columns that are made later. Columns of
    `WHO_ORDERED` that are configured are there twice, as what they are and as covariates.
    """
    kinds = TABLES[name] | dict.fromkeys(covariates, "number")
    columns: dict[str, pd.Series] = {}
    bad: dict[str, Mask] = {}
    for column, kind in kinds.items():
        if column in raw.frame:
            parsed = parse(raw.frame[column], kind, notation)
            _need_one_reading(raw, column, parsed.ambiguity)
            columns[column], bad[column] = parsed.values, parsed.bad
            if column in _FREE_TEXTS and column not in REQUIRED[name]:
                bad[column] = np.zeros_like(bad[column])  # a formula that failed is an empty text
        else:
            nothing = parse(pd.Series([None], dtype=object), kind).values
            columns[column] = nothing.repeat(len(raw.frame)).reset_index(drop=True)
    prefix = COVARIATE if name == "purchase_orders" else ""
    for column in raw.frame.columns:
        if column in kinds and not (prefix and column in WHO_ORDERED):
            continue
        if name == "items" or column in configured:
            parsed = parse_extra(raw.frame[column], notation)
            if column in configured:
                _need_one_reading(raw, column, parsed.ambiguity)
            columns[prefix + column] = parsed.values
    return pd.DataFrame(columns, copy=False), bad


def _need_one_reading(raw: RawTable, column: str, unclear: Ambiguity | None) -> None:
    """Refuse to read a column (DataError) whose numbers or dates could be read in two ways."""
    if unclear is not None:
        value = str(raw.frame[column].iloc[unclear.position]).strip()
        row = raw.source_line[unclear.position]
        raise DataError(f"{raw.origin} row {row}: {column} is {value}, {unclear.why}")


def _need_columns(name: str, raw: RawTable, configured: tuple[str, ...]) -> None:
    """Refuse to read a raw table (DataError) without a required or configured column, or with one that stands twice."""
    there = [str(column) for column in raw.frame.columns]
    header = None if set(REQUIRED[name]) <= set(there) else _header_row(raw, name)
    if header is not None:
        raise DataError(
            f"{raw.origin}: the names of the columns stand in row {header}; delete the rows above it"
        )
    doubled = sorted({column for column in there if there.count(column) > 1})
    if doubled:
        what = f"column {doubled[0]} stands there twice" if doubled[0] else "two columns without a name"
        raise DataError(f"{raw.origin}: {what}; keep one")
    for column in (*REQUIRED[name], *configured):
        if column not in there:
            if len(there) == 1 < len(REQUIRED[name]):
                raise DataError(
                    f"{raw.origin}: only one column, {there[0]!r}; separate the columns by commas"
                )
            near = get_close_matches(column, there, 1, 0.6)
            why = " (the config names it)" if column in configured else ""
            hint = f"; is it {near[0]}? Rename that column" if near else "; rename or add it"
            raise DataError(f"{raw.origin}: no column {column}{why}, found {', '.join(there)}{hint}")


def _header_row(raw: RawTable, name: str) -> int | None:
    """Row of the source among the first twenty that has the names of the required columns; None: none has."""
    first = raw.frame.head(20)
    lines = [",".join(map(str, row)) for row in first.to_numpy(object).tolist()]
    lines += raw.malformed["text"].head(20).tolist()
    numbers = [*raw.source_line[: len(first)], *raw.malformed["source_line"].head(20)]
    for number, line in zip(numbers, lines, strict=True):
        if set(REQUIRED[name]) <= {part.strip(' "') for part in re.split(r"[,;\t|]", line)}:
            return int(number)
    return None


def _read_open_ends(raw: pd.DataFrame, bad: dict[str, Mask]) -> None:
    """Read the dates by which raw tables say "for ever", such as 9999-12-31, as no date."""
    for column in _ENDS & bad.keys():
        bad[column] &= ~raw[column].astype(str).str.match(_OPEN_END).to_numpy(bool)


def _read_no_bound(offers: pd.DataFrame) -> None:
    """Read what raw offers say for "none" as missing: a zero multiple, no upper bound."""
    for column in {"order_multiple", "max_quantity"} & set(offers.columns):
        offers[column] = offers[column].where(offers[column] != 0)


def _read_price_breaks(offers: pd.DataFrame, raw: RawTable, notation: Notation) -> None:
    """Write the numbers of price breaks with a decimal point and without thousands separators, as the contract does."""
    codes, texts = pd.factorize(offers["price_breaks"])
    if not len(texts):
        return
    plain, unclear = plain_numbers(list(texts), notation)
    if unclear is not None:
        unclear = Ambiguity(int(np.flatnonzero(codes == unclear.position)[0]), unclear.why)
    _need_one_reading(raw, "price_breaks", unclear)
    offers["price_breaks"] = np.array([*plain, None], object)[codes]
