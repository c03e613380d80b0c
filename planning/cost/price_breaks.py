"""All-units quantity discounts: `100:9.50;500:9.10` says 9.50 each from 100 units, 9.10 each from 500."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import pandas as pd

from configs.errors import PlanningError
from distributions.distribution import Array


def parse_breaks(text: str) -> tuple[tuple[float, float], ...]:
    """Break quantities with their unit prices from a `price_breaks` text, rising in quantity.

    Raises
    ------
    PlanningError
        When the text is no list of `quantity:price`.
    """
    try:
        pairs = [part.split(":") for part in text.split(";") if part.strip()]
        breaks = sorted((float(quantity), float(price)) for quantity, price in pairs)
    except ValueError:
        breaks = [(np.nan, np.nan)]
    if not np.isfinite(breaks).all() or (np.asarray(breaks) < 0).any():
        raise PlanningError(
            f"offers: price_breaks is {text!r}, expected quantity:price pairs like 100:9.50;500:9.10"
        )
    return tuple(breaks)


def breaks_at(text: str, ratio: float) -> str:
    """A `price_breaks` text with all prices so many times as high; it raises as `parse_breaks`."""
    return ";".join(f"{quantity:g}:{price * ratio:.6g}" for quantity, price in parse_breaks(text))


def breaks_from(text: str, starts: Mapping[float, float]) -> str:
    """A `price_breaks` text with breaks that begin elsewhere: old → new quantity; it raises as `parse_breaks`."""
    return ";".join(
        f"{starts.get(quantity, quantity):g}:{price:.10g}" for quantity, price in parse_breaks(text)
    )


@dataclass(frozen=True)
class PriceBreaks:
    """Prices of n offers by quantity.

    Attributes
    ----------
    starts : array (n, B), smallest quantity of each bracket; the first is 0, brackets not used are at infinity
    prices : array (n, B), money per unit in that bracket; NaN where unknown
    """

    starts: Array
    prices: Array

    @classmethod
    def read(cls, unit_price: Array, texts: Sequence[str | None]) -> Self:
        """Brackets of offers from their base price (n,) and `price_breaks` texts (n,)."""
        codes, different = pd.factorize(np.asarray(texts, object))
        parsed = [parse_breaks(str(text)) for text in different]
        width = 1 + max((len(breaks) for breaks in parsed), default=0)
        starts, prices = np.full((len(parsed) + 1, width), np.inf), np.full((len(parsed) + 1, width), np.nan)
        for row, breaks in enumerate(parsed):
            for column, (quantity, price) in enumerate(breaks, start=1):
                starts[row, column], prices[row, column] = quantity, price
        starts[:, 0] = 0.0
        bracket_prices = prices[codes].copy()  # code −1, no text, takes the last row: no breaks
        bracket_prices[:, 0] = unit_price
        return cls(starts[codes], bracket_prices)

    @property
    def dearer_starts(self) -> Array:
        """Starts of the price brackets that cost more than the one before, infinity elsewhere, shape (n, B − 1)."""
        return np.where(self.prices[:, 1:] > self.prices[:, :-1], self.starts[:, 1:], np.inf)

    def price(self, quantity: Array) -> Array:
        """Unit price of an order of `quantity` (n,) by its price bracket, shape (n,)."""
        bracket = (self.starts <= quantity[:, None]).sum(axis=1) - 1
        return np.asarray(np.take_along_axis(self.prices, np.maximum(bracket, 0)[:, None], 1)[:, 0])

    def next_start(self, quantity: Array) -> Array:
        """Quantity at which the next cheaper price bracket begins, infinity where there is none, shape (n,)."""
        cheaper = (self.starts > quantity[:, None]) & (self.prices < self.price(quantity)[:, None])
        return np.asarray(np.where(cheaper, self.starts, np.inf).min(axis=1))
