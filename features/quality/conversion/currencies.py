"""Currencies: money that tables name in another currency than the company's, converted at the rate of its day."""

import re
from collections.abc import Iterable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from features.contract.lead_time_clock import PLACED
from features.contract.tables import PROCUREMENT_TABLES, DataError
from features.quality.conversion.exchange_rates import ExchangeRates
from features.quality.conversion.purchase_units import scaled_price_breaks
from features.quality.table_check import Mask, TableCheck

RATE = "exchange_rate"
"""Column of converted tables: the company's currency for one unit of the row's own."""
MONEY = {
    "items": ("unit_cost", "unit_price", "holding_cost", "shortage_cost"),
    "offers": ("unit_price", "ordering_cost", "expedite_cost"),
    "purchase_orders": ("unit_price",),
    "suppliers": ("ordering_cost", "minimum_order_value", "freight_cost", "free_freight_from"),
    "budgets": ("amount",),
    "contracts": ("price",),
    "invoices": ("amount",),
    "inventory_lots": ("unit_cost",),
}
"""Table → columns that are in the row's `currency`; so are the prices in `price_breaks`."""
_DAY = {"invoices": "at", "inventory_lots": "received_at"}
"""Table → date whose rate converts its rows; orders have their own rule, the others the rate of the as-of date."""
_CODE = re.compile("[A-Za-z]{3}")
_SYMBOLS = {"€": "EUR", "£": "GBP", "US$": "USD", "zł": "PLN", "Kč": "CZK", "₹": "INR"}
_SHARED = {"$": "USD, CAD or whichever it is", "¥": "JPY or CNY", "kr": "SEK, NOK or DKK"}
_PENCE = {
    "GBp": "a hundredth of GBP; write GBX, with a rate of its own",
    "ZAc": "a hundredth of ZAR; write ZAC",
}


def holds_money(name: str, columns: Iterable[str]) -> bool:
    """Whether a table with these columns has money that its column `currency` can be about; one of rates always has."""
    return name not in MONEY or not set(columns).isdisjoint((*MONEY[name], "price_breaks"))


def check_currency(check: TableCheck) -> None:
    """Reject rows whose currency is no code of three letters, and read the others in capitals."""
    codes, names = pd.factorize(check.frame["currency"])
    wrong = np.array([_problem(str(name)) is not None for name in names] + [False], bool)
    check.reject(
        wrong[codes],
        "currency is a code of three letters",
        lambda row: (
            f"currency is {check.value(row, 'currency')}, {_problem(str(check.frame['currency'].iloc[row]))}"
        ),
    )
    capitals = np.array([*(str(name).upper() for name in names), None], dtype=object)
    # a wrong one stays as it is, for the message
    check.frame["currency"] = np.where(wrong[codes], check.frame["currency"], capitals[codes])


def _problem(name: str) -> str | None:
    """What is wrong with a currency's name, and the fix; None where it is a code."""
    if name in _PENCE:
        return _PENCE[name]
    if _CODE.fullmatch(name):
        return None
    if name in _SHARED:
        return f"a symbol of several currencies; write {_SHARED[name]}"
    return f"expected a code of three letters such as {_SYMBOLS.get(name, 'EUR')}"


def convert_currencies(checks: dict[str, TableCheck], company: str | None, as_of: pd.Timestamp) -> None:
    """Bring all money in the checked tables into the company's currency, and keep the rate of each row beside it.

    Orders, invoices and lots are converted at the rate of their day, offers, contracts and items at that of `as_of`:
    the last rate known by then. A row without a currency is in the company's already. A row of a procurement table
    whose rate is not known is rejected.

    Raises
    ------
    DataError
        When a row's currency in another table is not the company's and no rate of its day, or an earlier one, is
        known; or when it is not known which currency is the company's.
    """
    named = {name: checks[name] for name in MONEY if name in checks and _names_currency(checks[name])}
    if not named:
        return
    own = _company_currency(named, company)
    if "rates" in checks:
        _check_own_rate(checks["rates"], own)
    for check in named.values():
        _convert(check, checks.get("rates"), own, as_of)


def _names_currency(check: TableCheck) -> bool:
    columns = check.raw.frame.columns
    if "currency" not in columns or not holds_money(check.name, columns):
        return False
    return bool((check.frame["currency"].notna() & check.good).any())


def _company_currency(named: dict[str, TableCheck], company: str | None) -> str:
    """Code of the company's currency: that of the config, or without a config the only one that the tables name."""
    first = next(iter(named.values()))
    if company is None:
        found = sorted(
            {str(c) for check in named.values() for c in check.frame["currency"][check.good].dropna()}
        )
        if len(found) > 1:
            raise DataError(
                f"{first.raw.origin}: several currencies, {', '.join(found)}; set currency in the config to the "
                "company's, and give the config"
            )
        return found[0]
    own = company.strip().upper()
    if not _CODE.fullmatch(own):
        raise DataError(
            f"{first.raw.origin} names currencies, but currency in the config is {company!r}, "
            f"{_problem(company.strip())}"
        )
    return own


