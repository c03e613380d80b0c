"""`purvey serve` for a benchmark: on a free port of this machine, its worker on a core of its own."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_ROOT = Path(__file__).parents[2]
_READY_SECONDS = 180.0


@dataclass(frozen=True)
class Server:
    """A server that was started.

    Attributes
    ----------
    port : where it listens
    process : what was started, and is ended by its number
    """

    port: int
    process: subprocess.Popen[bytes]

    @property
    def bytes_in_memory(self) -> int:
        """Memory that the server and the processes it started hold, bytes (RSS)."""
        pids = [self.process.pid, *_descendants(self.process.pid)]
        return sum(_rss(pid) for pid in pids)


@contextmanager
def served(home: Path, *, core: int | None) -> Iterator[Server]:
    """Serve a home by one worker pinned to `core`, and end it afterwards."""
    environment = os.environ | {"PURVEY_HOME": str(home), "PURVEY_WORKERS": "1"}
    with started(["-m", "commands", "serve", "--port"], environment, core, "/readyz") as server:
        yield server


@contextmanager
def started(
    arguments: list[str], environment: dict[str, str], core: int | None, ready: str
) -> Iterator[Server]:
    """Start Python with `arguments` and a free port, wait until `ready` answers, and end it afterwards."""
    port = free_port()
    process = subprocess.Popen(  # noqa: S603 -- our own arguments
        [sys.executable, *arguments, str(port)],
        cwd=_ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        if core is not None:
            os.sched_setaffinity(process.pid, {core})  # before it has started any other
        _wait_until_ready(process, f"http://127.0.0.1:{port}{ready}")
        yield Server(port, process)
    finally:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def cores() -> tuple[int | None, int | None]:
    """A core for the server and one for the load; none where there is but one, or no way to choose."""
    able = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
    return (able[-1], able[0]) if len(able) > 1 else (None, None)


def free_port() -> int:
    """A port of this machine that nobody listens at."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def _wait_until_ready(process: subprocess.Popen[bytes], url: str) -> None:
    deadline = time.monotonic() + _READY_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with {process.returncode} before it was ready")
        try:
            with urllib.request.urlopen(url, timeout=5):  # noqa: S310 -- this machine's http
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise RuntimeError(f"{url} was not ready within {_READY_SECONDS:.0f} s")


def _descendants(pid: int) -> list[int]:
    found = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in task.read_text(encoding="ascii").split():
            found += [int(child), *_descendants(int(child))]
    return found


def _rss(pid: int) -> int:
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    except (OSError, IndexError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")
