"""The Bento checked: `python -m deploy.check_bento HOME` builds it, serves a copy of the home from it, and asks it.

HOME is one with a champion and a plan, such as `demo/home`; it is copied, since the service writes into it.
"""

import argparse
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Mapping
from pathlib import Path

from deploy.runtime_set import ROOT

PATIENCE = 180.0
"""Seconds within which the Bento has to be ready."""


def main() -> int:
    """Build, serve, ask and end; exit status 1 where an answer is not as it should be."""
    parser = argparse.ArgumentParser(prog="python -m deploy.check_bento", description=__doc__)
    parser.add_argument("home", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="purvey-bento-") as name:
        folder = Path(name)
        shutil.copytree(given.home, folder / "home")
        # nothing of this tree but what the Bento holds
        environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
        environment |= {
            "BENTOML_HOME": str(folder / "bentoml"),
            "BENTOML_DO_NOT_TRACK": "True",
            "PURVEY_HOME": str(folder / "home"),
        }
        tag = build(environment)
        print(f"built {tag}", flush=True)
        return serve_and_ask(tag, folder, environment)


def build(environment: Mapping[str, str]) -> str:
    """Build the Bento and return its tag."""
    command = [sys.executable, "-m", "bentoml", "build", "--output", "tag", str(ROOT)]
    done = subprocess.run(  # noqa: S603
        command, cwd=ROOT, env=dict(environment), check=True, capture_output=True, text=True
    )
    return done.stdout.strip().splitlines()[-1].removeprefix("__tag__:")


def serve_and_ask(tag: str, folder: Path, environment: Mapping[str, str]) -> int:
    """Serve the Bento, ask it a few things and end it; returns the exit status."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "bentoml", "serve", tag, "--host", "127.0.0.1", "--port", str(port)]
    upgrade = [sys.executable, "-m", "commands", "db", "upgrade"]
    subprocess.run(  # noqa: S603
        upgrade,
        cwd=folder / "bentoml" / "bentos" / tag.replace(":", "/") / "src",
        env=dict(environment),
        check=True,
    )
    with (folder / "server.log").open("w+", encoding="utf-8") as log:
        server = subprocess.Popen(command, cwd=folder, env=dict(environment), stdout=log, stderr=log)  # noqa: S603
        try:
            wrong = _ask(f"http://127.0.0.1:{port}", server)
        finally:
            server.terminate()
            server.wait(60)
        if wrong:
            log.seek(0)
            print(log.read()[-4000:])
    print("; ".join(wrong) or "the Bento serves the home")
    return int(bool(wrong))


def _ask(address: str, server: "subprocess.Popen[bytes]") -> list[str]:
    """What is wrong with the Bento's answers: of readiness, of a forecast, of a page."""
    limit = time.monotonic() + PATIENCE
    while _get(f"{address}/readyz") is None:
        if server.poll() is not None or time.monotonic() > limit:
            return ["it does not become ready"]
        time.sleep(0.5)
    wrong = []
    skus = json.loads(_get(f"{address}/v1/skus?limit=1") or "{}")
    rows = (
        next((value for value in skus.values() if isinstance(value, list)), [])
        if isinstance(skus, dict)
        else skus
    )
    if not rows:
        return [f"it lists no SKU: {skus!r:.200}"]
    body = json.dumps({"unique_ids": [rows[0]["unique_id"]]}).encode()
    if b"mean" not in (_get(f"{address}/v1/forecast", body) or b""):
        wrong.append("it forecasts nothing")
    if b"<html" not in (_get(f"{address}/") or b""):
        wrong.append("it has no worklist")
    return wrong


def _get(address: str, body: bytes | None = None) -> bytes | None:
    """Body of an answer, none where it is no success."""
    headers = {"content-type": "application/json"} if body else {"accept": "text/html, application/json"}
    try:
        with urllib.request.urlopen(urllib.request.Request(address, body, headers), timeout=20) as answer:  # noqa: S310
            return bytes(answer.read())
    except OSError:
        return None


if __name__ == "__main__":
    sys.exit(main())
