"""A server that starts, answers when it is ready, and whose supervisor is killed: its workers end by themselves."""

import http.client
import os
import socket
import subprocess
import sys
import time

from benchmarks.crash.sites import Site
from benchmarks.raw_data import ROOT

_PATIENCE = 120.0
"""Seconds after which a server that is still not ready will not be."""


def free_port() -> int:
    """A port of this machine that no server listens at now."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def seconds_until_ready(site: Site, port: int, *, kill_after: float | None = None) -> float | None:
    """Start a server on the site's home and return after how many seconds it was ready; then its supervisor is killed.

    Parameters
    ----------
    port : where it listens, the same as the server before, whose workers must have let go of it
    kill_after : kill it after that many seconds, ready or not; none: when it is ready

    Returns
    -------
    float or None
        None where it was killed before it was ready, or where it never was.
    """
    environment = os.environ | {"PURVEY_HOME": str(site.home), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "commands", "serve", "--port", str(port)]
    started = time.monotonic()
    with (site.home / "server.log").open("ab") as log:
        server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)  # noqa: S603
        try:
            limit = _PATIENCE if kill_after is None else kill_after
            while time.monotonic() - started < limit and server.poll() is None:
                if _is_ready(port):
                    return time.monotonic() - started
                time.sleep(0.05)
            return None
        finally:
            server.kill()
            server.wait()


def _is_ready(port: int) -> bool:
    """Whether the server at a port of this machine says that it is ready."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()
