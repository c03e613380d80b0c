"""A small company as CSV files: enough of everything that training, planning and service have work to do."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import settings

settings.register_profile("no deadline", deadline=None)  # an example may wait for a busy machine
settings.load_profile("no deadline")
pd.options.mode.copy_on_write = True  # as the commands run

WEEKS = 80
SKUS = 24
SUPPLIERS = {"north": (14.0, 3.0), "south": (45.0, 12.0), "east": (21.0, 4.0)}


def _ids() -> list[str]:
    return [f"sku{i:02d}" for i in range(SKUS)]


def _demand(rng: np.random.Generator) -> pd.DataFrame:
    ds = pd.date_range("2023-01-02", periods=WEEKS, freq="W-MON")
    week = np.arange(WEEKS)
    frames = []
    for i, unique_id in enumerate(_ids()):
        level = 0.4 if i % 6 == 5 else 10.0 + 4 * i
        trend = 1 + (0.02 * np.maximum(week - 40, 0) if i % 8 == 0 else 0 * week)
        season = 1 + 0.2 * np.sin(2 * np.pi * week / 52)
        frames.append(
            pd.DataFrame({"unique_id": unique_id, "ds": ds, "y": rng.poisson(level * trend * season)})
        )
    return pd.concat(frames, ignore_index=True)


def _offers() -> pd.DataFrame:
    rows = []
    for i, unique_id in enumerate(_ids()):
        main = list(SUPPLIERS)[i % 3]
        rows.append((main, unique_id, 10.0 + i, 400 if i % 4 == 1 else 20, 10, SUPPLIERS[main][0], True))
        if i % 2:
            other = list(SUPPLIERS)[(i + 1) % 3]
            rows.append((other, unique_id, 10.2 + i, 10, 10, SUPPLIERS[other][0], False))
    columns = [
        "supplier_id",
        "unique_id",
        "unit_price",
        "moq",
        "order_multiple",
        "lead_time_days",
        "preferred",
    ]
    return pd.DataFrame(rows, columns=columns).assign(ordering_cost=25.0)


def _purchase_orders(rng: np.random.Generator, as_of: pd.Timestamp) -> pd.DataFrame:
    rows = []
    for i, unique_id in enumerate(_ids()):
        supplier = list(SUPPLIERS)[i % 3]
        mean, sd = SUPPLIERS[supplier]
        for n, ordered in enumerate(pd.date_range("2023-02-01", as_of - pd.Timedelta(days=5), freq="28D")):
            days = round(max(1.0, rng.gamma((mean / sd) ** 2, sd**2 / mean)))
            received = ordered + pd.Timedelta(days=days)
            is_open = received >= as_of
            quantity = 5000 if is_open and i % 7 == 2 else 100
            rows.append(
                {
                    "order_id": f"PO{i:02d}{n:03d}",
                    "line": "1",
                    "supplier_id": supplier,
                    "unique_id": unique_id,
                    "ordered_at": ordered,
                    "quantity_ordered": quantity,
                    "promised_at": ordered + pd.Timedelta(days=mean),
                    "received_at": pd.NaT if is_open else received,
                    "quantity_received": np.nan if is_open else quantity,
                    "unit_price": 10.0 + i,
                }
            )
    return pd.DataFrame(rows)


def company_tables(seed: int = 3) -> dict[str, pd.DataFrame]:
    """Return the company's tables: 24 SKUs, 80 weeks, 3 suppliers, as of 2024-07-15."""
    rng = np.random.default_rng(seed)
    demand = _demand(rng)
    as_of = demand["ds"].max() + pd.Timedelta(days=7)
    ids = _ids()
    items = pd.DataFrame(
        {
            "unique_id": ids,
            "description": [f"Item {i}" for i in range(SKUS)],
            "category": ["dry" if i % 2 else "fresh" for i in range(SKUS)],
            "unit_cost": [10.0 + i for i in range(SKUS)],
            "unit_price": [16.0 + i for i in range(SKUS)],
        }
    )
    stock = pd.DataFrame({"unique_id": ids, "as_of": as_of, "on_hand": rng.integers(5, 120, SKUS)})
    suppliers = pd.DataFrame({"supplier_id": list(SUPPLIERS), "name": ["North Ltd", "South SA", "East GmbH"]})
    return {
        "demand": demand,
        "items": items,
        "suppliers": suppliers,
        "offers": _offers(),
        "purchase_orders": _purchase_orders(rng, as_of),
        "stock": stock,
    }


@pytest.fixture(scope="session")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The company's data directory, as CSV."""
    folder = tmp_path_factory.mktemp("company")
    for name, table in company_tables().items():
        table.to_csv(folder / f"{name}.csv", index=False)
    return folder
