"""Changes of suppliers' lead times: which were found lately, which stand since long, and what each did, in words."""

from typing import Any

import pandas as pd

from configs.formats import change, missing, number

CHANGED = ("eroding", "improving", "erratic")

LATELY_DAYS = 90
"""Days before the plan's within which a change was flagged to have happened lately."""


def changed_lately(table: pd.DataFrame, as_of: pd.Timestamp) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Suppliers whose lead times have changed and not come back, the last flagged first: lately, and before that.

    Parameters
    ----------
    table : `supplier_id, state, flagged_at` and more, a row a supplier
    as_of : the plan's day
    """
    changed = table[table["state"].isin(CHANGED)].sort_values(
        ["flagged_at", "supplier_id"], ascending=[False, True]
    )
    lately = changed["flagged_at"] >= as_of.normalize() - pd.Timedelta(days=LATELY_DAYS)
    return changed[lately], changed[~lately]


def change_words(row: dict[str, Any]) -> str:
    """Say what a change of lead times did to a supplier's orders: erratic ones scatter, others take longer or less."""
    if row["state"] != "erratic":
        return f"take {change(row['shift'])}"
    spread = row["spread"]
    if missing(spread):
        return "scatter more than before"
    how = "widely" if spread >= 1 else "narrowly"
    return f"scatter {number(max(spread, 1 / spread), 1)} times as {how} as before"
