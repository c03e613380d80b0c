"""Simulated purchase orders whose promises say much, little or nothing of the day the goods come."""

from collections.abc import Callable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Array = NDArray[np.float64]
Rng = np.random.Generator

DAYS = 540
START = pd.Timestamp("2023-01-02")
_LINES, _SUPPLIERS = 4_000, 150


def marketplace(rng: Rng) -> pd.DataFrame:
    """Small sellers ship to far and near: the promise knows how far, pads by half, and seldom is early enough."""
    seller = _sellers(rng)
    distance = rng.gamma(2.0, 2.5, _LINES) + 3.0
    handling = rng.lognormal(0.0, 0.5, _SUPPLIERS)[seller]
    lead = (1.5 * handling + distance) * rng.lognormal(0.0, 0.35, _LINES)
    promise = 1.8 * distance * rng.lognormal(0.0, 0.2, _LINES) + 6.0
    return _lines(rng, seller, lead, promise)


def honest(rng: Rng) -> pd.DataFrame:
    """Makers confirm a day between one and ten weeks ahead, by their load, and are late by days whatever it was."""
    maker = _sellers(rng)
    promise = rng.uniform(7, 70, _LINES)
    late = rng.normal(0.0, 2.0, _SUPPLIERS)[maker]
    lead = promise + late + 4.0 * (rng.gamma(2.0, 1.0, _LINES) - 1.5)
    return _lines(rng, maker, lead, promise)


def drifting(rng: Rng) -> pd.DataFrame:
    """Padding that shrinks over the year: a promise was twice the lead time and is what it takes in the end."""
    maker = _sellers(rng)
    day = np.sort(rng.integers(0, DAYS, _LINES))
    usual = rng.lognormal(3.0, 0.4, _SUPPLIERS)[maker] * rng.lognormal(0.0, 0.3, _LINES)
    promise = usual * (2.0 - day / DAYS)
    return _lines(rng, maker, usual * rng.lognormal(0.0, 0.2, _LINES), promise, day)


def worthless(rng: Rng) -> pd.DataFrame:
    """A promise out of a drawer, between two and six weeks, whatever the supplier takes."""
    maker = _sellers(rng)
    lead = rng.lognormal(3.0, 0.4, _SUPPLIERS)[maker] * rng.lognormal(0.0, 0.3, _LINES)
    return _lines(rng, maker, lead, rng.uniform(14, 42, _LINES))


def overwritten(rng: Rng) -> pd.DataFrame:
    """Promises set to the day of receipt when goods arrive, and out of a drawer before."""
    lines = worthless(rng)
    return lines.assign(overwritten=True)


def partly(rng: Rng) -> pd.DataFrame:
    """As honest makers, of which every second line has no promise."""
    lines = honest(rng)
    return lines.assign(promised_at=lines["promised_at"].where(rng.random(len(lines)) < 0.5))


KINDS: dict[str, Callable[[Rng], pd.DataFrame]] = {
    "marketplace": marketplace,
    "honest": honest,
    "drifting": drifting,
    "partly": partly,
    "worthless": worthless,
    "overwritten": overwritten,
}


def _sellers(rng: Rng) -> NDArray[np.int64]:
    """Supplier of each line, a few with many and many with a few."""
    share = rng.gamma(0.5, 1.0, _SUPPLIERS)
    return np.asarray(rng.choice(_SUPPLIERS, _LINES, p=share / share.sum()), np.int64)


def _lines(
    rng: Rng, supplier: NDArray[np.int64], lead: Array, promise: Array, day: NDArray[np.int64] | None = None
) -> pd.DataFrame:
    """Order lines with whole days of lead time and promise, ordered on `day` or on days drawn evenly."""
    placed = np.sort(rng.integers(0, DAYS, _LINES)) if day is None else day
    ordered_at = START + pd.to_timedelta(placed, "D")
    return pd.DataFrame(
        {
            "order_id": [f"PO{k}" for k in range(_LINES)],
            "line": "1",
            "supplier_id": [f"S{k}" for k in supplier],
            "unique_id": [f"S{s}-{k % 3}" for k, s in enumerate(supplier)],
            "ordered_at": ordered_at,
            "quantity_ordered": 1.0,
            "lead": np.maximum(np.round(lead), 1.0),
            "promised_at": ordered_at + pd.to_timedelta(np.maximum(np.round(promise), 1.0), "D"),
            "overwritten": False,
        }
    )


def known_on(lines: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    """Order history as `features.orders.order_history` would give it on `day`."""
    placed = lines[lines["ordered_at"] <= day].reset_index(drop=True)
    age = (day - placed["ordered_at"]) / pd.Timedelta(days=1)
    is_open = placed["lead"] > age
    arrived = placed["ordered_at"] + pd.to_timedelta(placed["lead"], "D")
    return placed.drop(columns=["lead", "overwritten"]).assign(
        promised_at=placed["promised_at"].where(~placed["overwritten"] | is_open, arrived),
        is_open=is_open,
        lead_time=placed["lead"].where(~is_open),
        duration=np.minimum(placed["lead"], age),
        age=age.where(is_open),
        arrived_at=arrived.where(~is_open),
        quantity_received=np.where(is_open, 0.0, 1.0),
        quantity_open=is_open.astype(float),
        never_came=0.0,
        closed_after=np.nan,
        part_after=np.nan,
        part_quantity=np.nan,
    )
