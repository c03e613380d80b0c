"""Which agreements hold on a day: rows of `offers` or `contracts` between `valid_from` and `valid_to`."""

import pandas as pd


def in_force(agreements: pd.DataFrame, day: "pd.Timestamp | pd.Series[pd.Timestamp]") -> "pd.Series[bool]":
    """Whether each agreement holds on the day (n,); both its ends belong to it, one without an end is open there.

    Parameters
    ----------
    agreements : with `valid_from` and `valid_to`
    day : the same for all, or one for each, at any time of the day
    """
    day = day.dt.normalize() if isinstance(day, pd.Series) else day.normalize()
    return ~(agreements["valid_from"] > day) & ~(agreements["valid_to"] < day)
