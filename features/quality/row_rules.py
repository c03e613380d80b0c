"""Rules for single rows of a table: kinds, bounds, order of dates, no empty demand; each gives a reason and the fix."""

from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd

from configs.budget_period import budget_period
from configs.schema import DataConfig
from configs.weekdays import parse_weekdays
from features.contract.parsing import EXPECTED
from features.contract.tables import REQUIRED, TABLES, Kind
from features.quality.conversion.currencies import check_currency, holds_money
from features.quality.conversion.purchase_units import check_purchase_units
from features.quality.offer_rules import check_offers
from features.quality.override_rules import check_overrides
from features.quality.table_check import Mask, TableCheck


@dataclass(frozen=True)
class Bounds:
    """Bounds of a number column, both excluded or neither, and what a message says is expected."""

    low: float = 0.0
    high: float = np.inf
    excluded: bool = False
    expected: str = "a number ≥ 0"


_BOUNDS = {
    "quantity_ordered": Bounds(excluded=True, expected="a number > 0 (leave cancelled lines out)"),
    "quantity": Bounds(excluded=True, expected="a number > 0"),
    "on_hand": Bounds(expected="a number ≥ 0 (what is owed belongs in backorders)"),
    "cycle_service_level": Bounds(0, 1, excluded=True, expected="a share between 0 and 1 such as 0.95"),
    "fill_rate": Bounds(0, 1, excluded=True, expected="a share between 0 and 1 such as 0.98"),
    "service_level": Bounds(0, 1, excluded=True, expected="a share between 0 and 1 such as 0.95"),
    "replaces_share": Bounds(0, 1, expected="a share between 0 and 1 such as 0.5"),
    "rate": Bounds(
        excluded=True, expected="a number > 0, the company's currency for one unit of the foreign one"
    ),
    "units_per_purchase_unit": Bounds(excluded=True, expected="a number > 0"),
    "units_per_pallet": Bounds(excluded=True, expected="a number > 0"),
    "price": Bounds(excluded=True, expected="a number > 0 (empty where no price was agreed)"),
    "sla": Bounds(
        0,
        1,
        excluded=True,
        expected="a share of order lines on time and in full between 0 and 1 such as 0.95",
    ),
    "capacity": Bounds(excluded=True, expected="a number > 0 (empty where it is not known)"),
    **dict.fromkeys(
        ("capacity_weight", "capacity_volume", "capacity_pallets"),
        Bounds(excluded=True, expected="a number > 0 (empty where nothing binds)"),
    ),
    "holding_cost_rate": Bounds(0, 5, expected="a share per year such as 0.25"),
    "payment_days": Bounds(-365, 365, expected="days from -365 to 365 (below 0: paid before the receipt)"),
}
"""Column → bounds, where they are not those of every other number column: ≥ 0."""
_FINITE = Bounds(-np.inf, expected="a finite number")
_BOUNDS_HERE = {
    ("invoices", "amount"): _FINITE,  # a credit note is below 0
    ("inventory_lots", "quantity"): Bounds(),
    ("usage", "quantity"): Bounds(),
}
"""Table and column → bounds, where they are not those of the column in other tables."""
_LARGEST = 1e15
"""Numbers from here on are typing errors: no company counts so far, and their squares lose every other SKU's."""
_SINCE_EVER, _FOR_EVER = ("valid_from", "valid_to"), ("valid_to", "until", "expires_at")
"""Columns whose date may lie before 1950, and after 2099: an offer may hold since ever, an event last for ever."""
_EARLIEST, _LATEST = pd.Timestamp("1950-01-01"), pd.Timestamp("2100-01-01")


def check_columns(check: TableCheck, bad: dict[str, Mask], covariates: tuple[str, ...]) -> None:
    """Reject rows whose values are not of their column's kind, are missing where required, or lie out of bounds.

    Parameters
    ----------
    bad : column → rows whose value is not of the column's kind
    covariates : columns of demand that may hold any finite number
    """
    kinds = TABLES[check.name] | dict.fromkeys(covariates, "number")
    for column, mask in bad.items():
        kind = EXPECTED[kinds[column]].split(" such")[0]
        check.reject(mask, f"{column} is {kind}", partial(_not_of_kind, check, column, kinds[column]))
    for column in REQUIRED[check.name]:
        empty = check.frame[column].isna().to_numpy() & ~bad.get(column, np.zeros(len(check.frame), bool))
        if (check.name, column) == ("demand", "y"):
            continue  # its emptiness depends on in_stock: see `check_empty_demand`
        check.reject(empty, f"{column} is not empty", partial(_is_empty, column, kinds[column]))
    for column in [column for column in kinds if column in check.raw.frame.columns]:
        if kinds[column] == "number":
            bounds = _BOUNDS_HERE.get((check.name, column), _BOUNDS.get(column, Bounds()))
            _check_bounds(check, column, _FINITE if column in covariates else bounds)
        elif kinds[column] == "date":
            _check_century(check, column)


def _not_of_kind(check: TableCheck, column: str, kind: Kind, row: int) -> str:
    return f"{column} is {check.value(row, column)}, expected {EXPECTED[kind]}"


def _is_empty(column: str, kind: Kind, _: int) -> str:
    return f"{column} is empty, expected {EXPECTED[kind]}"


