"""schemathesis against a server: all checks, generated and stateful calls, with ids that it knows among them."""

import json
import os
import re
import subprocess
import sys
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from benchmarks.api_conformance.served_copy import ServedCopy
from benchmarks.raw_data import ROOT

ACCEPTED = ["2xx", "304", "401", "403", "404", "406", "409", "410", "412", "422", "429", "503"]
"""Answers to a request that the description allows: 422 where it cannot be meant, such as an unknown supplier."""

PHASES = "examples,coverage,fuzzing,stateful"
_IDS = ("unique_id", "supplier_id", "action_id")


@dataclass(frozen=True)
class Conformance:
    """What schemathesis found: calls made, failures, and all that it said."""

    calls: int
    failures: int
    text: str


def run_schemathesis(
    served: ServedCopy,
    folder: Path,
    *,
    examples: int,
    seed: int | None,
    phases: str = PHASES,
    seconds: int | None = None,
) -> Conformance:
    """Call a server by its description and check every answer.

    Parameters
    ----------
    examples : generated calls of an operation at most, and stateful sequences
    phases : of schemathesis, by commas; `coverage` has a fixed number of calls, whatever the examples
    seed : of what is generated; none: other calls each time
    seconds : after which no new calls are generated; none: all examples
    """
    config = folder / "schemathesis.toml"
    known = _known_ids(served)
    config.write_text(_config(known), encoding="utf-8")
    environment = os.environ | {
        "SCHEMATHESIS_HOOKS": "benchmarks.api_conformance.real_values",
        "API_CONFORMANCE_KNOWN": json.dumps(known),
        "PYTHONPATH": str(ROOT),
    }
    command = [
        sys.executable, "-m", "schemathesis.cli", "--config-file", str(config), "run", f"{served.address}/docs.json",
        "--header", f"Authorization: Bearer {served.key}", "--checks", "all", "--max-examples", str(examples),
        "--phases", phases, "--no-color", "--continue-on-failure", "--warnings", "off",
        "--request-timeout", "30",
    ]  # fmt: skip
    fixed = ["--seed", str(seed or 0), "--generation-deterministic"]
    command += ["--generation-database", "none"] if seed is None else fixed
    command += [] if seconds is None else ["--max-time", str(seconds)]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    text = done.stdout + done.stderr
    calls = re.search(r"([\d,]+) generated", text)
    found = re.search(r"found (\d+) unique failures?", text)
    failures = int(found[1]) if found else int(done.returncode != 0)
    return Conformance(int(calls[1].replace(",", "")) if calls else 0, failures, text)


def _known_ids(served: ServedCopy) -> dict[str, list[str]]:
    """SKUs, suppliers and actions that a server knows, a few of each."""
    skus = _get(served, "/v1/skus?limit=3")["skus"]
    suppliers = _get(served, "/v1/suppliers?limit=3")["suppliers"]
    actions = _get(served, "/v1/recommendations?limit=3")["recommendations"]
    return {
        name: [str(row[name]) for row in rows]
        for name, rows in zip(_IDS, (skus, suppliers, actions), strict=True)
    }


def _get(served: ServedCopy, path: str) -> dict[str, list[dict[str, object]]]:
    request = urllib.request.Request(  # noqa: S310 -- our own address
        served.address + path, headers={"Authorization": f"Bearer {served.key}"}
    )
    with urllib.request.urlopen(request) as answer:  # noqa: S310
        found: dict[str, list[dict[str, object]]] = json.load(answer)
        return found


def _config(ids: dict[str, list[str]]) -> str:
    """Configuration: real ids in half of the calls, and what a request may be answered with."""
    lines = [
        f"[dictionaries.{name}]\nvalues = {json.dumps(values)}\n\n"
        f'[parameters."{name}"]\ndictionary = "{name}"\nprobability = 0.5\n'
        for name, values in ids.items()
        if values
    ]
    accepted = json.dumps(ACCEPTED)
    return "\n".join([*lines, f"[checks.positive_data_acceptance]\nexpected-statuses = {accepted}\n"])
