"""The data check: raw tables in; clean tables, quarantined rows, warnings and missing capabilities out."""

from collections.abc import Mapping
from dataclasses import fields, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from configs.schema import DataConfig
from features.contract.tables import KEYS, TABLES, DataError, RawTable, Tables
from features.orders.order_history import order_history
from features.quality.as_of_date import settle_as_of
from features.quality.check_result import CheckResult
from features.quality.configured_columns import check_configured_columns
from features.quality.conversion.currencies import convert_currencies
from features.quality.conversion.purchase_units import in_own_units
from features.quality.cross_checks import (
    check_duplicates,
    check_receipts,
    check_replaces,
    is_repeated,
    leave_out_approvals,
)
from features.quality.offer_rules import offers_without_quantity, price_break_warnings
from features.quality.order_status import date_endings, draft_lines
from features.quality.periods.calendar_check import check_calendar
from features.quality.periods.daily_rows import sum_to_periods
from features.quality.read_table import read_tables
from features.quality.row_rules import check_empty_demand
from features.quality.switched_off import switched_off
from features.quality.table_check import TableCheck, quarantined_rows
from features.quality.unit_of_measure import check_units
from features.stock.roll_forward import roll_forward


def check_tables(
    raw: Mapping[str, RawTable],
    data: DataConfig,
    *,
    as_of: pd.Timestamp | None = None,
    today: pd.Timestamp | None = None,
) -> CheckResult:
    """Parse and check every table of a company against the data contract and the rules of data quality.

    Parameters
    ----------
    raw : table → raw table; names that the contract does not know are ignored
    as_of : the as-of date; rows after it are only counted. None: the end of the last demand period, or the last
        stock count if that is later
    today : the calendar day, when it is known; without an `as_of` a later date is an error of the data

    Raises
    ------
    DataError
        When there is no demand, a required or configured column is missing, the dates follow no calendar, or money
        in another currency has no rate.
        Too many bad rows do not raise here: see `CheckResult.problem`.
    """
    if "demand" not in raw:
        raise DataError("no demand table; give demand.csv or demand.parquet with unique_id, ds and y")
    check_configured_columns(data, raw)
    checks, unusable = read_tables(raw, data)
    _need_demand(checks["demand"])
    calendar = check_calendar(checks["demand"], checks.get("calendar"), data)
    check_empty_demand(checks["demand"], data)
    known = settle_as_of(checks, data, calendar, as_of=as_of, today=today)
    day = known.day
    if "offers" in checks:
        checks["offers"].frame = in_own_units(checks["offers"].frame)
    convert_currencies(checks, data.currency, day)
    date_endings(checks, day)
    _check_rows_together(checks)
    quarantine = {name: quarantined_rows(check) for name, check in checks.items()}
    _need_demand(checks["demand"], day)
    unknown = _unknown_periods(checks["demand"])
    held = {"demand": unknown}
    if "offers" in checks:
        held["offers"] = offers_without_quantity(checks["offers"])
    tables = Tables(**{name: _clean(check, held.get(name, unknown[:0])) for name, check in checks.items()})
    if data.aggregate is not None:
        demand = sum_to_periods(tables.demand, calendar, partial=known.partial, gaps=data.gaps)
        tables = replace(tables, demand=demand)
    tables = replace(tables, stock=roll_forward(tables, day, calendar))
    return CheckResult(
        tables=tables,
        orders=order_history(tables, day),
        quarantine={name: bad for name, bad in quarantine.items() if len(bad)},
        switched_off=switched_off(tables),
        as_of=day,
        calendar=calendar,
        partial=known.partial,
        good_rows={name: int(check.good.sum()) for name, check in checks.items()},
        unseen={name: int(check.unseen.sum()) for name, check in checks.items() if check.unseen.any()},
        origins={name: check.raw.origin for name, check in checks.items()},
        columns={name: tuple(check.raw.frame.columns) for name, check in checks.items()},
        drafts=draft_lines(checks["purchase_orders"]) if "purchase_orders" in checks else None,
        held_as_unknown=len(unknown),
        config=data,
        row_warnings=(*unusable, *(price_break_warnings(checks["offers"]) if "offers" in checks else ())),
    )


def _check_rows_together(checks: dict[str, TableCheck]) -> None:
    """Apply the rules that need more than one row: duplicates, units of measure, receipts, successions."""
    leave_out_approvals(checks)
    for check in checks.values():
        check_duplicates(check)
    check_units(checks)
    if "receipts" in checks:
        check_receipts(checks)
    if "items" in checks:
        check_replaces(checks)


def _unknown_periods(demand: TableCheck) -> NDArray[np.int64]:
    """Quarantined rows whose SKU and period are known and have no good row: their demand is unknown, not zero."""
    good = demand.good
    bad = ~good & ~demand.unseen
    for column in KEYS["demand"]:
        bad &= demand.frame[column].notna().to_numpy()
    for violation in demand.violations:
        if violation.rule.startswith("ds "):
            bad[violation.rows] = False
        if violation.rule.startswith("unique_id "):  # the SKU that it seems to be, if there is one
            known = demand.frame["unique_id"].iloc[violation.rows].isin(demand.frame["unique_id"][good])
            bad[violation.rows[~known.to_numpy()]] = False
    rows = np.flatnonzero(bad)
    rows = rows[~np.isin(demand.key[rows], demand.key[good])]
    return rows[~is_repeated(demand.key[rows])]


def _clean(check: TableCheck, held: NDArray[np.int64]) -> pd.DataFrame:
    """The good rows and those that are `held` all the same, sorted by key: unknown periods of demand without values."""
    rows = np.concatenate([np.flatnonzero(check.good), held])
    if (np.diff(check.key[rows]) < 0).any():
        rows = rows[np.argsort(check.key[rows], kind="stable")]
    frame = check.frame
    if not np.array_equal(rows, np.arange(len(frame))):  # most sources are whole and sorted: nothing to copy
        frame = frame.iloc[rows].reset_index(drop=True)
    if len(held) and check.name == "demand":
        blank = np.isin(rows, held)
        for column in frame.columns.difference(KEYS[check.name]):
            frame[column] = frame[column].mask(blank)
    return frame


def _need_demand(demand: TableCheck, as_of: pd.Timestamp | None = None) -> None:
    """Raise DataError when no good row of demand has a quantity, with the reason of the first bad row."""
    if (demand.good & demand.frame["y"].notna().to_numpy()).any():
        return
    origin, bad = demand.raw.origin, quarantined_rows(demand)
    if demand.unseen.any() and as_of is not None:
        raise DataError(
            f"{origin}: no demand period ended by the as-of date {as_of:%Y-%m-%d}; give a later one"
        )
    if len(bad):
        first = bad.iloc[0]
        raise DataError(f"{origin}: no good row; first, in row {first['source_line']}: {first['reason']}")
    raise DataError(f"{origin}: no row with demand; give unique_id, ds and y of some periods")


assert {f.name for f in fields(Tables)} == set(TABLES)
