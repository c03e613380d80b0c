"""Figures of a run by name, for MLflow and the bundle: demand in all, by class and by supplier; lead times."""

import re
from typing import Any

import numpy as np
import pandas as pd

from distributions.pinball import pinball_loss
from training.evaluation.frames import QUANTILES
from training.evaluation.scores import ALL, FIGURES

MOST_SUPPLIERS = 20
"""Suppliers with metrics of their own; thousands of metrics make MLflow crawl. The table holds all."""

_OVERALL = [name for name in FIGURES if name not in {"series", "n", "demand"}]
_OF_GROUPS = [
    "wql", "bias", "coverage_80", "coverage_90", "scaled_pinball", "mase", "rmsse", "median_scaled_pinball",
    "value_added", "win_share",
]  # fmt: skip
_OF_SUPPLIERS = ["wql", "bias", "coverage_90"]  # of running sums: a delivery covers many periods


def demand_metrics(classes: pd.DataFrame, suppliers: pd.DataFrame) -> dict[str, float]:
    """Figures over all steps, from the tables of `score_groups` by demand_class and by supplier_id.

    Named `demand.FIGURE`, `demand.class.CLASS.FIGURE` and, for the suppliers of the most SKUs,
    `demand.supplier.ID.cumulative_FIGURE`; figures of running sums are cumulative_FIGURE. What is not defined is left
    out, and so are the steps: those are in the table alone.
    """
    figures: dict[str, float] = {}
    for row in classes[classes["k"] == 0].to_dict("records"):
        prefix = f"demand.class.{row['demand_class']}" if row["demand_class"] else "demand"
        figures |= _of_row(prefix, row, _OF_GROUPS if row["demand_class"] else _OVERALL)
        if not row["sums"]:
            figures |= {f"{prefix}.series": row["series"], f"{prefix}.periods": row["n"]}
    total = suppliers[suppliers["sums"] & (suppliers["k"] == 0) & (suppliers["supplier_id"] != ALL)]
    busiest = total.sort_values(["series", "supplier_id"], ascending=[False, True])["supplier_id"].unique()
    for row in total[total["supplier_id"].isin(busiest[:MOST_SUPPLIERS])].to_dict("records"):
        figures |= _of_row(f"demand.supplier.{_safe(row['supplier_id'])}", row, _OF_SUPPLIERS)
    return figures


def _of_row(prefix: str, row: dict[Any, Any], wanted: list[str]) -> dict[str, float]:
    before = "cumulative_" if row["sums"] else ""
    return _named(prefix, {f"{before}{name}": row[name] for name in wanted})


def _named(prefix: str, figures: dict[str, float]) -> dict[str, float]:
    return {f"{prefix}.{name}": float(value) for name, value in figures.items() if np.isfinite(value)}


def score_suppliers(lead_times: pd.DataFrame) -> pd.DataFrame:
    """One row per kind (new, open) and supplier_id ("" for all): n, pinball, coverage_90, bias, actual.

    pinball: mean over levels and orders, days; bias: mean of forecast − lead time, days; actual: mean lead time, days.
    Orders that have not arrived are left out.
    """
    rows = lead_times.dropna(subset=["lead_time"])
    y, quantiles = rows["lead_time"].to_numpy(), rows[QUANTILES].to_numpy()
    scored = pd.DataFrame(
        {
            "kind": rows["kind"],
            "supplier_id": rows["supplier_id"],
            "pinball": pinball_loss(y, quantiles),
            "coverage_90": (quantiles[:, 0] <= y) & (y <= quantiles[:, -1]),
            "bias": rows["mean"] - rows["lead_time"],
            "actual": rows["lead_time"],
        }
    )
    both = pd.concat([scored.assign(supplier_id=""), scored])
    groups = both.groupby(["kind", "supplier_id"])
    table = groups[["pinball", "coverage_90", "bias", "actual"]].mean().assign(n=groups.size())
    return table.reset_index()[["kind", "supplier_id", "n", "pinball", "coverage_90", "bias", "actual"]]


def lead_time_metrics(suppliers: pd.DataFrame) -> dict[str, float]:
    """Return `lead_time.KIND.FIGURE` and, for the 20 busiest suppliers, `lead_time.supplier.ID.FIGURE` (new orders)."""
    figures: dict[str, float] = {}
    for row in suppliers[suppliers["supplier_id"] == ""].itertuples():
        figures |= _named(f"lead_time.{row.kind}", _supplier_figures(row))
    new = suppliers[(suppliers["kind"] == "new") & (suppliers["supplier_id"] != "")]
    for row in (
        new.sort_values(["n", "supplier_id"], ascending=[False, True]).head(MOST_SUPPLIERS).itertuples()
    ):
        figures |= _named(f"lead_time.supplier.{_safe(row.supplier_id)}", _supplier_figures(row))
    return figures


def _supplier_figures(row: Any) -> dict[str, float]:
    return {name: getattr(row, name) for name in ("n", "pinball", "coverage_90", "bias")}


def _safe(text: str) -> str:
    """`text` with what MLflow allows in a metric's name."""
    return re.sub(r"[^\w .-]", "_", text)
