"""Real: the holidays that move grocery sales in the United States, for the year sold and the months planned."""

import pandas as pd

_DAYS = {
    "new year": ("2017-01-01", "2018-01-01"),
    "super bowl": ("2017-02-05", "2018-02-04"),
    "valentine's day": ("2017-02-14", "2018-02-14"),
    "easter": ("2017-04-16", "2018-04-01"),
    "mother's day": ("2017-05-14", "2018-05-13"),
    "memorial day": ("2017-05-29", "2018-05-28"),
    "independence day": ("2017-07-04", "2018-07-04"),
    "labor day": ("2017-09-04", "2018-09-03"),
    "halloween": ("2017-10-31",),
    "thanksgiving": ("2017-11-23",),
    "christmas": ("2017-12-25",),
}


def make_events() -> pd.DataFrame:
    """Return the demo company's `events` table: the holidays of 2017 and of the months planned."""
    rows = [(pd.Timestamp(day), name) for name, days in _DAYS.items() for day in days]
    return pd.DataFrame(rows, columns=["ds", "name"]).sort_values("ds", ignore_index=True)
