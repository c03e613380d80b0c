"""Read one raw table for the data check: its columns in the contract's kinds, each row checked by itself."""

from difflib import get_close_matches

import pandas as pd

from configs.schema import DataConfig
from features.contract.lead_time_clock import not_ended, set_clock
from features.contract.parsing import parse, parse_extra
from features.contract.tables import REQUIRED, TABLES, DataError, RawTable
from features.quality.row_rules import check_columns, check_relations
from features.quality.table_check import Mask, TableCheck


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
    frame, bad = _parse_columns(name, raw.frame, covariates, configured)
    _read_special_values(frame, raw.frame, bad)
    frame = set_clock(name, frame, data.clock, [str(column) for column in raw.frame.columns], raw.origin)
    check = TableCheck(name, raw, frame)
    if name == "receipts":
        check.unseen |= not_ended(frame, data.clock).to_numpy()
    check_columns(check, bad, covariates)
    check_relations(check)
    return check


def _parse_columns(
    name: str, raw: pd.DataFrame, covariates: tuple[str, ...], configured: tuple[str, ...]
) -> tuple[pd.DataFrame, dict[str, Mask]]:
    """Read the columns of a raw table in the contract's kinds, and for each the rows whose value is not of its kind.

    Missing contract columns are empty. Of extra columns, demand and purchase_orders keep the `configured` ones only.
    """
    kinds = TABLES[name] | dict.fromkeys(covariates, "number")
    columns: dict[str, pd.Series] = {}
    bad: dict[str, Mask] = {}
    for column, kind in kinds.items():
        if column in raw:
            parsed = parse(raw[column], kind)
            columns[column], bad[column] = parsed.values, parsed.bad
        else:
            nothing = parse(pd.Series([None], dtype=object), kind).values
            columns[column] = nothing.repeat(len(raw)).reset_index(drop=True)
    keep_all = name not in ("demand", "purchase_orders")
    for column in raw.columns:
        if column not in kinds and (keep_all or column in configured):
            columns[column] = parse_extra(raw[column])
    return pd.DataFrame(columns, copy=False), bad


def _need_columns(name: str, raw: RawTable, configured: tuple[str, ...]) -> None:
    """Refuse to read a raw table (DataError) without a required or configured column, or with one that stands twice."""
    there = [str(column) for column in raw.frame.columns]
    doubled = sorted({column for column in there if there.count(column) > 1})
    if doubled:
        raise DataError(f"{raw.origin}: column {doubled[0]} stands there twice; keep one")
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


def _read_special_values(frame: pd.DataFrame, raw: pd.DataFrame, bad: dict[str, Mask]) -> None:
    """Read what a raw table says for "none" as missing: an open-ended validity, a zero multiple, no upper bound."""
    if "valid_to" in raw.columns:
        bad["valid_to"] &= ~raw["valid_to"].astype(str).str.match(r"\s*(9999|2999)-").to_numpy(bool)
    for column in {"order_multiple", "max_quantity"} & set(frame.columns):
        frame[column] = frame[column].where(frame[column] != 0)
