"""Tables of a small company whose data are sound, and the warnings that a data check of such tables gives."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from configs.schema import DataConfig
from features.contract.tables import RawTable
from features.quality.check import check_tables
from features.quality.warnings.data_warning import DataWarning

WEEKS = pd.date_range("2023-01-02", periods=60, freq="W-MON")
CONFIG = DataConfig(max_bad_share=1.0)


@pytest.fixture
def weeks() -> pd.DatetimeIndex:
    """Starts of the 60 weeks of demand."""
    return WEEKS


@pytest.fixture
def sound_demand() -> Callable[..., pd.DataFrame]:
    """Makes 60 weeks of steady demand of one SKU."""

    def make(unique_id: str = "a", y: np.ndarray | None = None) -> pd.DataFrame:
        noise = np.random.default_rng(1).normal(1, 0.05, 60)
        return pd.DataFrame(
            {"unique_id": unique_id, "ds": WEEKS, "y": (np.full(60, 40.0) if y is None else y) * noise}
        )

    return make


@pytest.fixture
def sound_orders() -> Callable[..., pd.DataFrame]:
    """Makes n received order lines of one supplier, with further columns as given."""

    def make(n: int = 60, **columns: object) -> pd.DataFrame:
        rng = np.random.default_rng(2)
        ordered = pd.Timestamp("2023-01-02") + pd.to_timedelta(rng.integers(0, 300, n), "D")
        frame = pd.DataFrame(
            {
                "order_id": [f"po{i}" for i in range(n)],
                "line": "1",
                "supplier_id": "s",
                "unique_id": "a",
                "ordered_at": ordered,
                "quantity_ordered": 10.0,
                "received_at": ordered + pd.to_timedelta(rng.integers(10, 60, n), "D"),
            }
        )
        return frame.assign(**columns)

    return make


@pytest.fixture
def warnings_of(sound_demand: Callable[..., pd.DataFrame]) -> Callable[..., dict[str, DataWarning]]:
    """Checks tables, with sound demand unless given, and returns the warnings by kind."""

    def find(config: DataConfig = CONFIG, **tables: pd.DataFrame) -> dict[str, DataWarning]:
        frames = {"demand": sound_demand()} | tables
        checked = check_tables({name: RawTable(frame, name) for name, frame in frames.items()}, config)
        return {warning.kind: warning for warning in checked.warnings}

    return find
