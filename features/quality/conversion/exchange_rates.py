"""Exchange rates: what one unit of a foreign currency is worth in the company's on a day, by the last known rate."""

from dataclasses import dataclass
from typing import Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Array = NDArray[np.float64]
_DAY = np.timedelta64(1, "D")


@dataclass(frozen=True)
class ExchangeRates:
    """Exchange rates of all currencies by day, sorted by currency and day.

    Attributes
    ----------
    company : code of the company's own currency, whose rate is always 1
    currencies : the foreign ones
    code, day, rate : arrays (m,): which of `currencies`, day since 1970, units of the company's for one of it
    """

    company: str
    currencies: pd.Index
    code: NDArray[np.int64]
    day: NDArray[np.int64]
    rate: Array

    @classmethod
    def read(cls, rates: pd.DataFrame, company: str) -> Self:
        """Exchange rates from the rows of the `rates` table."""
        ordered = rates[rates["currency"] != company].sort_values(["currency", "ds"], kind="stable")
        code, currencies = pd.factorize(ordered["currency"])
        day = ordered["ds"].to_numpy("datetime64[D]").astype(np.int64)
        return cls(company, pd.Index(currencies, dtype=object), code, day, ordered["rate"].to_numpy(float))

    def on(self, currency: NDArray[np.object_], days: NDArray[np.datetime64]) -> tuple[Array, Array]:
        """Exchange rate (n,) of each currency on each day and its age in days: the last one up to that day.

        Never a later one: NaN where there is none by then. The company's own currency has rate 1 and age 0.
        """
        own = currency == self.company
        asked = self.currencies.get_indexer(pd.Index(currency, dtype=object))
        day = days.astype("datetime64[D]").astype(np.int64)
        at = np.searchsorted(_key(self.code, self.day), _key(asked, day), side="right") - 1
        known = (asked >= 0) & (at >= 0)
        known[known] &= self.code[at[known]] == asked[known]
        rate, age = np.where(own, 1.0, np.nan), np.where(own, 0.0, np.nan)
        rate[known], age[known] = self.rate[at[known]], day[known] - self.day[at[known]]
        return rate, age


def _key(code: NDArray[np.int64], day: NDArray[np.int64]) -> NDArray[np.int64]:
    """Currency and day as one integer that sorts by both."""
    return np.asarray(code, np.int64) * 10_000_000 + day
