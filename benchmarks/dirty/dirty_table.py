"""One table being made dirty: the cells as they will be written, and beside each what it means."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Literal

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from benchmarks.dirty.clean_company import CleanTable
from features.contract.tables import Kind

Rows = NDArray[np.int64]
Cast = Callable[[pd.Series], pa.Array]


class Verdict(IntEnum):
    """What may become of a cell when it is read."""

    SAME = 0
    """Nothing touched it: its value, or its row in quarantine."""
    MEANT = 1
    """Written otherwise, the right value is known: that value, or a word about it."""
    WRONG = 2
    """No value is right: its row in quarantine, or a word about it."""
    OPEN = 3
    """Whatever comes out."""


@dataclass
class FileStyle:
    """How a table is written: `.csv` or `.parquet`, and the dialect of the former."""

    suffix: str = ".csv"
    separator: str = ","
    newline: str = "\n"
    codec: str = "utf-8"
    quote_all: bool = False


@dataclass
class DirtyTable:
    """One table being made dirty; rows lie in the order of the file to be.

    Attributes
    ----------
    clean : the table as it was
    origin : the row of `clean` that each row comes from, (n,)
    cells : column → texts to be written, (n,) each
    meant : what reading should give, (n, columns)
    verdicts : column of `meant` → `Verdict` of each cell, (n,)
    header : pairs of the name to be written and the column of `cells` under it
    casts : columns that a Parquet file holds in another type
    edited : columns whose texts are no longer those of `clean`: a Parquet file holds them as texts
    damage : what is done to the bytes of the file
    stems : file names without suffix that the table is written to; none: it is left out
    counted : whether every row of the file can be told from the next, so that rows can be counted
    named : something has to be said about the table, or only if it is not read
    """

    name: str
    clean: CleanTable
    style: FileStyle
    origin: Rows = field(init=False)
    cells: dict[str, NDArray[np.object_]] = field(init=False)
    meant: pd.DataFrame = field(init=False)
    verdicts: dict[str, NDArray[np.int8]] = field(init=False)
    header: list[tuple[str, str]] = field(init=False)
    casts: dict[str, Cast] = field(default_factory=dict)
    edited: set[str] = field(default_factory=set)
    damage: list[Callable[[bytes], bytes]] = field(default_factory=list)
    stems: list[str] = field(init=False)
    counted: bool = True
    named: Literal["", "if not read", "always"] = ""

    def __post_init__(self) -> None:
        n = len(self.clean.typed)
        self.origin = np.arange(n)
        self.cells = dict(self.clean.texts)
        self.meant = self.clean.meant
        self.verdicts = {name: np.zeros(n, np.int8) for name in self.meant.columns}
        self.header = [(name, name) for name in self.cells]
        self.stems = [self.name]

    def __len__(self) -> int:
        return len(self.origin)

    @property
    def columns(self) -> list[str]:
        """Columns that the file still has under their own names."""
        names = [name for name, _ in self.header]
        return [column for name, column in self.header if name == column and names.count(name) == 1]

    def columns_of(self, kind: Kind) -> list[str]:
        """Columns of a kind that the file still has under their own names."""
        return [column for column in self.columns if self.clean.kinds.get(column) == kind]

    def filled(self, column: str) -> Rows:
        """Rows that have a value in the column and are not touched there yet."""
        has = pd.notna(self.cells[column])
        return np.flatnonzero(has & (self.verdicts[column] == Verdict.SAME))

    def put(self, rows: Rows, column: str, texts: Sequence[str | None], verdict: Verdict) -> None:
        """Write `texts` into cells, with the verdict on them; `meant` keeps the value that was there."""
        values = self.cells[column].copy()
        values[rows] = np.array([*texts, None], dtype=object)[:-1]
        self.cells[column] = values
        self.edited.add(column)
        self.casts.pop(column, None)
        self.judge(rows, column, verdict)

    def have(self, column: str) -> None:
        """Add a column without values, where the table has none of that name."""
        if column not in self.cells:
            self.cells[column] = np.full(len(self), None, dtype=object)
            self.header = [*self.header, (column, column)]

    def judge(self, rows: Rows, column: str, verdict: Verdict) -> None:
        """Set the verdict on cells of a column; one that allows more, from an earlier mutation, stays."""
        if column in self.verdicts:
            verdicts = self.verdicts[column].copy()
            verdicts[rows] = np.maximum(verdicts[rows], verdict)
            self.verdicts[column] = verdicts

    def judge_all(self, rows: Rows, verdict: Verdict) -> None:
        """Set the verdict on all cells of rows."""
        for column in self.verdicts:
            self.judge(rows, column, verdict)

    def mean(self, rows: Rows, column: str, values: Sequence[object]) -> None:
        """Set what cells mean: the value that reading should give."""
        column_values = self.meant[column].copy()
        column_values.iloc[rows] = pd.Series(list(values), dtype=column_values.dtype)
        self.meant = self.meant.assign(**{column: column_values})

    def take(self, rows: Rows) -> None:
        """Keep these rows in this order; a row may be named twice."""
        self.origin = self.origin[rows]
        self.cells = {name: values[rows] for name, values in self.cells.items()}
        self.meant = self.meant.iloc[rows].reset_index(drop=True)
        self.verdicts = {name: values[rows] for name, values in self.verdicts.items()}

    def rename(self, column: str, name: str) -> None:
        """Write a column under another name."""
        self.header = [(name if there == column else there, of) for there, of in self.header]
