"""Migrations of the state database: bring it to this version's schema, and refuse one that is at another."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy import Engine
from sqlalchemy.exc import DatabaseError

from database.engine import StateError, open_engine, write_transaction

MIGRATIONS = Path(__file__).parent / "migrations"


def _alembic_config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config


def head() -> str:
    """Return the newest schema revision (Alembic's head), which this version of the code needs."""
    return str(ScriptDirectory.from_config(_alembic_config()).get_current_head())


def upgrade(url: str, revision: str = "head") -> str:
    """Migrate the state database at `url` and return the schema revision it is at now.

    Raises
    ------
    StateError
        When the database cannot be reached, or was written by a newer version.
    """
    engine = open_engine(url)
    config = _alembic_config()
    try:
        with write_transaction(engine) as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, revision)
        return _revision(engine) or ""
    except CommandError as error:
        raise StateError(
            f"state database: {error}; it was written by a newer Purvey, upgrade this one"
        ) from None
    except DatabaseError as error:
        raise StateError(f"state database is not usable: {error.orig}") from None
    finally:
        engine.dispose()


def _revision(engine: Engine) -> str | None:
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def has_tables(engine: Engine) -> bool:
    """Whether the state database has tables: was ever migrated.

    Raises
    ------
    StateError
        When it cannot be reached.
    """
    try:
        return _revision(engine) is not None
    except DatabaseError as error:
        raise StateError(f"state database is not usable: {error.orig}") from None


def check_current(engine: Engine) -> None:
    """Refuse a state database that is not at this version's schema revision.

    Raises
    ------
    StateError
        With the revision found, the one needed, and the command that migrates.
    """
    try:
        found = _revision(engine)
    except DatabaseError as error:
        raise StateError(f"state database is not usable: {error.orig}") from None
    if found != head():
        state = "has no tables yet" if found is None else f"is at revision {found}"
        raise StateError(f"the state database {state}, this version needs {head()}; run `purvey db upgrade`")