def _check_bounds(check: TableCheck, column: str, bounds: Bounds) -> None:
    """Reject rows whose number lies outside the column's bounds or is not finite."""
    values, low, high = check.frame[column].to_numpy(float), bounds.low, bounds.high
    with np.errstate(invalid="ignore"):
        outside = (values <= low) | (values >= high) if bounds.excluded else (values < low) | (values > high)
    outside |= np.isinf(values)
    check.reject(
        outside & ~np.isnan(values),
        f"{column} is {bounds.expected.split(' such')[0].split(' (')[0]}",
        lambda row: f"{column} is {check.value(row, column)}, expected {bounds.expected}",
    )
    check.reject(
        (np.abs(values) >= _LARGEST) & ~outside,
        f"{column} is below 10^15",
        lambda row: f"{column} is {check.value(row, column)}, expected a number below 1,000,000,000,000,000",
    )


def _check_century(check: TableCheck, column: str) -> None:
    """Reject rows whose date lies before 1950 or after 2099: a placeholder for a missing date."""
    dates = check.frame[column]
    early = (dates < _EARLIEST) & (column not in _SINCE_EVER)
    late = (dates >= _LATEST) & (column not in _FOR_EVER)
    check.reject(
        (early | late).to_numpy(),
        f"{column} is a real date",
        lambda row: (
            f"{column} is {check.value(row, column)}, a placeholder; "
            f"{'leave the row out' if column in REQUIRED[check.name] else 'leave it empty'} or give the real date"
        ),
    )


def check_relations(check: TableCheck) -> None:
    """Reject rows whose columns contradict each other: dates in the wrong order, an offer's quantities or prices."""
    for earlier, later in (
        ("ordered_at", "received_at"),
        ("ordered_at", "closed_at"),
        ("valid_from", "valid_to"),
        ("ds", "until"),
        ("from", "until"),
        ("created", "expires"),
        ("received_at", "expires_at"),
    ):
        if {earlier, later} <= set(TABLES[check.name]):
            _check_order(check, earlier, later)
    if check.name == "suppliers":
        _check_order_days(check)
    if check.name == "budgets":
        _check_periods(check)
    if check.name == "contracts":
        _check_scope(check)
    if check.name == "overrides":
        check_overrides(check)
    if check.name == "offers":
        check_offers(check)
        check_purchase_units(check)
    columns = check.raw.frame.columns
    if "currency" in TABLES[check.name] and "currency" in columns and holds_money(check.name, columns):
        check_currency(check)


def _check_order_days(suppliers: TableCheck) -> None:
    """Reject rows of suppliers whose order days are no weekdays."""
    codes, texts = pd.factorize(suppliers.frame["order_days"])
    suppliers.reject(
        np.array([*(not _names_weekdays(text) for text in texts), False], bool)[codes],
        "order_days are weekdays",
        lambda row: (
            f"order_days is {suppliers.value(row, 'order_days')}, expected weekdays such as Mon,Thu "
            "or 0,3 (0 is Monday)"
        ),
    )


def _check_periods(budgets: TableCheck) -> None:
    """Reject rows of budgets whose period is no year, quarter, month or week."""
    codes, texts = pd.factorize(budgets.frame["period"])
    budgets.reject(
        np.array([*(budget_period(str(text)) is None for text in texts), False], bool)[codes],
        "period is a year, quarter, month or week",
        lambda row: (
            f"period is {budgets.value(row, 'period')}, expected a year, quarter, month or week such as 2024, "
            "2024-Q2, 2024-06 or 2024-W23"
        ),
    )


def _check_scope(contracts: TableCheck) -> None:
    """Reject rows of contracts that are for one SKU and for a category at once."""
    given = contracts.frame[["unique_id", "category"]].notna().all(axis=1)
    contracts.reject(
        given.to_numpy(),
        "unique_id or category is given, not both",
        lambda row: (
            f"unique_id is {contracts.value(row, 'unique_id')} and category is {contracts.value(row, 'category')}, "
            "expected one of the two, or none for all that the supplier sells; leave the other empty"
        ),
    )


def _names_weekdays(text: str) -> bool:
    try:
        return bool(parse_weekdays(text))
    except ValueError:
        return False


def _check_order(check: TableCheck, earlier: str, later: str) -> None:
    """Reject rows in which one date comes before the date that it must not precede."""
    first, second = check.frame[earlier], check.frame[later]
    check.reject(
        (second < first).to_numpy(),
        f"{later} is not before {earlier}",
        lambda row: (
            f"{later} is {second.iloc[row]:%Y-%m-%d}, before {earlier} {first.iloc[row]:%Y-%m-%d}; "
            "correct one of the two"
        ),
    )


def check_empty_demand(demand: TableCheck, data: DataConfig) -> None:
    """Reject rows of demand without a quantity, but those out of stock or ahead with covariates known in advance."""
    ahead = any(covariate.known_in_advance for covariate in data.covariates.values())
    y, ds = demand.frame["y"], demand.frame["ds"]
    already = np.zeros(len(y), bool)
    for violation in demand.violations:
        already[violation.rows] = True
    out = (demand.frame["in_stock"] == False).fillna(False).to_numpy(bool)  # noqa: E712 - three-valued
    later = (ds > ds[y.notna()].max()).to_numpy() if ahead else np.zeros(len(y), bool)
    demand.reject(
        y.isna().to_numpy() & ~out & ~later & ~already,
        "y is not empty",
        lambda _: "y is empty, expected a number ≥ 0 (0 where nothing was asked for)",
    )
