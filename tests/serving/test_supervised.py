"""A worker ends with its supervisor, whatever ends that."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from serving.supervised import SUPERVISOR

WORKER = "import time; from serving.supervised import end_with_supervisor as end; end(); print('up', flush=True); time.sleep(600)"
SUPERVISE = f"""
import os, subprocess, sys, time
worker = subprocess.Popen([sys.executable, "-c", {WORKER!r}], env=os.environ | {{"{SUPERVISOR}": str(os.getpid())}},
                          stdout=subprocess.PIPE)
worker.stdout.readline()
print(worker.pid, flush=True)
time.sleep(600)
"""

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="asks Linux's kernel")


def is_gone(pid: int) -> bool:
    """Whether a process ends, and is no more than a zombie that nobody waits for."""
    for _ in range(200):
        try:
            if Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z":
                return True
        except FileNotFoundError:
            return True
        time.sleep(0.05)
    return False


def test_a_worker_of_a_killed_supervisor_ends():
    supervisor = subprocess.Popen([sys.executable, "-c", SUPERVISE], stdout=subprocess.PIPE, text=True)
    worker = int(supervisor.stdout.readline())
    supervisor.kill()
    supervisor.communicate()
    assert is_gone(worker)


def test_a_worker_whose_supervisor_is_gone_before_it_starts_ends_at_once():
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    worker = subprocess.run(
        [sys.executable, "-c", WORKER],
        env=os.environ | {SUPERVISOR: str(gone.pid)},
        capture_output=True,
        check=False,
    )
    assert worker.returncode == 1
    assert worker.stdout == b""


def test_without_a_supervisor_a_worker_lives_on():
    code = WORKER.replace("time.sleep(600)", "")
    environment = {name: value for name, value in os.environ.items() if name != SUPERVISOR}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, check=True)
    assert done.stdout == b"up\n"


def test_a_supervisor_does_not_end_itself():
    code = (
        f"import os; os.environ['{SUPERVISOR}'] = str(os.getpid()); {WORKER.replace('time.sleep(600)', '')}"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert done.stdout == b"up\n"


def test_a_worker_heeds_its_supervisor_before_it_imports_what_it_works_with():
    code = (
        "import sys, serving.supervised as s\n"
        "s.end_with_supervisor = lambda: print('serving.worker' in sys.modules)\n"
        "import serving.service"
    )
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", code], capture_output=True, check=True)
    assert done.stdout == b"False\n"
