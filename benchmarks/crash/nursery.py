"""The process from which all workers of a crash run are forked, and how one of them is killed."""

import os
import signal
import subprocess
import sys
import threading
from types import TracebackType
from typing import Self

from benchmarks.crash.worker import Order
from benchmarks.raw_data import ROOT


class Nursery:
    """Forks workers and kills them; to be used as a context."""

    def __enter__(self) -> Self:
        """Start the process; workers inherit its environment, and with it the state database."""
        self._process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.crash.worker"],
            cwd=ROOT,
            env=os.environ | {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the process; no worker is left, as each is waited for."""
        self._process.kill()
        self._process.communicate()

    def kill_one(self, order: Order, seconds: float) -> int:
        """Let a worker work for so many seconds, or until it kills itself; returns its exit status."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(order.line())
        self._process.stdin.flush()
        worker = int(self._process.stdout.readline())
        killer = threading.Timer(seconds, os.kill, [worker, signal.SIGKILL])
        killer.start()
        status = int(self._process.stdout.readline())
        killer.cancel()
        return status
