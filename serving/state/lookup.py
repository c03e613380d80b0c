"""Which SKUs and suppliers of a request the served model and plan know, and what is kept of them there."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from models.demand.attribution.explanation import KEYS
from serving.http.problems import Problem
from serving.state.served import Served
from serving.state.service_costs import GROUPS
from serving.state.spend_view import SpendView
from suppliers.report import SupplierReport

NO_PLAN = "nothing has been planned yet; run `purvey plan --data DIR --out OUT`"


def known_skus(served: Served, ids: Sequence[str]) -> tuple[NDArray[np.int64], list[dict[str, Any]]]:
    """Look up SKUs in the served forecast: rows (m,) of those it has, in order; the others as `unanswered`.

    Raises
    ------
    Problem
        404 when it has none of them.
    """
    rows = np.array([served.row_of.get(sku, -1) for sku in ids], np.int64)
    unknown = [sku for sku, row in zip(ids, rows, strict=True) if row < 0]
    if len(unknown) == len(ids):
        shown = ", ".join(unknown[:3]) + (", …" if len(unknown) > 3 else "")
        raise Problem(404, "unknown_sku", f"no forecast for {shown}; /skus lists the SKUs that have one")
    return rows[rows >= 0], [{"unique_id": sku, "reason": "unknown_sku"} for sku in unknown]


def known_suppliers(
    served: Served, rows: pd.DataFrame
) -> tuple[NDArray[np.bool_], pd.DataFrame, list[dict[str, Any]]]:
    """Look up suppliers: which `rows` (n,) have a known one, where each lead time is from, the others as `unanswered`.

    Raises
    ------
    Problem
        404 when none is known.
    """
    source = served.lead_times.describe(rows)
    learned = source["source"].isin(["learned", "contract"])
    known = (learned | rows["supplier_id"].isin(served.supplier_ids)).to_numpy(bool)
    if not known.any():
        name = rows["supplier_id"].iloc[0]
        raise Problem(404, "unknown_supplier", f"no supplier {name}; /suppliers lists those there are")
    unanswered = [
        {"supplier_id": row.supplier_id, "unique_id": row.unique_id, "reason": "unknown_supplier"}
        for row in rows[~known].itertuples()
    ]
    return known, source, unanswered


def sku_explanation(served: Served, unique_id: str) -> pd.DataFrame:
    """Look up the explanation of a SKU's forecast: a row per period with ds, end, mean and the parts, units a period.

    No rows where the model has no explanation.

    Raises
    ------
    Problem
        404 when there is no forecast for the SKU.
    """
    rows, _ = known_skus(served, [unique_id])
    if served.explanation is None:
        return pd.DataFrame(columns=list(KEYS[1:]))
    table = served.explanation.select(rows).frame().drop(columns="unique_id")
    return table.assign(mean=served.forecast.mean[rows[0]])  # the served number to its last bit


def supplier_report_of(served: Served) -> SupplierReport:
    """Look up the supplier report of the current plan.

    Raises
    ------
    Problem
        503 before the first plan.
    """
    if served.suppliers is None:
        raise Problem(503, "no_plan", NO_PLAN)
    return served.suppliers


def service_costs(served: Served, by: str) -> pd.DataFrame:
    """Costs of service of the served plan by a column of `GROUPS`, as `Served.service_costs` has them.

    Raises
    ------
    Problem
        503 before the first plan, 422 for another column.
    """
    if served.snapshot is None:
        raise Problem(503, "no_plan", NO_PLAN)
    if by not in GROUPS:
        raise Problem(422, "invalid_request", f"by is {by!r}, expected one of {', '.join(GROUPS)}")
    return served.service_costs[by]


def spend_of(served: Served) -> SpendView:
    """The spend of the served plan.

    Raises
    ------
    Problem
        503 where there is none: before the first plan, or of a plan made before it was worked out.
    """
    if served.spend is None:
        raise Problem(503, "no_plan", NO_PLAN)
    return served.spend
