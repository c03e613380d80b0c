"""Shutdowns of suppliers: holidays and closures on which each does not work, as spans that do not overlap."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

_NOT_YET = np.inf


@dataclass(frozen=True)
class Shutdowns:
    """Shutdowns of S suppliers, as spans that do not overlap.

    A span of days a … b is the time (a − 1, b], in days since 1970: nothing dated a … b comes about in it.

    Attributes
    ----------
    names : (E,), what the shutdowns are called
    calendar : (S,), row of the following tables for each supplier: suppliers with the same shutdowns share one
    begin, end : (P, K), infinite after a calendar's last span
    kind : (P, K), place of the span's name in `names`
    """

    names: tuple[str, ...]
    calendar: NDArray[np.int64]
    begin: NDArray[np.float64]
    end: NDArray[np.float64]
    kind: NDArray[np.int64]

    @classmethod
    def of(
        cls, names: Sequence[str], calendar: NDArray[np.int64], spans: Sequence[NDArray[np.float64]]
    ) -> Self:
        """Shutdowns from the spans of each calendar, as `shutdown_spans` gives them."""
        longest = max((one.shape[1] for one in spans), default=0)
        begin, end = np.full((2, len(spans), longest), _NOT_YET)
        kind = np.zeros((len(spans), longest), np.int64)
        for row, one in enumerate(spans):
            count = one.shape[1]
            begin[row, :count], end[row, :count], kind[row, :count] = one
        return cls(tuple(names), calendar, begin, end, kind)

    def of_kind(self, kind: int) -> Self:
        """The shutdowns with one name, by its place in `names`."""
        chosen = self.kind == kind
        columns = chosen.any(axis=0)
        begin, end = (np.where(chosen, at, _NOT_YET)[:, columns] for at in (self.begin, self.end))
        return replace(self, begin=begin, end=end, kind=self.kind[:, columns])


def shutdown_spans(day: NDArray[np.float64], kind: NDArray[np.int64]) -> NDArray[np.float64]:
    """Spans of consecutive shutdown days of one kind: rows begin, end and kind, (3, K).

    Parameters
    ----------
    day : (D,), days since 1970; of a day that is given twice the lowest kind counts
    kind : (D,), place of each day's name
    """
    order = np.lexsort((kind, day))
    day, first = np.unique(day[order], return_index=True)
    kind = kind[order][first]
    starts = np.ones(len(day), bool)
    starts[1:] = (np.diff(day) > 1) | (np.diff(kind) != 0)
    at = np.flatnonzero(starts)
    last = np.append(at[1:], len(day))[: len(at)] - 1
    return np.stack([day[at] - 1, day[last], kind[at].astype(float)])
