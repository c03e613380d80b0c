"""Copies of the state database: a consistent one while others write, and one put back where there is none."""

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

from sqlalchemy import URL, Engine, inspect, make_url

from database.engine import StateError

SQLITE_COPY, POSTGRESQL_COPY = "state.db", "state.dump"
"""Names of a copy's file: a SQLite database, or what `pg_dump` writes."""


def copy_state(url: str, folder: Path) -> Path:
    """Copy the state database at `url` into `folder` as of one moment, and return the file.

    Raises
    ------
    StateError
        When it cannot be read, or `pg_dump` is not installed or fails.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return copy_sqlite(Path(str(parsed.database)), folder / SQLITE_COPY)
    file = folder / POSTGRESQL_COPY
    _run("pg_dump", parsed, "--format=custom", "--no-owner", "--no-privileges", f"--file={file}")
    return file


def copy_sqlite(database: Path, file: Path) -> Path:
    """Copy a SQLite database as of one moment, with what stands in its write-ahead log, and return the copy."""
    try:
        with (
            closing(sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True)) as source,
            closing(sqlite3.connect(file)) as copy,
        ):
            source.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")  # one file
            damaged = copy.execute("PRAGMA quick_check(1)").fetchone()[0]
    except sqlite3.Error as error:
        raise StateError(f"{database}: cannot be copied ({error})") from None
    if damaged != "ok":
        raise StateError(
            f"{database}: is damaged ({damaged.splitlines()[-1]}), so that its copy would be, too"
        )
    return file


def put_state_back(copy: Path, engine: Engine) -> None:
    """Put a copy of the state database back where there is none: the last step of a restore.

    Raises
    ------
    StateError
        When the copy is of another kind of database, there is one already, or `pg_restore` fails.
    """
    kind = "sqlite" if copy.name == SQLITE_COPY else "postgresql"
    url = engine.url
    if url.get_backend_name() != kind:
        raise StateError(
            f"the backup holds a {kind} database and PURVEY_DATABASE_URL names {url.get_backend_name()}"
        )
    if kind == "sqlite":
        file = Path(str(url.database))
        if file.exists():
            raise StateError(f"{file}: is there already; a backup is only put back where there is none")
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        shutil.copyfile(copy, incoming := file.with_name(f".{file.name}-restored"))
        incoming.chmod(0o600)
        incoming.rename(file)
        return
    if inspect(engine).get_table_names():
        raise StateError(f"{url}: has tables already; a backup is only put back into an empty database")
    _run(
        "pg_restore",
        url,
        "--single-transaction",
        "--exit-on-error",
        "--no-owner",
        "--no-privileges",
        str(copy),
    )


def _run(program: str, url: URL, *arguments: str) -> None:
    """Run a program of PostgreSQL's client on a database; its password is not seen among the machine's processes."""
    found = shutil.which(program) or next(
        (str(path) for path in sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{program}"), reverse=True)),
        None,
    )
    if found is None:
        raise StateError(
            f"{program} is not installed; a PostgreSQL state database is copied with its client programs"
        )
    place = url.set(drivername="postgresql", password=None).render_as_string()
    environment = {**os.environ, **({"PGPASSWORD": url.password} if url.password else {})}
    command = [found, f"--dbname={place}", *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        said = done.stderr.strip().splitlines()
        raise StateError(f"{program}: {said[-1] if said else f'ended with {done.returncode}'}")
