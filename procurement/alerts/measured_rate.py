"""How often each rule opened an exception, and how often people said that it was none."""

import pandas as pd

WEEKS = 13.0
"""Weeks that are looked back."""

RATES = {
    "rule": "object", "opened": "int64", "a_week": "float64", "standing": "int64", "judged": "int64",
    "dismissed": "int64", "dismissed_share": "float64",
}  # fmt: skip
"""Column of the rates → dtype."""

_WEEK = pd.Timedelta(days=7)


def measured_rate(exceptions: pd.DataFrame, now: pd.Timestamp) -> pd.DataFrame:
    """Exceptions a week that each rule opened in the last `WEEKS`, and the share of them that people dismissed.

    Parameters
    ----------
    exceptions : `rule, state, opened_at, closed_at`, a row an exception ever opened; times without zone, UTC

    Returns
    -------
    DataFrame
        `RATES`, by rule: a_week counts from the first exception of any rule, but at least one week; standing: open now;
        judged: acknowledged or dismissed; dismissed_share: of those opened, NaN where none was
    """
    first = exceptions["opened_at"].min()
    since = now - WEEKS * _WEEK
    weeks = 1.0 if pd.isna(first) else min(max((now - first) / _WEEK, 1.0), WEEKS)
    late = exceptions["opened_at"] > since
    counted = pd.DataFrame(
        {
            "rule": exceptions["rule"],
            "opened": late.astype(int),
            "standing": exceptions["closed_at"].isna().astype(int),
            "judged": (late & exceptions["state"].isin(["acknowledged", "dismissed"])).astype(int),
            "dismissed": (late & (exceptions["state"] == "dismissed")).astype(int),
        }
    )
    sums = counted.groupby("rule").sum().reset_index()
    sums["a_week"] = sums["opened"] / weeks
    sums["dismissed_share"] = sums["dismissed"] / sums["opened"].where(sums["opened"] > 0)
    return sums[list(RATES)].astype(RATES)
