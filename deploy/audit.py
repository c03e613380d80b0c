"""Known holes in the packages that Purvey needs to run: `python -m deploy.audit`.

pip-audit asks a service on the internet. Where that cannot be reached nothing is known, and the exit status is 2, so
that nobody takes silence for health; 1 is for holes that were found.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from deploy.locks import part_of_lock
from deploy.runtime_set import runtime_set

_FOUND = "Found "
_PATIENCE = 600.0
"""Seconds after which the service will not answer any more."""
UNREACHED = "not checked: the service that knows of holes could not be reached ({why}); ask where it can be"


def outcome(status: int, said: str, problem: str) -> tuple[int, str]:
    """Return the exit status and the sentence for what pip-audit's status and texts (output, errors) mean."""
    if status == 0:
        return 0, "no known holes"
    if _FOUND in problem or _FOUND in said:
        return 1, said.strip() or problem.strip()
    lines = problem.strip().splitlines() or ["it said nothing"]
    return 2, UNREACHED.format(why=lines[-1][:200])


def main() -> int:
    """Ask about what is locked, and say what is known."""
    with tempfile.TemporaryDirectory() as folder:
        lock = Path(folder) / "requirements.txt"
        lock.write_text(part_of_lock(runtime_set()), encoding="utf-8")
        command = [
            sys.executable,
            "-m",
            "pip_audit",
            "--requirement",
            str(lock),
            "--disable-pip",
            "--require-hashes",
        ]
        command += ["--progress-spinner", "off", "--timeout", "15"]
        try:
            done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=_PATIENCE)  # noqa: S603
        except subprocess.TimeoutExpired:
            print(UNREACHED.format(why=f"no answer within {_PATIENCE:.0f} s"))
            return 2
    status, sentence = outcome(done.returncode, done.stdout, done.stderr)
    print(sentence)
    return status


if __name__ == "__main__":
    sys.exit(main())
