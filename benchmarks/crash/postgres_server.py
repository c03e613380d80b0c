"""A PostgreSQL server for the while: Debian's programs, a folder and a port of its own, on this machine only."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path


def server_programs() -> Path | None:
    """Folder of PostgreSQL's programs, none where it is not installed."""
    places = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    found = shutil.which("initdb")
    return Path(found).resolve().parent if found else (places[-1] if places else None)


@contextmanager
def postgres_server() -> Iterator[str]:
    """Address of a new, empty PostgreSQL database, as a SQLAlchemy URL.

    Raises
    ------
    RuntimeError
        When the server's programs are not installed.
    """
    programs = server_programs()
    if programs is None:
        raise RuntimeError("PostgreSQL is not installed: apt-get install postgresql")
    user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []  # root may not run it
    folder = Path(tempfile.mkdtemp(prefix="crash-postgres-"))
    if user:
        shutil.chown(folder, "postgres")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    data = str(folder / "data")
    _run([*user, str(programs / "initdb"), "-D", data, "-U", "purvey", "-A", "trust"])
    control = [*user, str(programs / "pg_ctl"), "-D", data, "-w"]
    _run([*control, "-o", f"-p {port} -k {folder} -c listen_addresses=127.0.0.1", "start"])
    try:
        yield f"postgresql+psycopg://purvey@127.0.0.1:{port}/postgres"
    finally:
        _run([*control, "-m", "fast", "stop"])
        shutil.rmtree(folder, ignore_errors=True)


def _run(command: Sequence[str]) -> None:
    """Run a program of PostgreSQL, which is to succeed."""
    quiet = subprocess.DEVNULL  # a server that lives on would hold pipes open
    subprocess.run(command, check=True, stdout=quiet, stderr=quiet, cwd="/")  # noqa: S603
