"""State databases of both kinds, migrated and empty: SQLite always, PostgreSQL where its server is installed."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text

from database.audit.files import AuditFiles
from database.engine import open_engine
from database.migrate import upgrade


def _server_programs() -> Path | None:
    """Folder of PostgreSQL's programs, none where it is not installed."""
    found = shutil.which("initdb")
    places = [Path(found).resolve().parent] if found else sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    return places[-1] if places and (places[-1] / "initdb").exists() else None


def _as_user() -> list[str] | None:
    """Words before a command of PostgreSQL, which root may not run; none where there is nobody else to run it."""
    if os.geteuid() != 0:
        return []
    known = subprocess.run(["id", "postgres"], capture_output=True, check=False).returncode == 0
    return ["runuser", "-u", "postgres", "--"] if known and shutil.which("runuser") else None


def _run(command: list[str | Path]) -> None:
    """Run a program of PostgreSQL, which is to succeed."""
    quiet = subprocess.DEVNULL  # a server that lives on would hold pipes open
    subprocess.run(command, check=True, stdout=quiet, stderr=quiet, cwd="/")


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """Address of a PostgreSQL server that lives as long as the tests do."""
    programs, user = _server_programs(), _as_user()
    if programs is None or user is None:
        pytest.skip("PostgreSQL is not installed, or there is no user to run it")
    folder = Path(
        tempfile.mkdtemp(prefix="purvey-postgres-")
    )  # pytest's own folders are closed to other users
    if user:
        shutil.chown(folder, "postgres")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    data = folder / "data"
    _run([*user, programs / "initdb", "-D", data, "-U", "purvey", "-A", "trust", "-N"])
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off -c max_connections=150"
    control = [*user, programs / "pg_ctl", "-D", data, "-w"]
    _run([*control, "-o", options, "start"])
    try:
        yield f"postgresql+psycopg://purvey@127.0.0.1:{port}"
    finally:
        _run([*control, "-m", "immediate", "stop"])
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["sqlite", "postgresql"])
def make_engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], Engine]]:
    """Opens the same empty state database as often as it is called."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'purvey.db'}"
    else:
        server = request.getfixturevalue("postgres")
        name = f"purvey_{os.getpid()}_{abs(hash(str(tmp_path))):x}"
        admin = create_engine(f"{server}/postgres", isolation_level="AUTOCOMMIT")
        with admin.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
        admin.dispose()
        url = f"{server}/{name}"
    audit = AuditFiles.of_home(tmp_path)
    upgrade(url, audit=audit)
    engines: list[Engine] = []

    def make() -> Engine:
        engines.append(open_engine(url, audit))
        return engines[-1]

    yield make
    for engine in engines:
        engine.dispose()


@pytest.fixture
def engine(make_engine: Callable[[], Engine]) -> Engine:
    """An empty state database."""
    return make_engine()
