"""The manifest of a model bundle: the SHA-256 of every file, and the bundle's hash over all of it."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from configs.errors import DomainError

FORMAT = 1
"""Version of the bundle's layout; a reader refuses any other."""

MANIFEST = "manifest.json"

FIX = "promote a sound version (`purvey models promote`) or train again"
"""What to do about a damaged bundle: the end of its error messages."""


class BundleError(DomainError):
    """A bundle that cannot be used: says the file, what is wrong with it and the fix."""


def write_manifest(
    folder: Path, *, config: Mapping[str, Any], info: Mapping[str, Any], metrics: Mapping[str, float]
) -> str:
    """Write the manifest of all files in the bundle `folder`, and return the bundle's hash."""
    manifest = {
        "format": FORMAT,
        "files": {name: file_hash(folder / name) for name in bundle_files(folder)},
        "config": dict(config),
        "info": dict(info),
        "metrics": dict(metrics),
    }
    manifest["hash"] = _manifest_hash(manifest)
    (folder / MANIFEST).write_text(canonical_json(manifest), encoding="utf-8")
    return str(manifest["hash"])


def verified_manifest(folder: Path, *, expected_hash: str | None = None) -> dict[str, Any]:
    """Read the manifest of the bundle in `folder`, after checking it and the SHA-256 of every file it names.

    Raises
    ------
    BundleError
        When a file is missing or altered, or the bundle's hash is not `expected_hash` (none: whatever it has).
    """
    manifest = _read_manifest(folder)
    if _manifest_hash(manifest) != manifest["hash"]:
        raise BundleError(f"{folder / MANIFEST}: altered after it was written; {FIX}")
    if expected_hash is not None and manifest["hash"] != expected_hash:
        raise BundleError(f"{folder}: holds bundle {manifest['hash'][:12]}, not {expected_hash[:12]}; {FIX}")
    for name, digest in manifest["files"].items():
        path = folder / name
        if not path.is_file():
            raise BundleError(f"{path}: missing from the bundle; {FIX}")
        if file_hash(path) != digest:
            raise BundleError(f"{path}: altered, its SHA-256 is not the manifest's; {FIX}")
    return manifest


def bundle_files(folder: Path) -> list[str]:
    """Paths of a bundle's files but the manifest, relative to `folder` with forward slashes, sorted."""
    files = (path for path in folder.rglob("*") if path.is_file() and path.name != MANIFEST)
    return sorted(path.relative_to(folder).as_posix() for path in files)


def file_hash(path: Path) -> str:
    """SHA-256 of a file's bytes, in hex, as the manifest lists it."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def canonical_json(value: Any) -> str:
    """JSON text that is the same for equal values, so that its hash is: keys sorted, no NaN."""
    return json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False, allow_nan=False) + "\n"


def _manifest_hash(manifest: Mapping[str, Any]) -> str:
    """SHA-256 of the manifest without its own `hash`: the name of the bundle."""
    rest = {key: value for key, value in manifest.items() if key != "hash"}
    return hashlib.sha256(canonical_json(rest).encode()).hexdigest()


def _read_manifest(folder: Path) -> dict[str, Any]:
    """Read `folder`/manifest.json; a `BundleError` where there is none of this format."""
    path = folder / MANIFEST
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise BundleError(f"{path}: no bundle here; {FIX}") from None
    except (OSError, ValueError):
        raise BundleError(f"{path}: not readable as JSON; {FIX}") from None
    keys = {"format", "files", "config", "info", "metrics", "hash"}
    if not isinstance(manifest, dict) or not keys <= manifest.keys():
        raise BundleError(f"{path}: not a bundle's manifest; {FIX}")
    if manifest["format"] != FORMAT:
        raise BundleError(
            f"{path}: bundle format {manifest['format']!r}, this version reads {FORMAT}; train again"
        )
    return manifest
