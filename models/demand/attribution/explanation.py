"""Explanation: the parts an expected demand is made of (level, trend, season, price, promotion, events), in units."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from distributions.distribution import Array

KEYS = ("unique_id", "ds", "end", "mean")

LEVEL, TREND, SEASON, EVENT = "level", "trend", "season", "event"
NEIGHBOURS, OTHER, OVERRIDE = "neighbours", "other", "override"

_COLUMNS = {*KEYS, LEVEL, TREND, SEASON, EVENT, NEIGHBOURS, OTHER, OVERRIDE}

EVENTS = ""
"""All events together, as one cause: no covariate can be called so."""


@dataclass(frozen=True)
class Explanation:
    """What the expected demand of n SKUs and h periods is made of.

    Attributes
    ----------
    unique_ids : array (n,)
    starts : array (h + 1,) of datetime64[ns]: the starts of the h periods, then the end of the last
    parts : names of the P parts: level, trend, season, the covariates by name, event,
        neighbours (prices and promotions of the SKUs around), other; in a plan also override
    units : array (n, h, P), units per period; they sum to the mean forecast
    """

    unique_ids: NDArray[np.object_]
    starts: NDArray[np.datetime64]
    parts: tuple[str, ...]
    units: Array

    @property
    def mean(self) -> Array:
        """Expected demand that the parts sum to, shape (n, h)."""
        return np.asarray(self.units.sum(axis=2))

    def select(self, rows: NDArray[np.int64]) -> Self:
        """The explanation of some SKUs, by row."""
        return type(self)(self.unique_ids[rows], self.starts, self.parts, self.units[rows])

    def frame(self) -> pd.DataFrame:
        """The explanation as a table, one row per SKU and period: unique_id, ds, end, mean, a column for each part."""
        n, h, _ = self.units.shape
        keys = {
            "unique_id": np.repeat(self.unique_ids, h),
            "ds": np.tile(self.starts[:-1].astype("datetime64[ns]"), n),
            "end": np.tile(self.starts[1:].astype("datetime64[ns]"), n),
            "mean": self.mean.ravel(),
        }
        return pd.DataFrame(keys | {name: self.units[:, :, p].ravel() for p, name in enumerate(self.parts)})


def with_part(explanation: Explanation, name: str, units: Array) -> Explanation:
    """The explanation with one more part, `units` (n, h) a period."""
    return replace(
        explanation,
        parts=(*explanation.parts, name),
        units=np.concatenate([explanation.units, units[..., None]], axis=2),
    )


def cause_parts(causes: Sequence[str]) -> dict[str, str]:
    """Names of the parts of an explanation that causes have: event, or the covariate's own; cause → part.

    Where that is another column's name, `_covariate` is appended until it is nobody's.
    """
    parts: dict[str, str] = {}
    for cause in causes:
        part = EVENT if cause == EVENTS else cause
        while cause != EVENTS and part in _COLUMNS | (set(causes) - {cause}) | set(parts.values()):
            part += "_covariate"
        parts[cause] = part
    return parts
