"""What a promise of service costs, summed up by category, by supplier and by shelf life."""

import pandas as pd

GROUPS = {"supplier_id": "supplier", "category": "category", "perishes": "shelf life"}
"""Column that SKUs are grouped by → what people call it."""

EVERYTHING = ""
"""Group of all SKUs."""

_PERISHES = {True: "goods that perish", False: "goods that keep"}

SUMS = ("holding", "waste", "cost", "shortage", "short")
"""Money a year, and units short a year, that add up over SKUs."""


def summed_service_costs(table: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Costs of service summed up over the SKUs of each group, and over all of them, by each column of `GROUPS`.

    Parameters
    ----------
    table : of `planning.compare.service_promise.service_cost_frame`

    Returns
    -------
    dict
        One row a group ("": all) and promise: group, promise, skus, played (how many of them were), holding, waste,
        cost (both together, money a year; waste of SKUs that were not played counts as nothing), shortage, short
        (units a year), reached (share of the SKUs that can keep the promise)
    """
    rows = table.assign(cost=table["holding"] + table["waste"].fillna(0.0))
    every = _summed(rows, pd.Series(EVERYTHING, rows.index))
    found = {}
    for by in GROUPS:
        known = rows[by].astype(object).where(rows[by].notna(), "not known").replace(_PERISHES)
        found[by] = pd.concat([every, _summed(rows, known.astype(str))], ignore_index=True)
    return found


def _summed(rows: pd.DataFrame, group: pd.Series) -> pd.DataFrame:
    """Rows summed up by their `group` (n,) and promise."""
    grouped = rows.assign(group=group).groupby(["group", "promise"], sort=True)
    summed = grouped.agg(
        skus=("unique_id", "size"),
        played=("played", "sum"),
        **{name: (name, "sum") for name in SUMS},
        reached=("reached", "mean"),
    )
    return summed.reset_index()
