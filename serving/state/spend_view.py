"""Spend as pages and API ask for it: sums by a dimension under filters, those asked for lately kept."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, get_args

import pandas as pd

from artifacts.parts.procurement_store import Procurement
from procurement.spend.spend_cube import DIMENSIONS, Rows

Flag = Literal["", "off_contract", "contracted", "certified", "diverse", "local", "not_priced"]
FLAGS: tuple[str, ...] = get_args(Flag)
NOT_KNOWN = "(none)"
"""What an address writes for lines whose value of a dimension is not known: an empty field of a form says nothing."""

_TOTALS_KEPT, _TABLES_KEPT = 256, 16


@dataclass(frozen=True)
class SpendQuery:
    """What spend is asked for.

    Attributes
    ----------
    by : dimension that is summed by
    where : (dimension, value) that lines must have
    flag : one of `FLAGS` that they must have; empty: no matter
    since, until : months like 2024-06 within which they were ordered, both included; empty: no bound
    """

    by: str = "supplier_id"
    where: tuple[tuple[str, str], ...] = ()
    flag: str = ""
    since: str = ""
    until: str = ""

    @property
    def filtered(self) -> bool:
        """Whether not all spend is asked for."""
        return bool(self.where or self.flag or self.since or self.until)


class SpendView:
    """The spend of a plan run."""

    def __init__(self, procurement: Procurement) -> None:
        self.procurement = procurement
        self.cube = procurement.spend
        self.by = lru_cache(_TABLES_KEPT)(self._by)
        self.total = lru_cache(_TOTALS_KEPT)(self._total)

    def _by(self, query: SpendQuery) -> pd.DataFrame:
        """Sums by the values of the query's dimension, as `SpendCube.by`; not to be changed."""
        return self.cube.by(query.by, self.rows(query))

    def _total(self, query: SpendQuery) -> dict[str, float]:
        """Sums of everything that is asked for."""
        return self.cube.total(self.rows(query))

    def rows(self, query: SpendQuery) -> Rows | None:
        """Rows of the cube that are asked for; None: all."""
        return self.cube.rows(dict(query.where), flag=query.flag, since=query.since, until=query.until)

    def newest_first(self, query: SpendQuery) -> Rows:
        """Rows of the lines that are asked for, the last day first."""
        return self.cube.newest_first(self.rows(query))

    def values(self, dimension: str) -> list[str]:
        """The values of a dimension that any line has, sorted."""
        return [name for name in self.cube.names(dimension) if name]

    @property
    def dimensions(self) -> tuple[str, ...]:
        """The dimensions of which any line has a value."""
        return tuple(name for name in DIMENSIONS if self.values(name))
