import numpy as np
import pandas as pd
import pytest

WEEKS = pd.date_range("2026-01-05", periods=6, freq="W-MON")


@pytest.fixture(scope="session")
def weeks() -> pd.DatetimeIndex:
    return WEEKS


@pytest.fixture
def outcomes() -> dict[str, list[float]]:
    """Three pairs over four weeks before and two after: the pilots fall by 2, 4 and 3, the hold-outs rise by 1."""
    return {
        "p1": [10, 10, 10, 10, 8, 8],
        "h1": [10, 10, 10, 10, 11, 11],
        "p2": [18, 22, 18, 22, 16, 16],
        "h2": [20, 20, 20, 20, 21, 21],
        "p3": [30, 30, 30, 30, 27, 27],
        "h3": [30, 28, 30, 32, 31, 31],
    }


@pytest.fixture
def groups() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "unit": ["p1", "h1", "p2", "h2", "p3", "h3"],
            "pair": np.repeat([1, 2, 3], 2),
            "group": ["pilot", "hold_out"] * 3,
        }
    )
