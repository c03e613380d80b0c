"""The journal of a worker, a line of JSON each on standard output: what it tries, and what it was told is done."""

import json
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

Entry = dict[str, Any]


def trying(**what: Any) -> None:
    """Write down what the worker is about to do, so that the next one can ask for the same again."""
    _write("try", what)


def done(**what: Any) -> None:
    """Write down what the worker was told is done: from here on it must never be lost."""
    _write("done", what)


def _write(kind: str, what: Entry) -> None:
    sys.stdout.write(json.dumps({kind: what}) + "\n")
    sys.stdout.flush()


@dataclass
class Journal:
    """What workers wrote down: all that was acknowledged, and what the last one tried without an answer."""

    acknowledged: list[Entry] = field(default_factory=list)
    unanswered: Entry | None = None

    def read(self, lines: Iterable[str]) -> None:
        """Add the lines of a worker that was killed; a last line that it could not end is none."""
        self.unanswered = None
        for line in lines:
            if not line.endswith("\n"):
                continue
            entry = json.loads(line)
            if "try" in entry:
                self.unanswered = entry["try"]
            else:
                self.acknowledged.append(entry["done"])
                self.unanswered = None
