"""Demand as dense arrays: one row a SKU, one column a period."""

from dataclasses import dataclass, field
from typing import Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Panel:
    """n SKUs over T periods, all on one calendar.

    Attributes
    ----------
    unique_ids : array (n,) of str, sorted
    ds : array (T,) of datetime64[ns], period starts, rising
    freq : pandas alias of the period starts
    y : array (n, T), quantity demanded; NaN before a SKU's first row and where missing
    in_stock : bool array (n, T); False: `y` is only a lower bound of the demand
    covariates : name → array (n, T + future), the future part NaN where it is not known in advance
    known : names of the covariates known in advance
    events : name → array (n, T + future) of 0/1
    static : one row per SKU in the order of `unique_ids`: category, department, description, extra columns
    """

    unique_ids: NDArray[np.object_]
    ds: NDArray[np.datetime64]
    freq: str
    y: Array
    in_stock: NDArray[np.bool_]
    static: pd.DataFrame
    covariates: dict[str, Array] = field(default_factory=dict)
    known: tuple[str, ...] = ()
    events: dict[str, Array] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.unique_ids)

    @property
    def cutoff(self) -> pd.Timestamp:
        """Start of the last period."""
        return pd.Timestamp(self.ds[-1])

    def future(self, h: int) -> NDArray[np.datetime64]:
        """Starts of the h periods after the last one, then the end of the last of them: shape (h + 1,)."""
        return np.asarray(pd.date_range(self.cutoff, periods=h + 2, freq=self.freq)[1:])

    def until(self, periods: int) -> Self:
        """The panel as it was after its first `periods` periods (covariates not known in advance are cut)."""
        raise NotImplementedError
