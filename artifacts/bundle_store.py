"""The store of published model bundles: a folder that holds each bundle under its hash."""

import os
import shutil
from pathlib import Path

from artifacts.bundle import Bundle, read_bundle
from artifacts.home_folder import make_private, staging_folder
from artifacts.manifest import MANIFEST, BundleError, bundle_files


def open_bundle(store: Path, bundle_hash: str) -> Bundle:
    """Read and verify bundle `bundle_hash` from the store of published bundles.

    Raises
    ------
    BundleError
        When a file is missing or altered, or the folder holds another bundle.
    """
    return read_bundle(store / bundle_hash, expected_hash=bundle_hash)


def publish(folder: Path, store: Path) -> Path:
    """Publish the bundle in `folder` in the store as `store/HASH` and return that; a reader sees all of it or nothing.

    A sound copy that is there already stays; a damaged one is replaced.

    Raises
    ------
    BundleError
        When the bundle in `folder` is damaged, or the store cannot be written.
    """
    bundle = read_bundle(folder)
    target = store / bundle.hash
    if _is_sound(target, bundle.hash):
        return target
    try:
        with staging_folder(store) as staging:
            incoming = staging / "bundle"
            shutil.copytree(folder, incoming)
            for file in [*bundle_files(incoming), MANIFEST]:
                _flush_to_disk(incoming / file)
            make_private(incoming)
            if target.exists() and not _is_sound(target, bundle.hash):
                target.rename(staging / "damaged")
            incoming.rename(target)
    except OSError as error:
        if not _is_sound(target, bundle.hash):  # else another process published the same bundle meanwhile
            raise BundleError(f"{target}: could not be written ({error.strerror or error})") from None
    return target


def _is_sound(folder: Path, bundle_hash: str) -> bool:
    """Whether the store's `folder` holds bundle `bundle_hash` with every file as its manifest says."""
    try:
        read_bundle(folder, expected_hash=bundle_hash)
    except BundleError:
        return False
    return True


def _flush_to_disk(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())
