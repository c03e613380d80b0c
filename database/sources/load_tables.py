"""The data contract's tables from whatever source the user names, a data directory or a SQL database; and checked."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
from sqlalchemy.engine import make_url

from configs.schema import DataConfig
from database.sources.data_directory import read_directory
from database.sources.sql_source import read_database, table_names
from database.sources.unread_files import unread_files, unread_tables
from features.contract.tables import TABLES, DataError, RawTable
from features.quality.check import check_tables
from features.quality.check_result import CheckResult
from features.quality.warnings.data_warning import DataWarning


def load_tables(source: str, data: DataConfig, *, as_of: pd.Timestamp | None = None) -> CheckResult:
    """Read the tables of `source` (folder or SQL URL) and check them against the data contract.

    Parameters
    ----------
    source : a folder of CSV, XLSX and Parquet files, or any SQLAlchemy URL
    as_of : the day to look from; see `features.quality.check.check_tables`

    Raises
    ------
    DataError
        When the source cannot be read or used: no folder, no demand, a missing column, too many bad rows.
    """
    checked = check_source(source, data, as_of=as_of)
    if checked.problem:
        raise DataError(checked.problem)
    return checked


def check_source(source: str, data: DataConfig, *, as_of: pd.Timestamp | None = None) -> CheckResult:
    """Read the tables of `source` (folder or SQL URL) and check them; too many bad rows are no error.

    `check`, `train` and `plan` judge alike by it.

    Raises
    ------
    DataError
        When the source cannot be read: no folder, no demand, a missing column.
    """
    today = pd.Timestamp(datetime.now(UTC).date())
    checked = check_tables(read_source(source), data, as_of=as_of, today=today)
    return replace(checked, source_warnings=tuple(unread(source)))


def read_source(source: str) -> dict[str, RawTable]:
    """Read the contract's tables that `source` (folder or SQL URL) has, unparsed.

    Raises
    ------
    DataError
        When the folder or database is not there, or one of its tables cannot be read.
    """
    if "://" in str(source):
        return read_database(source)
    return read_directory(source)


def unread(source: str) -> Iterator[DataWarning]:
    """Warnings about what in `source` (folder or SQL URL) looks like one of the contract's tables and is not read."""
    if "://" in str(source):
        names = table_names(source)
        return unread_tables(names, [name for name in names if name in TABLES])
    return unread_files(Path(source))


def shown_source(source: str) -> str:
    """`source` (folder or SQL URL) as it may be shown: without a password."""
    return make_url(source).render_as_string(hide_password=True) if "://" in source else source
