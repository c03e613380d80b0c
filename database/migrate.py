"""Migrations of the state database: bring it to this version's schema, and refuse one that is at another."""

import sqlite3
from contextlib import closing
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy import Engine, make_url
from sqlalchemy.exc import DatabaseError, OperationalError

from database.audit.files import AuditFiles
from database.audit.recorded_rows import begin
from database.engine import RESTORE, StateError, open_engine, write_transaction
from database.settings import Settings

MIGRATIONS = Path(__file__).parent / "migrations"


def _alembic_config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config


def head() -> str:
    """Return the newest schema revision (Alembic's head), which this version of the code needs."""
    return str(ScriptDirectory.from_config(_alembic_config()).get_current_head())


def upgrade_state(settings: Settings) -> str:
    """Migrate the state database of the settings and return the schema revision it is at now.

    Raises
    ------
    StateError
        As `upgrade`.
    """
    return upgrade(settings.state_url, audit=settings.audit_files)


def upgrade(url: str, revision: str = "head", *, audit: AuditFiles | None = None) -> str:
    """Migrate the state database at `url` and return the schema revision it is at now; begin its audit log.

    `audit`: as `database.engine.open_engine`.

    Raises
    ------
    StateError
        When the database cannot be reached, or was written by a newer version.
    """
    check_file(url)
    engine = open_engine(url, audit)
    config = _alembic_config()
    try:
        with write_transaction(engine) as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, revision)
            begin(connection)
        return _revision(engine) or ""
    except CommandError as error:
        raise StateError(
            f"state database: {error}; it was written by a newer Purvey, upgrade this one"
        ) from None
    except DatabaseError as error:
        raise _unusable(engine, error) from None
    finally:
        engine.dispose()


def check_file(url: str) -> None:
    """Refuse a SQLite file whose pages are damaged or missing.

    Raises
    ------
    StateError
        With the file, what is wrong with it and what to do.
    """
    parsed = make_url(url)
    file = Path(parsed.database or "")
    if parsed.get_backend_name() != "sqlite" or not file.is_file():
        return
    try:
        with closing(sqlite3.connect(file)) as connection:
            found = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    except sqlite3.DatabaseError as error:
        if isinstance(
            error, sqlite3.OperationalError
        ):  # locked, or no right to read it: said where it is used
            return
        found = str(error)
    if found != "ok":
        raise StateError(f"state database {file} is damaged ({found.splitlines()[-1]}): {RESTORE}")


def _unusable(engine: Engine, error: DatabaseError) -> StateError:
    """Say which state database cannot be used, why, and for a damaged one what to do."""
    file = f" {engine.url.database}" if engine.dialect.name == "sqlite" else ""
    fix = "" if isinstance(error, OperationalError) else f": {RESTORE}"
    return StateError(f"state database{file} is not usable: {error.orig}{fix}")


def _revision(engine: Engine) -> str | None:
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def current_revision(engine: Engine) -> str | None:
    """Return the schema revision that a state database is at, none where it has no tables.

    Raises
    ------
    StateError
        When it cannot be reached.
    """
    try:
        return _revision(engine)
    except DatabaseError as error:
        raise _unusable(engine, error) from None


def has_tables(engine: Engine) -> bool:
    """Whether the state database has tables: was ever migrated.

    Raises
    ------
    StateError
        When it cannot be reached.
    """
    return current_revision(engine) is not None


def check_current(engine: Engine) -> None:
    """Refuse a state database that is not at this version's schema revision.

    Raises
    ------
    StateError
        With the revision found, the one needed, and the command that migrates.
    """
    found = current_revision(engine)
    if found != head():
        state = "has no tables yet" if found is None else f"is at revision {found}"
        raise StateError(f"the state database {state}, this version needs {head()}; run `purvey db upgrade`")
