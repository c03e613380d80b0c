"""The `events` table: one row for each day of an event, and which events concern demand rather than suppliers."""

import numpy as np
import pandas as pd

_DAY = np.timedelta64(1, "D")


def demand_events(events: pd.DataFrame) -> pd.DataFrame:
    """Rows of `events` that are not a supplier's or a region's, one row a day: what demand may react to."""
    return one_row_per_day(
        events[events["supplier_id"].isna() & events["region"].isna()].reset_index(drop=True)
    )


def one_row_per_day(events: pd.DataFrame) -> pd.DataFrame:
    """`events` with one row for each day from `ds` to `until`."""
    last = events["until"].fillna(events["ds"])
    days = ((last - events["ds"]) / _DAY).fillna(0).clip(lower=0).to_numpy(int) + 1
    if (days == 1).all():
        return events
    rows = events.loc[events.index.repeat(days)]
    nth = np.arange(len(rows)) - np.repeat(np.cumsum(days) - days, days)
    return rows.assign(ds=rows["ds"] + nth * _DAY).reset_index(drop=True)
