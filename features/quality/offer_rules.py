"""Rules for an offer's quantities and prices: what may be ordered at all, and price breaks that say one price each."""

import re
from collections.abc import Iterator
from functools import partial
from itertools import pairwise

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from configs.formats import plain
from features.quality.table_check import TableCheck
from features.quality.warnings.data_warning import DataWarning

_PAIR = r"\s*\d+(\.\d+)?\s*:\s*\d+(\.\d+)?\s*"
_PRICE_BREAKS = re.compile(rf"{_PAIR}(;{_PAIR})*;?\s*")
_ROUNDING = 1e-9
_NO_QUANTITY = {
    "max_quantity ≥ moq",
    "max_quantity ≥ order_multiple",
    "a multiple of order_multiple from moq to max_quantity",
}
"""Rules broken by offers of which no quantity can be ordered."""

Pairs = tuple[tuple[float, float], ...]
"""Starts and prices of price breaks, by rising start."""


def check_offers(offers: TableCheck) -> None:
    """Reject offers that allow no quantity, and those whose price breaks cannot be read or contradict each other."""
    _check_quantities(offers)
    codes, texts = pd.factorize(offers.frame["price_breaks"])
    readable = np.array([_PRICE_BREAKS.fullmatch(text) is not None for text in texts], bool)
    pairs = [read_pairs(text) if good else () for text, good in zip(texts, readable, strict=True)]
    breaks = [
        (~readable, "price_breaks is quantity:price pairs", "expected pairs such as 100:9.50;500:9.10"),
        (
            np.array([any(price == 0 for _, price in each) for each in pairs], bool),
            "price_breaks has prices above 0",
            "expected prices above 0",
        ),
        (
            np.array([len(dict(each)) < len(set(each)) for each in pairs], bool),
            "price_breaks has one price a quantity",
            "which begins twice at one quantity; keep one price of it",
        ),
    ]
    for wrong, rule, expected in breaks:
        offers.reject(np.append(wrong, False)[codes], rule, partial(_breaks_are, offers, expected))


def _breaks_are(offers: TableCheck, expected: str, row: int) -> str:
    return f"price_breaks is {offers.value(row, 'price_breaks')}, {expected}"


def _check_quantities(offers: TableCheck) -> None:
    """Reject offers of which no quantity is a multiple of the order multiple from the MOQ to the maximum."""
    frame = offers.frame
    moq, most = frame["moq"].fillna(0.0).to_numpy(float), frame["max_quantity"].to_numpy(float)
    most = np.where(
        most > 0, most, np.inf
    )  # empty or 0: no maximum; below 0: out of bounds, which is said elsewhere
    multiple = frame["order_multiple"].to_numpy(float)
    # an offer in purchase units is a whole number of them
    packs = np.where(frame["units_per_purchase_unit"].notna() & ~(multiple > 0), 1.0, multiple)
    packs = np.where(np.isinf(packs), np.nan, packs)  # out of bounds, which is said elsewhere
    step = np.where(packs > 0, packs, 1.0)
    least = np.where(packs > 0, np.ceil(np.maximum(moq, step) / step - _ROUNDING) * step, moq)
    below_moq, below_step = most < moq, (most < packs) & (packs > 0)
    offers.reject(
        below_moq,
        "max_quantity ≥ moq",
        lambda row: (
            f"max_quantity is {offers.value(row, 'max_quantity')}, below moq {offers.value(row, 'moq')}"
        ),
    )
    offers.reject(
        below_step & ~below_moq,
        "max_quantity ≥ order_multiple",
        lambda row: (
            f"max_quantity is {offers.value(row, 'max_quantity')}, below order_multiple {plain(step[row])}: "
            "nothing could be ordered"
        ),
    )
    offers.reject(
        (least > most + _ROUNDING * np.minimum(most, least)) & ~below_moq & ~below_step,
        "a multiple of order_multiple from moq to max_quantity",
        lambda row: (
            f"no multiple of order_multiple {plain(step[row])} lies from moq {offers.value(row, 'moq')} to "
            f"max_quantity {offers.value(row, 'max_quantity')}: nothing could be ordered; correct one of the three"
        ),
    )


def offers_without_quantity(offers: TableCheck) -> NDArray[np.int64]:
    """Quarantined offers, rows (k,), that are good but for allowing no quantity: no plan may order through them.

    Left out, their SKUs would be bought from the supplier of their last order, without any terms.
    """
    nothing, other = np.zeros(len(offers.frame), bool), np.zeros(len(offers.frame), bool)
    for violation in offers.violations:
        (nothing if violation.rule in _NO_QUANTITY else other)[violation.rows] = True
    rows = np.flatnonzero(nothing & ~other & ~offers.unseen)
    return rows[~np.isin(offers.key[rows], offers.key[offers.good])]


def read_pairs(text: str) -> Pairs:
    """Pairs of start and price of the price breaks of an offer, a readable text, by rising start."""
    pairs = (part.split(":") for part in text.split(";") if part.strip())
    return tuple(sorted((float(start), float(price)) for start, price in pairs))


def price_break_warnings(offers: TableCheck) -> Iterator[DataWarning]:
    """Warnings about price breaks of good offers that can be read, but hardly say what was meant.

    They cost more than the break before, begin at 0 units with another price than `unit_price`, or stand there twice.
    """
    rows = np.flatnonzero(offers.good & offers.frame["price_breaks"].notna().to_numpy())
    codes, texts = pd.factorize(offers.frame["price_breaks"].iloc[rows])
    pairs = [read_pairs(text) for text in texts]
    unit_price = offers.frame["unit_price"].to_numpy(float)[rows]
    dearer = [_first_dearer(each) for each in pairs]
    first = np.array([each[0][1] for each in pairs])[codes]
    from_zero = np.array([each[0][0] == 0 for each in pairs], bool)[codes]
    rising = np.array([each is not None for each in dearer], bool)[codes]
    base = (first > unit_price) & ~from_zero
    yield from _warning(
        offers,
        rows[rising | base],
        "dearer_price_break",
        "have a price break that costs more than the price before it",
        "Orders stay below such a quantity where they can; correct it if it is a typing error",
    )
    twice = np.array([len(set(each)) < len(each) for each in pairs], bool)[codes]
    yield from _warning(
        offers,
        rows[twice | (from_zero & (first != unit_price) & ~np.isnan(unit_price))],
        "odd_price_break",
        "have a price break that stands there twice, or begins at 0 units with another price than unit_price",
        "The price break counts, and counts once; correct price_breaks or unit_price",
    )


def _first_dearer(pairs: Pairs) -> Pairs | None:
    """The first two of an offer's price breaks of which the second costs more, none where there are none."""
    return next((two for two in pairwise(pairs) if two[1][1] > two[0][1]), None)


def _warning(
    offers: TableCheck, rows: NDArray[np.intp], kind: str, message: str, fix: str
) -> Iterator[DataWarning]:
    """The warning about some rows of the offers, with the first of them as its example."""
    if not len(rows):
        return
    row, total = int(rows[0]), len(offers.frame)
    place = f"{offers.raw.origin} row {offers.raw.source_line[row]}"
    priced = "unit_price" in offers.raw.frame and pd.notna(offers.frame["unit_price"].iloc[row])
    beside = f" with unit_price {offers.value(row, 'unit_price')}" if priced else ""
    yield DataWarning(
        kind,
        "offers",
        len(rows),
        total,
        f"{len(rows):,} of {total:,} offers {message}",
        f"{place}: price_breaks is {offers.value(row, 'price_breaks')}{beside}",
        fix,
    )
