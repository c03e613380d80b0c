"""Purchase units: offers in the supplier's unit, such as packs of 10, brought into the SKU's own unit."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from features.quality.table_check import TableCheck

Array = NDArray[np.float64]

UNITS_EACH = "units_per_purchase_unit"
_QUANTITIES = ("moq", "order_multiple", "max_quantity")


def check_purchase_units(offers: TableCheck) -> None:
    """Reject offers whose purchase unit has no size, or whose order multiple is no whole number of them."""
    frame = offers.frame
    each = frame[UNITS_EACH]
    offers.reject(
        (frame["purchase_unit"].notna() & each.isna()).to_numpy(),
        "a purchase unit has its units_per_purchase_unit",
        lambda row: (
            f"purchase_unit is {offers.value(row, 'purchase_unit')}, but {UNITS_EACH} is missing; give how many of "
            "the SKU's own units one holds (1 where it is the same)"
        ),
    )
    multiple = frame["order_multiple"]
    offers.reject(
        (each.notna() & multiple.notna() & (multiple != multiple.round())).to_numpy(),
        "order_multiple is a whole number of purchase units",
        lambda row: (
            f"order_multiple is {offers.value(row, 'order_multiple')}, expected a whole number: a row with "
            f"{UNITS_EACH} counts purchase units"
        ),
    )


def in_own_units(offers: pd.DataFrame) -> pd.DataFrame:
    """Offers with quantities and prices in the SKU's own unit, from those in purchase units of u units each.

    A row with u (`units_per_purchase_unit`) counts purchase units throughout: moq·u, max_quantity·u and
    order_multiple·u, at least u, since an order is a whole number of them; unit_price/u and, in price_breaks, both.
    Rows without u stay as they are.
    """
    each = offers[UNITS_EACH].to_numpy(float, na_value=np.nan)
    rows = np.flatnonzero((each > 0) & np.isfinite(each))
    if not len(rows):
        return offers
    factor = np.ones(len(offers))
    factor[rows] = each[rows]
    numbers = {name: offers[name].to_numpy(float, na_value=np.nan) for name in (*_QUANTITIES, "unit_price")}
    converted = {name: numbers[name] * factor for name in _QUANTITIES}
    multiple = converted["order_multiple"]
    multiple[rows] = np.where(multiple[rows] > 0, multiple[rows], each[rows])
    converted["unit_price"] = numbers["unit_price"] / factor
    breaks = scaled_price_breaks(offers["price_breaks"].tolist(), quantity=factor, price=1 / factor)
    return offers.assign(**converted, price_breaks=breaks)


def scaled_price_breaks(texts: Sequence[str | None], *, quantity: Array, price: Array) -> NDArray[np.object_]:
    """Texts (n,) of price breaks with their quantities and prices multiplied, as purchase unit or currency ask.

    A text that cannot be read stays as it is: its row is in quarantine.
    """
    scaled = np.array([text if isinstance(text, str) else None for text in texts], dtype=object)
    changed = (quantity != 1) | (price != 1)
    seen: dict[tuple[str, float, float], str] = {}
    for row in np.flatnonzero(changed & (scaled != None)):  # noqa: E711 - elementwise
        key = (scaled[row], float(quantity[row]), float(price[row]))
        if key not in seen:
            seen[key] = _scaled(*key)
        scaled[row] = seen[key]
    return scaled


def _scaled(text: str, quantity: float, price: float) -> str:
    """One text of price breaks, multiplied."""
    try:
        pairs = [[float(number) for number in part.split(":")] for part in text.split(";") if part.strip()]
        return ";".join(f"{_digits(start * quantity)}:{_digits(each * price)}" for start, each in pairs)
    except ValueError:
        return text


def _digits(value: float) -> str:
    """A number in digits, as the contract reads them, without the last bit that multiplying leaves."""
    return np.format_float_positional(float(f"{value:.15g}"), trim="-")
