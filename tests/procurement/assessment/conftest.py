"""Small companies of the assessment: raw tables in, the facts that the findings rest on out."""

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

from configs.schema import Config
from features.contract.tables import RawTable
from features.quality.check import check_tables
from procurement.assessment.company_facts import CompanyFacts

FIRST = pd.Timestamp("2023-01-02")
WEEKS = 52
END = FIRST + pd.Timedelta(weeks=WEEKS)


@pytest.fixture
def weekly() -> Callable[..., pd.DataFrame]:
    """A year of weekly demand: SKU → quantity of each week, or one for all of them."""

    def make(**demand: Any) -> pd.DataFrame:
        parts = []
        for unique_id, y in demand.items():
            values = [y] * WEEKS if isinstance(y, int | float) else list(y)
            ds = pd.date_range(END - pd.Timedelta(weeks=len(values)), periods=len(values), freq="W-MON")
            parts.append(pd.DataFrame({"unique_id": unique_id, "ds": ds, "y": values}))
        return pd.concat(parts, ignore_index=True)

    return make


@pytest.fixture
def facts_of() -> Callable[..., CompanyFacts]:
    """The facts of a company, by its raw tables and options of the config."""

    def make(options: dict[str, Any] | None = None, **tables: pd.DataFrame) -> CompanyFacts:
        config = Config.model_validate(options or {})
        raw = {name: RawTable(frame, f"{name}.csv") for name, frame in tables.items()}
        return CompanyFacts.of(check_tables(raw, config.data), config)

    return make


@pytest.fixture
def lines() -> Callable[..., pd.DataFrame]:
    """Received order lines of one lane: days each took, the first ordered on `first`, one every `every` days."""

    def make(
        days: list[float],
        *,
        first: str = "2023-02-06",
        every: int = 7,
        unique_id: str = "a",
        supplier_id: str = "S",
    ) -> pd.DataFrame:
        ordered = pd.date_range(first, periods=len(days), freq=f"{every}D")
        return pd.DataFrame(
            {
                "order_id": [f"{supplier_id}{unique_id}{n}" for n in range(len(days))],
                "line": "1",
                "supplier_id": supplier_id,
                "unique_id": unique_id,
                "ordered_at": ordered,
                "quantity_ordered": 10.0,
                "received_at": ordered + pd.to_timedelta(days, unit="D"),
                "quantity_received": 10.0,
            }
        )

    return make
