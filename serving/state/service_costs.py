"""What a promise of service costs, by category and by supplier, from the served plan's table."""

import pandas as pd

from serving.http.problems import Problem
from serving.state.lookup import NO_PLAN
from serving.state.served import Served

GROUPS = {"supplier_id": "supplier", "category": "category", "perishes": "shelf life"}
"""Column that SKUs are grouped by → what people call it."""

EVERYTHING = ""
"""Group of all SKUs."""

_PERISHES = {True: "goods that perish", False: "goods that keep"}

SUMS = ("holding", "waste", "cost", "shortage", "short")
"""Money a year, and units short a year, that add up over SKUs."""


def service_costs(served: Served, by: str) -> pd.DataFrame:
    """Costs of service summed up over the SKUs of each group, and over all of them.

    Parameters
    ----------
    by : column of `GROUPS`

    Returns
    -------
    DataFrame
        One row a group ("": all) and promise: group, promise, skus, played (how many of them were), holding, waste,
        cost (both together, money a year; waste of SKUs that were not played counts as nothing), shortage, short
        (units a year), reached (share of the SKUs that can keep the promise)

    Raises
    ------
    Problem
        503 before the first plan, 422 for another column.
    """
    if served.snapshot is None:
        raise Problem(503, "no_plan", NO_PLAN)
    if by not in GROUPS:
        raise Problem(422, "invalid_request", f"by is {by!r}, expected one of {', '.join(GROUPS)}")
    table = served.snapshot.service_cost
    known = table[by].astype(object).where(table[by].notna(), "not known").replace(_PERISHES).astype(str)
    rows = table.assign(group=known, cost=table["holding"] + table["waste"].fillna(0.0))
    both = pd.concat([rows.assign(group=EVERYTHING), rows], ignore_index=True)
    summed = both.groupby(["group", "promise"], sort=True).agg(
        skus=("unique_id", "size"),
        played=("played", "sum"),
        **{name: (name, "sum") for name in SUMS},
        reached=("reached", "mean"),
    )
    return summed.reset_index()
