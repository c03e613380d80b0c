"""An MLflow tracking server on loopback that lives as long as the tests which use it."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

TRIES, PAUSE = 3000, 0.2
"""How often, and seconds between, a starting server is asked whether it is there."""


@pytest.fixture(scope="session")
def mlflow_server(tmp_path_factory: pytest.TempPathFactory, _mlflow_template: Path) -> Iterator[str]:
    """Address of an MLflow server with one worker, whose database and artefacts are its own."""
    folder = tmp_path_factory.mktemp("mlflow-server")
    shutil.copy(_mlflow_template, folder / "mlflow.db")  # its tables take a while to make
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}"
    command = [sys.executable, "-m", "mlflow", "server", "--workers", "1"]
    command += ["--host", "127.0.0.1", "--port", address.rpartition(":")[2]]
    command += [
        "--backend-store-uri",
        f"sqlite:///{folder / 'mlflow.db'}",
        "--artifacts-destination",
        str(folder),
    ]
    environment = os.environ | {
        "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false",
        "MLFLOW_DISABLE_TELEMETRY": "true",
    }
    log = folder / "server.log"
    with log.open("wb") as file:
        process = subprocess.Popen(
            command, stdout=file, stderr=file, env=environment, cwd=folder, start_new_session=True
        )
    try:
        _wait_for(address, process, log)
        yield address
    finally:
        os.killpg(process.pid, signal.SIGTERM)  # its own group: the server and its worker
        process.wait()


def _wait_for(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(TRIES):
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"{address}/health", timeout=5):
                return
        except OSError:
            time.sleep(PAUSE)
    raise RuntimeError(f"MLflow's server did not start:\n{log.read_text()[-2000:]}")
