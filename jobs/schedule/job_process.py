"""A scheduled job as a process of its own: it can be ended, it can die, and the scheduler lives on."""

import json
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

_GRACE_SECONDS = 20.0
"""What a job gets between being asked to end and being killed."""

_MOST_CHARACTERS = 500

_KEPT: Mapping[str, Sequence[str]] = {
    "check": ("usable", "problem", "as_of"),
    "train": ("version", "bundle", "champion", "why"),
    "plan": ("as_of", "model", "skus", "orders", "actions", "quarantined", "alerts_queued"),
    "alerts": ("delivered", "failed", "waiting"),
    "monitor": ("retrain", "message", "model", "as_of"),
    "prune": ("removed", "bytes"),
}
"""Job → what is remembered of the JSON document that it prints."""


class Job(Protocol):
    """A scheduled job that was started."""

    def poll(self) -> int | None:
        """Exit status of the job, negative for a signal; none while it runs."""
        ...

    def stop(self) -> None:
        """End the job, by force where it does not listen."""
        ...

    def facts(self) -> dict[str, Any]:
        """What is remembered of what the job printed."""
        ...

    def why(self) -> str:
        """What the job said went wrong."""
        ...

    def close(self) -> None:
        """Forget what the job printed."""
        ...


class JobProcess:
    """A scheduled job, run as the verb of the command line that a person would run."""

    def __init__(self, job: str, command: Sequence[str]) -> None:
        self.job = job
        # files, not pipes: nobody reads while it runs, and a full pipe would halt it
        self._folder = tempfile.TemporaryDirectory(prefix="purvey-job-")
        self._out, self._err = (Path(self._folder.name) / name for name in ("out", "err"))
        with self._out.open("wb") as out, self._err.open("wb") as err:
            self._process = subprocess.Popen(list(command), stdin=subprocess.DEVNULL, stdout=out, stderr=err)  # noqa: S603

    def poll(self) -> int | None:
        """Exit status of the process, negative for a signal; none while it runs."""
        return self._process.poll()

    def stop(self) -> None:
        """End the process, by force where it does not listen."""
        self._process.terminate()
        try:
            self._process.wait(_GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def facts(self) -> dict[str, Any]:
        """What is remembered of the JSON document that the process printed; nothing where it printed none."""
        try:
            document = json.loads(_read(self._out))
        except ValueError:
            return {}
        kept = _KEPT.get(self.job, ())
        return {name: document[name] for name in kept if name in document}

    def close(self) -> None:
        """Forget what the process printed."""
        self._folder.cleanup()

    def why(self) -> str:
        """Last lines that the process wrote to standard error, and how it ended."""
        said = " ".join(_read(self._err).split())[-_MOST_CHARACTERS:]
        status = self._process.poll() or 0
        return f"ended by signal {-status}. {said}".strip() if status < 0 else said


def _read(file: Path) -> str:
    """All that a process wrote into a file."""
    return file.read_text(encoding="utf-8", errors="replace")