def _check_own_rate(rates: TableCheck, own: str) -> None:
    """Reject rates of the company's own currency other than 1: the table is upside down, or the config wrong."""
    frame = rates.frame
    rates.reject(
        ((frame["currency"] == own) & (frame["rate"] != 1)).to_numpy(),
        "the company's own currency has rate 1",
        lambda row: (
            f"rate of {own} is {rates.value(row, 'rate')}, but that is the company's own currency; a rate is "
            f"{own} for one unit of another currency"
        ),
    )


def _convert(check: TableCheck, rates: TableCheck | None, own: str, as_of: pd.Timestamp) -> None:
    """Convert the money of one checked table, and keep the rate of each row beside it."""
    frame = check.frame
    currency = frame["currency"].fillna(own).to_numpy(object)
    foreign = (currency != own) & check.good & _has_money(check)
    if foreign.any() and rates is None and check.name not in PROCUREMENT_TABLES:
        row = int(np.flatnonzero(foreign)[0])
        raise DataError(
            f"{_place(check, row)}: currency is {currency[row]}, the company's is {own} (currency in the config), and "
            f"there is no rates table; add one with currency, ds and rate ({own} for one {currency[row]}), or give "
            f"prices in {own}"
        )
    rate, days, rows = np.where(foreign, np.nan, 1.0), _days(check, as_of), np.flatnonzero(foreign)
    if rates is not None:
        rate[rows], _ = ExchangeRates.read(rates.frame[rates.good], own).on(currency[rows], days[rows])
    if check.name in PROCUREMENT_TABLES:
        _reject_without_rate(check, currency, days, np.isnan(rate))
    else:
        _need_rates(check, currency, days, np.isnan(rate))
    converted: dict[str, NDArray[np.generic]] = {
        column: frame[column].to_numpy(float) * rate for column in MONEY[check.name]
    }
    if check.name == "offers":
        texts = frame["price_breaks"].tolist()
        converted["price_breaks"] = scaled_price_breaks(texts, quantity=np.ones(len(frame)), price=rate)
    if check.name != "items":  # further columns of items are static features
        converted[RATE] = rate
    check.frame = frame.assign(**converted)


def _has_money(check: TableCheck) -> Mask:
    """Rows of a checked table that name a price or cost: only those need a rate, (rows,)."""
    columns = [*MONEY[check.name], *(["price_breaks"] if check.name == "offers" else [])]
    return np.asarray(check.frame[columns].notna().any(axis=1))


def _days(check: TableCheck, as_of: pd.Timestamp) -> NDArray[np.datetime64]:
    """Day (rows,) whose rate converts a row: that of an order, invoice or lot, else the as-of date."""
    if check.name in _DAY:
        return np.asarray(check.frame[_DAY[check.name]], "datetime64[ns]")
    if check.name != "purchase_orders":
        return np.full(len(check.frame), as_of.to_datetime64())
    placed = PLACED if PLACED in check.frame else "ordered_at"
    return np.asarray(check.frame[placed], "datetime64[ns]")


def _reject_without_rate(
    check: TableCheck, currency: NDArray[np.object_], days: NDArray[np.datetime64], missing: Mask
) -> None:
    """Reject rows (rows,) of a procurement table whose rate is `missing`: old ones need not have any."""
    check.reject(
        missing,
        "currency has a rate of its day",
        lambda row: (
            f"currency is {currency[row]}, and no rate of {currency[row]} on or before "
            f"{pd.Timestamp(days[row]):%Y-%m-%d} is known; add it to rates"
        ),
    )


def _need_rates(
    check: TableCheck, currency: NDArray[np.object_], days: NDArray[np.datetime64], missing: Mask
) -> None:
    """Refuse a checked table (DataError) with rows (rows,) whose rate is `missing`; name the first."""
    if not missing.any():
        return
    row = int(np.flatnonzero(missing)[0])
    others = f" ({missing.sum():,} rows like this)" if missing.sum() > 1 else ""
    raise DataError(
        f"{_place(check, row)}: currency is {currency[row]}, and rates has no rate of {currency[row]} on or before "
        f"{pd.Timestamp(days[row]):%Y-%m-%d}{others}; add one, a later rate is not taken"
    )


def _place(check: TableCheck, row: int) -> str:
    return f"{check.raw.origin} row {check.raw.source_line[row]}"
