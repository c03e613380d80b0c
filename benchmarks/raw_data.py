"""Where the raw files of the public data sets lie: under `PURVEY_DATA`, or in ../shared/data beside the repository."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def raw_folder(name: str) -> Path:
    """Where the raw files of data set `name` should be."""
    return Path(os.environ.get("PURVEY_DATA", ROOT.parent / "shared" / "data")) / name


def is_available(name: str) -> bool:
    """Whether the raw files of data set `name` are there (the demo's come with a package); says so where not."""
    if name == "demo" or raw_folder(name).is_dir():
        return True
    print(f"skipped: {raw_folder(name)} is not there; set PURVEY_DATA to the folder that holds {name}/")
    return False
