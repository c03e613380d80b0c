"""A company being made dirty: its tables and its config, to be changed by mutations and written to a folder."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import numpy as np
import yaml

from benchmarks.dirty.clean_company import CleanCompany
from benchmarks.dirty.dirty_table import DirtyTable, FileStyle, Rows
from benchmarks.dirty.table_files import write_table
from features.contract.tables import Kind

Rng = np.random.Generator


class NothingToDo(Exception):  # noqa: N818 - no error: another mutation is drawn
    """The mutation finds nothing that it could change, for example after another one."""


@dataclass
class DirtyCompany:
    """A company being made dirty.

    Attributes
    ----------
    tables : its tables
    config : the document of its YAML file
    config_text : the YAML file itself, where it is no document
    config_is_wrong : the config has to be refused
    reads_otherwise : the config reads the tables in another way, so that values cannot be compared
    files : further files of the directory, by name
    """

    tables: dict[str, DirtyTable]
    config: dict[str, Any]
    config_text: str = ""
    config_is_wrong: bool = False
    reads_otherwise: bool = False
    files: dict[str, bytes] = field(default_factory=dict)

    @classmethod
    def of(cls, clean: CleanCompany, rng: Rng) -> Self:
        """The clean company, not dirty yet; each of its tables as CSV, or one in three as Parquet."""
        tables = {
            name: DirtyTable(name, table, FileStyle(".parquet" if rng.random() < 1 / 3 else ".csv"))
            for name, table in clean.tables.items()
        }
        return cls(tables, clean.config.model_dump(mode="json"))

    def write(self, folder: Path) -> Path:
        """Write `folder`/data, and the config beside it, which is returned."""
        data, config = folder / "data", folder / "c.yaml"
        data.mkdir(parents=True)
        for table in self.tables.values():
            write_table(table, data)
        for name, content in self.files.items():
            (data / name).write_bytes(content)
        config.write_text(self.config_text or yaml.safe_dump(self.config, sort_keys=False), encoding="utf-8")
        return config

    def some_table(self, rng: Rng, suffix: str = "") -> DirtyTable:
        """Draw a table; with `suffix` it is written as such a file from now on."""
        there = [table for table in self.tables.values() if table.stems]
        table = there[rng.integers(len(there))]
        if suffix:
            table.style.suffix = suffix
        return table

    def table(self, name: str) -> DirtyTable:
        """A table by name; NothingToDo when it is left out already."""
        if not self.tables[name].stems:
            raise NothingToDo
        return self.tables[name]

    def some_column(self, rng: Rng, kind: Kind, suffix: str = "") -> tuple[DirtyTable, str]:
        """Draw a column of a kind that has untouched values, from any table."""
        found = [
            (table, column)
            for table in self.tables.values()
            if table.stems
            for column in table.columns_of(kind)
            if len(table.filled(column))
        ]
        if not found:
            raise NothingToDo
        table, column = found[rng.integers(len(found))]
        if suffix:
            table.style.suffix = suffix
        return table, column


def some_rows(rng: Rng, among: Rows, share: float = 0.03) -> Rows:
    """Draw a few rows, at least one and at most `share` of them, in their order."""
    if not len(among):
        raise NothingToDo
    most = max(int(share * len(among)), 1)
    return np.sort(rng.choice(among, rng.integers(1, most + 1), replace=False))
