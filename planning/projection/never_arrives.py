"""Open orders that never arrive: the chance of it, given how long each has been open."""

import numpy as np
import pandas as pd

from distributions.distribution import Array, Distribution
from planning.protocols import NeverComing

_OVERDUE_RATIO = (
    1.25  # older than this many times its last lead-time quantile: the distribution knows nothing of it
)
_GRACE_DAYS = 3.0
_TAIL = 3.0  # exponent of the chance that what is later than all experience is later still
_DAY = pd.Timedelta(days=1)


def experience_ends(lead_time: Distribution) -> Array:
    """Age in days (n,) beyond which the lead-time distribution says nothing of an open order any more."""
    return np.asarray(lead_time.values[:, -1] * _OVERDUE_RATIO + _GRACE_DAYS)


def never_arrives(orders: pd.DataFrame, lead_time: Distribution, chance: NeverComing) -> Array:
    """Probability (n,) that each open order never arrives, given its age a: π / (π + (1 − π)·S(a)).

    A mixture cure model. S(a) = (1 − ε)·P(L > (a − 3) / 1.25) + ε·min(1, (a₀ / a)³) is the chance that an order which
    comes is still open: by the lead-time distribution, slow to despair as it has seen so many orders only, and with
    chance ε later than all experience, which ends at a₀ = 1.25·L₀.₉₉₅ + 3 days. Where no line was ever seen that never
    came, only orders older than that are doubted.

    Parameters
    ----------
    orders : age, and where they are known ordered_at and promised_at: a line promised for later than usual is doubted
        that much later
    lead_time : of each order from its first day
    chance : before the age is known
    """
    ends, age = experience_ends(lead_time), _age_beyond_promise(orders, lead_time)
    never = np.zeros(len(orders))
    asked = np.flatnonzero(
        chance.learned | (age > ends)
    )  # most often few, and distribution functions take time
    still_open = _still_open(lead_time[asked], age[asked], chance.beyond[asked])
    share = chance.share[asked]
    never[asked] = share / (share + (1 - share) * still_open)
    return np.nan_to_num(never)


def _still_open(lead_time: Distribution, age: Array, beyond: Array) -> Array:
    """Chance S(a) (n,) that an order which comes is still open at its age, as `never_arrives` has it."""
    ends = experience_ends(lead_time)
    inside = 1 - lead_time.cdf(np.maximum(age - _GRACE_DAYS, 0.0) / _OVERDUE_RATIO)
    outside = (ends / np.maximum(age, ends)) ** _TAIL
    return np.asarray((1 - beyond) * inside + beyond * outside)


def _age_beyond_promise(orders: pd.DataFrame, lead_time: Distribution) -> Array:
    """Age (n,) of each open order less the days promised beyond its median lead time."""
    age = orders["age"].to_numpy(float)
    if not {"ordered_at", "promised_at"} <= set(orders.columns):
        return np.asarray(age)
    promised = ((pd.to_datetime(orders["promised_at"]) - orders["ordered_at"]) / _DAY).to_numpy(float)
    beyond: Array = np.maximum(np.nan_to_num(promised) - lead_time.quantile(0.5), 0.0)
    return np.asarray(age - beyond)
