"""A copy of a home, served by `purvey serve` on a free port of this machine, with access by an API key."""

import contextlib
import http.client
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.raw_data import ROOT
from database.access.api_keys import add_key
from database.engine import open_engine
from database.migrate import upgrade
from database.settings import Settings

_PATIENCE = 600.0
"""Seconds after which a server that is still not ready will not be."""

_ACCESS = "limits:\n  admin: null\n"


@dataclass(frozen=True)
class ServedCopy:
    """A server of a copied home: its address, the key of an administrator, and the home."""

    address: str
    key: str
    home: Path


@contextlib.contextmanager
def served_copy(home: Path, folder: Path) -> Iterator[ServedCopy]:
    """Serve a copy of a home, made in `folder`, until the block ends."""
    copy = folder / "home"
    shutil.copytree(home, copy)
    settings = Settings(home=copy)
    upgrade(settings.state_url)
    engine = open_engine(settings.state_url)
    _, key = add_key(engine, "conformance", ["admin", "planner", "buyer", "approver"])
    engine.dispose()
    (copy / "access.yaml").write_text(_ACCESS, encoding="utf-8")
    port = _free_port()
    environment = os.environ | {"PURVEY_HOME": str(copy), "PYTHONPATH": str(ROOT)}
    environment.pop("PROMETHEUS_MULTIPROC_DIR", None)
    command = [sys.executable, "-m", "commands", "serve", "--port", str(port)]
    with (folder / "server.log").open("ab") as log:
        server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)  # noqa: S603
        try:
            _wait_until_ready(server, port, folder / "server.log")
            yield ServedCopy(f"http://127.0.0.1:{port}", key, copy)
        finally:
            server.terminate()
            try:
                server.wait(timeout=30)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


def _wait_until_ready(server: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    """Wait for a server to be ready; what it said where it never is."""
    started = time.monotonic()
    while time.monotonic() - started < _PATIENCE and server.poll() is None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        with contextlib.closing(connection), contextlib.suppress(OSError):
            connection.request("GET", "/readyz")
            if connection.getresponse().status == 200:
                return
        time.sleep(0.1)
    raise RuntimeError(f"the server was never ready:\n{log.read_text(errors='replace')[-2000:]}")


def _free_port() -> int:
    """A port of this machine that no server listens at now."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
