"""The drifting AFT model: suppliers that become slow, or are slow every autumn."""

import numpy as np
import pandas as pd

from models.lead_time.members.drifting_aft import DriftingAFT

FIRST_DAY = pd.Timestamp("2021-01-04")


def supplier(name: str, middle: np.ndarray, *, apart: float = 2.0, seed: int = 0) -> pd.DataFrame:
    """Closed orders of one supplier, one every `apart` days, spread by a quarter around `middle`."""
    noise = np.exp(0.25 * np.random.default_rng(seed).standard_normal(len(middle)))
    return pd.DataFrame(
        {
            "supplier_id": name,
            "unique_id": "a",
            "ordered_at": FIRST_DAY + pd.to_timedelta(np.round(apart * np.arange(len(middle))), "D"),
            "quantity_ordered": 10.0,
            "unit_price": 1.0,
            "is_open": False,
            "duration": np.round(middle * noise, 1),
        }
    )


def ask(name: str, day: pd.Timestamp) -> pd.DataFrame:
    return supplier(name, np.ones(1)).assign(ordered_at=day)


def test_open_orders_say_that_a_supplier_has_become_slow() -> None:
    steady = supplier("s", np.full(150, 12.0))
    end = steady["ordered_at"].iloc[-1] + pd.Timedelta(days=20)
    waiting = supplier("s", np.full(10, 12.0)).assign(
        ordered_at=end - pd.Timedelta(days=30), is_open=True, duration=30.0
    )
    other = supplier("t", np.full(150, 12.0), seed=2)
    calm = DriftingAFT().fit(pd.concat([steady, other], ignore_index=True))
    warned = DriftingAFT().fit(pd.concat([steady, waiting, other], ignore_index=True))
    assert warned.predict(ask("s", end)).mean()[0] > 1.15 * calm.predict(ask("s", end)).mean()[0]


def test_a_supplier_that_is_slow_every_autumn_is_expected_slow_next_autumn() -> None:
    day = np.arange(0, 3 * 365 - 120, 2)
    middle = 12 * (1 + 0.8 * np.exp(-(((day % 365) - 320) ** 2) / 800))
    other = supplier("t", np.full(len(day), 12.0), seed=2)
    model = DriftingAFT().fit(pd.concat([supplier("s", middle, seed=1), other], ignore_index=True))
    autumn, calm = (model.predict(ask("s", FIRST_DAY + pd.Timedelta(days=d))).mean()[0] for d in (1050, 975))
    assert autumn > 1.3 * calm
