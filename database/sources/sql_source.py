"""The data contract's tables from the company's SQL database, at a SQLAlchemy URL."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pandas as pd
from sqlalchemy import Connection, create_engine, inspect
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from features.contract.tables import TABLES, DataError, RawTable


def read_database(url: str) -> dict[str, RawTable]:
    """Read the contract's tables and views that the SQL database at `url` has. A password is never shown.

    Raises
    ------
    DataError
        When the URL is wrong, its driver is not installed, or the database cannot be reached or read.
    """
    with _connected(url) as connection:
        names = _names(connection)
        return {
            name: RawTable(pd.read_sql_table(name, connection), f"table {name}")
            for name in TABLES
            if name in names
        }


def table_names(url: str) -> list[str]:
    """Names of all tables and views that the SQL database at `url` has; it raises as `read_database` does."""
    with _connected(url) as connection:
        return sorted(_names(connection))


def _names(connection: Connection) -> set[str]:
    inspector = inspect(connection)
    return {*inspector.get_table_names(), *inspector.get_view_names()}


@contextmanager
def _connected(url: str) -> Iterator[Connection]:
    """A connection to the SQL database at `url`; what fails in it is a DataError."""
    try:
        address = make_url(url)
    except (ArgumentError, ValueError):
        raise DataError(
            "the source is no SQLAlchemy URL; give a folder or dialect://user:password@host/name"
        ) from None
    shown = address.render_as_string(hide_password=True)
    _require_sqlite_file(address, shown)
    try:
        engine = create_engine(address)
    except (NoSuchModuleError, ModuleNotFoundError) as error:
        raise DataError(
            f"{shown}: no driver for it here ({error}); install it, for PostgreSQL purvey[postgres]"
        ) from None
    try:
        with engine.connect() as connection:
            yield connection
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", None) or error).splitlines()[0]
        raise DataError(f"{shown}: cannot be read ({reason}); check the address and the rights") from None
    finally:
        engine.dispose()


def _require_sqlite_file(address: URL, shown: str) -> None:
    """Refuse a SQLite URL whose file is not there: connecting would create an empty database."""
    file = address.database
    if address.get_backend_name() == "sqlite" and file and file != ":memory:" and not Path(file).exists():
        raise DataError(f"{shown}: no such file; give the path of an existing database")
