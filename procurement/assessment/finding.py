"""What a finding of the assessment is: figures, each with its range and how it was worked out, and tables."""

from dataclasses import dataclass, field
from typing import Literal, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from configs.errors import PlanningError
from distributions.distribution import Array

Unit = Literal["money", "money a year", "share", "units a year", "days", "times a year", "count"]
"""What a figure counts; `share` is between 0 and 1."""

REPLICATES = 200
"""Resamples of the SKUs."""
TAILS = (0.05, 0.95)
"""Quantiles of the resampled figures between which a range lies."""
RESAMPLED = "5 to 95% of 200 resamples of the SKUs"
"""How a range by `Resamples` is called."""


@dataclass(frozen=True)
class Range:
    """A figure between its low and its high end; all NaN where it is not known.

    Raises
    ------
    PlanningError
        When low ≤ middle ≤ high does not hold.
    """

    low: float
    middle: float
    high: float

    def __post_init__(self) -> None:
        if self.low > self.middle or self.middle > self.high:
            raise PlanningError(f"range: {self.low}, {self.middle}, {self.high} do not rise; give low first")

    @classmethod
    def around(cls, middle: float, others: Array) -> Self:
        """The range of `others` that holds `middle`, too; unknown with an unknown middle."""
        if np.isnan(middle):
            return cls(np.nan, np.nan, np.nan)
        known = others[np.isfinite(others)]
        low, high = (known.min(), known.max()) if len(known) else (middle, middle)
        return cls(float(min(low, middle)), float(middle), float(max(high, middle)))

    @classmethod
    def unknown(cls) -> Self:
        """A figure of which nothing is known."""
        return cls(np.nan, np.nan, np.nan)

    @property
    def known(self) -> bool:
        """Whether there is a figure."""
        return not np.isnan(self.middle)


@dataclass(frozen=True)
class Figure:
    """A figure of a finding: its name for programs, its label for people, its range, and how it was worked out."""

    name: str
    label: str
    unit: Unit
    value: Range
    how: str


def resampled(name: str, label: str, unit: Unit, value: Range, how: str) -> Figure:
    """A figure whose range is that of the resamples."""
    return Figure(name, label, unit, value, f"{how}; range: {RESAMPLED}")


@dataclass(frozen=True)
class Finding:
    """A finding of the assessment.

    Attributes
    ----------
    tables : name → frame; the rows that matter most first
    notes : sentences that qualify the figures
    missing : what is not known and the table or column that would tell; empty: nothing is missing
    """

    name: str
    title: str
    figures: tuple[Figure, ...] = ()
    tables: dict[str, pd.DataFrame] = field(default_factory=dict, compare=False)
    notes: tuple[str, ...] = ()
    missing: str = ""

    def value(self, name: str) -> Range:
        """The range of the figure `name`; unknown where the finding does not have it."""
        found = (figure.value for figure in self.figures if figure.name == name)
        return next(found, Range.unknown())


@dataclass(frozen=True)
class Resamples:
    """How often each of n SKUs is drawn in each of R resamples with replacement (Efron 1979), array (R, n)."""

    counts: NDArray[np.uint16]

    @classmethod
    def of(cls, n: int, seed: int = 0) -> Self:
        """Resamples of n SKUs in their sorted order, by a seed: the same for the same company."""
        rng = np.random.default_rng(seed)
        counts = [np.bincount(rng.integers(0, n, n), minlength=n) for _ in range(REPLICATES if n else 0)]
        return cls(np.array(counts, np.uint16).reshape(len(counts), n))

    def sum(self, values: Array) -> Range:
        """Sum of `values` (n,), unknown ones left out, with its range over the resamples."""
        known = np.nan_to_num(values)
        return Range.around(float(known.sum()), self._tails(self._sums(known)))

    def ratio(self, above: Array, below: Array) -> Range:
        """Sum of `above` per sum of `below`, (n,) each, where both are known, with its range; unknown over nothing."""
        known = ~np.isnan(above) & ~np.isnan(below)
        top, bottom = np.where(known, above, 0.0), np.where(known, below, 0.0)
        if not bottom.sum() > 0:
            return Range.unknown()
        tops, bottoms = self._sums(top), self._sums(bottom)
        ratios = np.divide(tops, bottoms, out=np.full(len(tops), np.nan), where=bottoms > 0)
        return Range.around(float(top.sum() / bottom.sum()), self._tails(ratios[~np.isnan(ratios)]))

    def _sums(self, values: Array) -> Array:
        return np.array([row @ values for row in self.counts], float)

    def _tails(self, figures: Array) -> Array:
        return np.quantile(figures, TAILS) if len(figures) else figures
