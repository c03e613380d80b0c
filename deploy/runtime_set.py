"""The packages that Purvey needs to run, of those that are installed: from pyproject.toml down to the last one."""

import tomllib
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
EXTRAS = ("postgres", "mcp")
"""Extras that an image has."""

BUILD = ("hatchling",)
"""What builds Purvey's own wheel."""


def runtime_set() -> frozenset[str]:
    """Names of all packages that Purvey needs to run on this platform, with those of `EXTRAS`."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = [*project["dependencies"]]
    for extra in EXTRAS:
        asked += project["optional-dependencies"][extra]
    return closure(asked)


def closure(asked: Iterable[str]) -> frozenset[str]:
    """Names of the installed packages that meet requirements, and of all that these need."""
    found: set[str] = set()
    seen: set[tuple[str, str]] = set()
    waiting = [Requirement(text) for text in asked]
    while waiting:
        wanted = waiting.pop()
        if wanted.marker is not None and not wanted.marker.evaluate({"extra": ""}):
            continue
        name = canonicalize_name(wanted.name)
        for extra in ("", *sorted(wanted.extras)):
            if (name, extra) in seen:
                continue
            seen.add((name, extra))
            try:
                needs = distribution(name).requires or []
            except PackageNotFoundError:
                continue
            found.add(name)
            for text in needs:
                need = Requirement(text)
                if need.marker is None or need.marker.evaluate({"extra": extra}):
                    need.marker = None
                    waiting.append(need)
    return frozenset(found)
