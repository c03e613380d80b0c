"""The server's process: it becomes BentoML's supervisor, which keeps the worker alive, until Ctrl-C."""

import errno
import os
import socket
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from artifacts.home_folder import open_home
from configs.errors import DomainError
from database.engine import open_state
from database.migrate import check_current, check_file, has_tables, upgrade_state
from database.settings import Settings
from serving.identity.access_config import configured
from serving.identity.hosts import is_loopback
from serving.supervised import SUPERVISOR

ROOT = Path(__file__).parent.parent

HANDOVER_SECONDS = 5.0
"""Seconds that a port may still be taken by what is ending."""


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
        When nobody can listen at `host` and `port`, or everybody could ask there.
    ConfigError
        When `access.yaml` cannot be used.
    """
    check_exposure(settings, host)
    os.umask(0o077)  # whatever the server writes is for its owner only
    open_home(settings.home)
    check_file(settings.state_url)
    engine = open_state(settings)
    try:
        if not has_tables(engine):
            upgrade_state(settings)
        check_current(engine)
    finally:
        engine.dispose()
    check_port_free(host, port)
    command = serve_command(host, port)
    sys.stdout.flush()
    os.execve(command[0], command, serve_environment(settings, os.environ))  # noqa: S606 -- no shell, our own arguments


def check_exposure(settings: Settings, host: str) -> None:
    """Refuse to be reached from elsewhere while access is not configured, since whoever asked would be taken in.

    Raises
    ------
    ServeError
        When `host` is not loopback and there is no `access.yaml`, or that has no host.
    ConfigError
        When `access.yaml` cannot be used.
    """
    access = configured(settings)
    if host == "localhost" or is_loopback(host):
        return
    if access is None:
        raise ServeError(
            f"--host {host}: access is not configured, so that everybody who reaches it could decide; write "
            f"{settings.access_file} with `hosts: [NAME]`, the name people ask under, and add somebody with "
            "`purvey users add NAME --role admin` (docs/access.md), or serve at 127.0.0.1"
        )
    if not access.hosts:
        raise ServeError(
            f"--host {host}: nobody could ask, as no host is allowed; write the name people ask under into "
            f"{settings.access_file}, `hosts: [purvey.example.com]`"
        )


def check_port_free(host: str, port: int) -> None:
    """Refuse a host and port nobody can listen at: the supervisor would restart its worker forever, and not say why.

    A port that is taken may be freed in a moment, by a worker whose supervisor was killed while it started.

    Raises
    ------
    ServeError
        When the port is taken, not allowed or no port, or the host is none of this machine's.
    """
    if not 0 < port < 2**16:
        raise ServeError(f"--port {port}: a number from 1 to 65535 is needed")
    until = time.monotonic() + HANDOVER_SECONDS
    while (error := _refusal(host, port)) is not None:
        if error.errno != errno.EADDRINUSE or time.monotonic() >= until:
            why = os.strerror(error.errno) if error.errno and error.errno > 0 else str(error)
            raise ServeError(f"--host {host} --port {port}: {why}; choose another --host or --port")
        time.sleep(0.1)


def _refusal(host: str, port: int) -> OSError | None:
    """Why nobody can listen at a host and port, none where somebody can."""
    try:
        socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET).close()
    except OSError as error:
        return error
    return None


def serve_command(host: str, port: int) -> list[str]:
    """Return the command line of BentoML's supervisor."""
    bentoml = [sys.executable, "-m", "bentoml", "serve", "serving.service:Purvey"]
    return [*bentoml, "--working-dir", str(ROOT), "--host", host, "--port", str(port)]


def serve_environment(settings: Settings, environ: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of the server's workers: absolute paths, as they run elsewhere; no usage reporting."""
    home = settings.home.absolute()
    named = {} if settings.access is None else {"PURVEY_ACCESS": str(settings.access.absolute())}
    return {
        "BENTOML_DO_NOT_TRACK": "True",
        "BENTOML_HOME": str(home / "bentoml"),
        "OTEL_SDK_DISABLED": "true",  # a fifth of the time of a small request; see docs/service.md
        "BENTOML_CONFIG_OPTIONS": 'tracing.excluded_urls=".*"',
        **environ,
        # uvicorn would take the caller's address from a header that anybody on this machine can send
        "FORWARDED_ALLOW_IPS": "none",
        "PURVEY_HOME": str(home),
        "PURVEY_WORKERS": str(settings.workers),
        SUPERVISOR: str(os.getpid()),  # which this process becomes
        "PURVEY_DATABASE_URL": settings.state_url,
        **named,
    }
