"""The check: raw tables in, clean tables, quarantine, warnings and missing capabilities out."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from difflib import get_close_matches

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from configs.schema import DataConfig
from features.contract.clock import not_ended, set_clock
from features.contract.parsing import parse, parse_extra
from features.contract.tables import KEYS, REQUIRED, TABLES, DataError, RawTable, Tables
from features.orders.history import order_history
from features.quality.checked import Checked, TrustWarning
from features.quality.crosschecks import check_calendar, check_receipts, check_replaces, check_units
from features.quality.rules import (
    Draft,
    Mask,
    check_columns,
    check_duplicates,
    check_relations,
    is_repeated,
    quarantined,
)
from features.quality.switched_off import switched_off
from features.quality.timing import see_as_of
from features.quality.trust import trust_warnings

__all__ = ["Checked", "TrustWarning", "check_tables"]


def check_tables(
    raw: Mapping[str, RawTable],
    data: DataConfig,
    *,
    as_of: pd.Timestamp | None = None,
    today: pd.Timestamp | None = None,
) -> Checked:
    """Parse and check every table.

    Parameters
    ----------
    raw : table → raw table; names that the contract does not know are ignored
    as_of : the day to look from; rows after it are left out quietly. None: the end of the last demand period, or
        the last stock count if that is later
    today : the calendar day, when it is known; without an `as_of` a later date is an error of the data

    Raises
    ------
    DataError
        When there is no demand, a required or configured column is missing, or the dates follow no calendar.
        Too many bad rows do not raise here: see `Checked.problem`.
    """
    if "demand" not in raw:
        raise DataError("no demand table; give demand.csv or demand.parquet with unique_id, ds and y")
    drafts = {name: read_draft(name, raw[name], data) for name in TABLES if name in raw}
    demand = drafts["demand"]
    _need_demand(demand)
    freq = check_calendar(demand, data)
    seen_on = see_as_of(drafts, data, freq, as_of=as_of, today=today)
    for draft in drafts.values():
        check_duplicates(draft)
    check_units(drafts)
    if "receipts" in drafts:
        check_receipts(drafts)
    if "items" in drafts:
        check_replaces(drafts)
    quarantine = {name: quarantined(draft) for name, draft in drafts.items()}
    _need_demand(demand, seen_on)
    held = _held(demand)
    nothing = held[:0]
    tables = Tables(
        **{name: _clean(draft, held if draft is demand else nothing) for name, draft in drafts.items()}
    )
    orders = order_history(tables, seen_on, data.order_covariates)
    misspelt = tuple(_misspelt(drafts.values()))
    return Checked(
        tables=tables,
        orders=orders,
        quarantine={name: bad for name, bad in quarantine.items() if len(bad)},
        find_warnings=lambda: (*misspelt, *trust_warnings(tables, orders, data, freq, seen_on)),
        switched_off=switched_off(tables),
        as_of=seen_on,
        freq=freq,
        unseen={name: int(draft.unseen.sum()) for name, draft in drafts.items() if draft.unseen.any()},
        origins={name: draft.raw.origin for name, draft in drafts.items()},
        held=len(held),
        max_bad_share=data.max_bad_share,
    )


def read_draft(name: str, raw: RawTable, data: DataConfig) -> Draft:
    """Parse the columns of one table and check each row by itself.

    Raises
    ------
    DataError
        When a required column, or one that the config names, is not there.
    """
    covariates = tuple(data.covariates) if name == "demand" else ()
    named = covariates + (data.order_covariates if name == "purchase_orders" else ())
    _need_columns(name, raw, named)
    kinds = TABLES[name] | dict.fromkeys(covariates, "number")
    columns: dict[str, pd.Series] = {}
    bad: dict[str, Mask] = {}
    for column, kind in kinds.items():
        if column in raw.frame:
            parsed = parse(raw.frame[column], kind)
            columns[column], bad[column] = parsed.values, parsed.bad
        else:
            nothing = parse(pd.Series([None], dtype=object), kind).values
            columns[column] = nothing.repeat(len(raw.frame)).reset_index(drop=True)
    bounded = name in ("demand", "purchase_orders")
    for column in raw.frame.columns:
        if column not in kinds and (not bounded or column in named):
            columns[column] = parse_extra(raw.frame[column])
    frame = pd.DataFrame(columns, copy=False)
    _read_special_values(frame, raw.frame, bad)
    frame = set_clock(name, frame, data.clock, [str(column) for column in raw.frame.columns], raw.origin)
    draft = Draft(name, raw, frame)
    if name == "receipts":
        draft.unseen |= not_ended(frame, data.clock).to_numpy()
    check_columns(draft, bad, covariates)
    check_relations(draft)
    return draft


def _need_columns(name: str, raw: RawTable, named: tuple[str, ...]) -> None:
    there = [str(column) for column in raw.frame.columns]
    doubled = sorted({column for column in there if there.count(column) > 1})
    if doubled:
        raise DataError(f"{raw.origin}: column {doubled[0]} stands there twice; keep one")
    for column in (*REQUIRED[name], *named):
        if column not in there:
            if len(there) == 1 < len(REQUIRED[name]):
                raise DataError(
                    f"{raw.origin}: only one column, {there[0]!r}; separate the columns by commas"
                )
            near = get_close_matches(column, there, 1, 0.6)
            told = " (the config names it)" if column in named else ""
            hint = f"; is it {near[0]}? Rename that column" if near else "; rename or add it"
            raise DataError(f"{raw.origin}: no column {column}{told}, found {', '.join(there)}{hint}")


def _misspelt(drafts: Iterable[Draft]) -> Iterator[TrustWarning]:
    """Columns that the contract does not know, spelt much like one that it knows and that is not there."""
    for draft in drafts:
        there = set(draft.raw.frame.columns)
        for column in sorted(there - set(TABLES[draft.name])):
            near = get_close_matches(column.lower(), sorted(set(TABLES[draft.name]) - there), 1, 0.8)
            if near:
                yield TrustWarning(
                    "unknown_column",
                    draft.name,
                    1,
                    len(there),
                    f"column {column} of {draft.raw.origin} is not one of the contract, but spelt much like {near[0]}",
                    "",
                    f"If it is {near[0]}, rename it",
                )


def _read_special_values(frame: pd.DataFrame, raw: pd.DataFrame, bad: dict[str, Mask]) -> None:
    """What other systems write for "none": an open-ended validity, a zero multiple, no upper bound."""
    if "valid_to" in raw.columns:
        bad["valid_to"] &= ~raw["valid_to"].astype(str).str.match(r"\s*(9999|2999)-").to_numpy(bool)
    for column in {"order_multiple", "max_quantity"} & set(frame.columns):
        frame[column] = frame[column].where(frame[column] != 0)


def _held(demand: Draft) -> NDArray[np.int64]:
    """Quarantined rows whose SKU and period are known and have no good row: their demand is unknown, not zero."""
    good = demand.good
    bad = ~good & ~demand.unseen
    for column in KEYS["demand"]:
        bad &= demand.frame[column].notna().to_numpy()
    for finding in demand.findings:
        if finding.rule.startswith("ds "):
            bad[finding.rows] = False
    rows = np.flatnonzero(bad)
    rows = rows[~np.isin(demand.key[rows], demand.key[good])]
    return rows[~is_repeated(demand.key[rows])]


def _clean(draft: Draft, held: NDArray[np.int64]) -> pd.DataFrame:
    """The good rows and those `held` as unknown periods (without `y` and covariates), sorted by key."""
    rows = np.concatenate([np.flatnonzero(draft.good), held])
    if (np.diff(draft.key[rows]) < 0).any():
        rows = rows[np.argsort(draft.key[rows], kind="stable")]
    frame = draft.frame
    if not np.array_equal(rows, np.arange(len(frame))):  # most sources are whole and sorted: nothing to copy
        frame = frame.iloc[rows].reset_index(drop=True)
    if len(held):
        unknown = np.isin(rows, held)
        for column in frame.columns.difference(KEYS[draft.name]):
            frame[column] = frame[column].mask(unknown)
    return frame


def _need_demand(demand: Draft, as_of: pd.Timestamp | None = None) -> None:
    if (demand.good & demand.frame["y"].notna().to_numpy()).any():
        return
    origin, bad = demand.raw.origin, quarantined(demand)
    if demand.unseen.any() and as_of is not None:
        raise DataError(
            f"{origin}: no demand period ended by the as-of date {as_of:%Y-%m-%d}; give a later one"
        )
    if len(bad):
        first = bad.iloc[0]
        raise DataError(f"{origin}: no good row; first, in row {first['source_line']}: {first['reason']}")
    raise DataError(f"{origin}: no row with demand; give unique_id, ds and y of some periods")


assert {f.name for f in fields(Tables)} == set(TABLES)
