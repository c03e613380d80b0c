"""The locks of an image, parts of the root's: `python -m deploy.locks`.

`deploy/requirements.lock` holds what Purvey needs to run on Linux, `deploy/build.lock` what builds its wheel; each line
and hash is that of `requirements.lock`.
"""

import re
from collections.abc import Collection
from pathlib import Path

from deploy.runtime_set import BUILD, ROOT, closure, runtime_set

WHOLE = ROOT / "requirements.lock"
RUNTIME, BUILDING = ROOT / "deploy" / "requirements.lock", ROOT / "deploy" / "build.lock"

_ENTRY = re.compile(r"^(?P<name>[a-z0-9][a-z0-9._-]*)==.*(?:\n    --hash=.*)+\n", re.MULTILINE)


def part_of_lock(names: Collection[str]) -> str:
    """Return the entries of the whole lock for packages of these names."""
    text = WHOLE.read_text(encoding="utf-8")
    return "".join(found.group() for found in _ENTRY.finditer(text) if found["name"] in names)


def locks() -> dict[Path, str]:
    """Return the locks of an image and what they hold."""
    return {RUNTIME: part_of_lock(runtime_set()), BUILDING: part_of_lock(closure(BUILD))}


if __name__ == "__main__":
    for path, text in locks().items():
        path.write_text(text, encoding="utf-8")
