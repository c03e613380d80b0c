"""The server's process: it becomes BentoML's supervisor, which keeps the worker alive, until Ctrl-C."""

import os
import socket
import sys
from collections.abc import Mapping
from pathlib import Path

from configs.errors import DomainError
from database.engine import open_engine
from database.migrate import check_current, has_tables, upgrade
from database.settings import Settings

ROOT = Path(__file__).parent.parent


class ServeError(DomainError):
    """The server cannot start: says which option to change."""


def serve(settings: Settings, host: str, port: int) -> None:
    """Serve the API and the pages at `host` and `port`; does not return.

    A state database that has no tables yet is made, so that the pages can say what to run.

    Raises
    ------
    StateError
        When the state database is at another revision than this version's, or cannot be reached.
    ServeError
        When nobody can listen at `host` and `port`.
    """
    engine = open_engine(settings.state_url)
    try:
        if not has_tables(engine):
            upgrade(settings.state_url)
        check_current(engine)
    finally:
        engine.dispose()
    check_port_free(host, port)
    command = serve_command(host, port)
    sys.stdout.flush()
    os.execve(command[0], command, serve_environment(settings, os.environ))  # noqa: S606 -- no shell, our own arguments


def check_port_free(host: str, port: int) -> None:
    """Refuse a host and port nobody can listen at: the supervisor would restart its worker forever, and not say why.

    Raises
    ------
    ServeError
        When the port is taken, not allowed or no port, or the host is none of this machine's.
    """
    if not 0 < port < 2**16:
        raise ServeError(f"--port {port}: a number from 1 to 65535 is needed")
    try:
        socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET).close()
    except OSError as error:
        why = os.strerror(error.errno) if error.errno and error.errno > 0 else str(error)
        raise ServeError(f"--host {host} --port {port}: {why}; choose another --host or --port") from None


def serve_command(host: str, port: int) -> list[str]:
    """Return the command line of BentoML's supervisor."""
    bentoml = [sys.executable, "-m", "bentoml", "serve", "serving.service:Purvey"]
    return [*bentoml, "--working-dir", str(ROOT), "--host", host, "--port", str(port)]


def serve_environment(settings: Settings, environ: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of the server's workers: absolute paths, as they run elsewhere; no usage reporting."""
    home = settings.home.absolute()
    return {
        "BENTOML_DO_NOT_TRACK": "True",
        "BENTOML_HOME": str(home / "bentoml"),
        **environ,
        "PURVEY_HOME": str(home),
        "PURVEY_DATABASE_URL": settings.state_url,
    }
