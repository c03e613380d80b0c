"""Simulated: 25 suppliers and the distributions of their lead times.

`suppliers.csv` beside this file is the truth. An order placed on day t (0 … 363) of the year takes

    L = mean_days · (1 + drift · t / 364) · (1 + congestion · season(t)) · G + H   days, rounded, at least 1,

with G of mean 1 and coefficient of variation `cv`, gamma or lognormal (`family`), and H the time held at customs: 0,
or with probability `hold_chance` gamma with mean `hold_days` and a coefficient of variation of .25. season(t) rises
from 0 on 1 October to 1 in mid-November and is back at 0 on New Year. `law` names the kind. `quoted` × the mean at the
year's start is the contract lead time; `price_level` and `moq_weeks` are what the supplier offers for it.
`partial`, `short`, `defect`: shares of orders delivered in two parts, of orders closed short, of units rejected.
`order_days` are the weekdays on which the supplier takes orders (empty: every day), `payment_days` the days from the
receipt of goods until they are paid for (empty: paid for with the order), `expedite_fee` and `expedite_share` what
expediting a line costs, in money and as a share of a usual line's value (empty: the supplier names no price).
"""

from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from configs.weekdays import days_until, parse_weekdays

Array = NDArray[np.float64]

_DAYS = 364
_HOLD_CV = 0.25
_SEASON = (272, 317, 364)
"""Day of the year on which congestion begins, peaks, ends."""
CONTRACT_COLUMNS = [
    "supplier_id",
    "name",
    "region",
    "is_local",
    "is_diverse",
    "is_certified",
    "emission_factor",
    "order_days",
]


def read_suppliers() -> pd.DataFrame:
    """The simulated suppliers, a row each: lead-time distribution, and the contract lead time `lead_time_days`."""
    suppliers = pd.read_csv(Path(__file__).with_name("suppliers.csv"))
    held = suppliers["mean_days"] + suppliers["hold_chance"] * suppliers["hold_days"]
    # nobody quotes the time at customs: that is where such a promise breaks
    quoted = np.where(suppliers["hold_chance"] > 0, suppliers["mean_days"], held) * suppliers["quoted"]
    order_days = suppliers["order_days"].astype(object).where(suppliers["order_days"].notna(), None)
    return suppliers.assign(lead_time_days=np.maximum(1.0, np.round(quoted)), order_days=order_days)


def order_wait(supplier: pd.DataFrame, day: int) -> Array:
    """Days from `day` until each of the suppliers takes orders; the year begins on a Monday."""
    waits = {
        text: days_until(parse_weekdays(text))[day % 7] for text in supplier["order_days"].dropna().unique()
    }
    return np.asarray(supplier["order_days"].map(waits).fillna(0.0), dtype=float)


def season(day: Array) -> Array:
    """Season of congestion at the simulated suppliers, 0 … 1, on `day` 0 … 364: the year's last quarter."""
    return np.interp(day, _SEASON, (0.0, 1.0, 0.0))


def mean_lead_time(supplier: pd.DataFrame, day: Array) -> Array:
    """Mean of the suppliers' lead-time distributions, unrounded days, of orders on `day`, a row of `supplier` each."""
    level = (
        supplier["mean_days"]
        * (1 + supplier["drift"] * day / _DAYS)
        * (1 + supplier["congestion"] * season(day))
    )
    return np.asarray(level + supplier["hold_chance"] * supplier["hold_days"], dtype=float)


def draw_lead_time(supplier: pd.DataFrame, day: Array, rng: np.random.Generator) -> Array:
    """Draw from the suppliers' lead-time distributions: whole days, for orders on `day`, a row of `supplier` each."""
    cv = supplier["cv"].to_numpy()
    gamma = rng.gamma(1 / cv**2, cv**2)
    spread = np.sqrt(np.log1p(cv**2))
    lognormal = np.exp(rng.normal(-(spread**2) / 2, spread))
    noise = np.where(supplier["family"] == "gamma", gamma, lognormal)
    hold_days = supplier["hold_days"].to_numpy()
    held = rng.random(len(supplier)) < supplier["hold_chance"].to_numpy()
    hold = np.where(held, rng.gamma(1 / _HOLD_CV**2, _HOLD_CV**2, len(supplier)) * hold_days, 0.0)
    level = mean_lead_time(supplier, day) - (supplier["hold_chance"] * supplier["hold_days"]).to_numpy()
    return np.asarray(np.maximum(1.0, np.rint(level * noise + hold)), dtype=float)
