"""The licences of all that Purvey needs to run: `python -m deploy.licences > docs/licences.md`.

A licence that is not known to let us ship it is a problem, until somebody has read it and named it in `READ`.
"""

import re
import sys
from collections.abc import Mapping
from importlib.metadata import PackageMetadata, metadata, version

from deploy.runtime_set import runtime_set

ALLOWED = re.compile(
    r"Apache|MIT|BSD|ISC|Python Software Foundation|\bPSF\b|PSF-2\.0|MPL|Mozilla Public License 2|Unlicense|Zlib"
    r"|CC0|CNRI-Python|HPND|NCSA|BSL-1\.0|dual license",
    re.IGNORECASE,
)
FORBIDDEN = re.compile(r"GPL|GNU|SSPL|Business Source|BUSL|Commons Clause|proprietary", re.IGNORECASE)

READ: Mapping[str, tuple[str, str]] = {
    "huey": ("MIT", "by its licence file; its metadata name none"),
    "psycopg": (
        "LGPL-3.0-only",
        "an extra (postgres), used as a library and not changed, which the LGPL allows",
    ),
    "psycopg-binary": ("LGPL-3.0-only", "as psycopg"),
    "skops": ("MIT", "by its licence file; its metadata say “OSI approved” only"),
}
"""Package → its licence and why it may be shipped, where metadata alone do not say so."""

_HEAD = """# Licences
What Purvey needs to run, with its extras postgres and mcp, and under which licence each package is shared. Purvey
itself is under Apache-2.0. Made by `python -m deploy.licences`; a test holds it to what is installed, and refuses
licences that are unknown or ask for more than to be named (GPL, AGPL, SSPL and the like).

| package | version | licence | note |
|---|---|---|---|
"""


def licence_of(about: PackageMetadata) -> str:
    """Return the licence that a package's metadata name: an expression, classifiers, or a text's first line."""
    expression = next(iter(about.get_all("License-Expression") or []), "")
    classifiers = [
        text.split("::")[-1].strip()
        for text in about.get_all("Classifier") or []
        if text.startswith("License") and not text.endswith("OSI Approved")
    ]
    first = (next(iter(about.get_all("License") or []), "").strip().splitlines() or [""])[0]
    return expression or ", ".join(classifiers) or first


def problem_of(name: str, licence: str) -> str:
    """Return why a package may not be shipped under a licence; an empty text where it may."""
    if name in READ:
        return ""
    if FORBIDDEN.search(licence):
        return f"{name}: {licence} asks for more than to be named; do without it, or name it in READ with a reason"
    # every part of an AND has to be allowed, and one part of an OR
    parts = re.split(r"\bAND\b|,", licence)
    if not licence or not all(ALLOWED.search(part) for part in parts):
        return f"{name}: licence {licence or 'unknown'!r} is not known; read it, and name it in READ"
    return ""


def licences() -> dict[str, str]:
    """Return the licences of all packages that Purvey needs to run, by name."""
    return {
        name: READ[name][0] if name in READ else licence_of(metadata(name)) for name in sorted(runtime_set())
    }


def page() -> str:
    """Return the page of licences, as Markdown."""
    rows = [
        f"| {name} | {version(name)} | {licence} | {READ.get(name, ('', ''))[1]} |"
        for name, licence in licences().items()
    ]
    return _HEAD + "\n".join(rows) + "\n"


if __name__ == "__main__":
    wrong = [found for name, licence in licences().items() if (found := problem_of(name, licence))]
    for sentence in wrong:
        sys.stderr.write(sentence + "\n")
    sys.stdout.write(page())
    sys.exit(bool(wrong))
