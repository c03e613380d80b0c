"""Days from now as the dates and texts of the plan's tables."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from distributions.distribution import Array


def dates_after(as_of: pd.Timestamp, days: Array) -> NDArray[np.datetime64]:
    """The date `days` (n,) after `as_of`, NaT where infinite or unknown."""
    whole = np.floor(np.where(np.isfinite(days), days, 0.0) + 1e-6).astype("timedelta64[D]")
    date = as_of.normalize().to_datetime64() + whole.astype("timedelta64[ns]")
    return np.where(np.isfinite(days), date, np.datetime64("NaT", "ns"))


def date_texts(as_of: pd.Timestamp, days: Array) -> NDArray[np.object_]:
    """The date `days` (n,) after `as_of` as a text such as 2026-03-09; `NaT` where infinite or unknown."""
    return np.datetime_as_string(dates_after(as_of, days), unit="D").astype(object)
