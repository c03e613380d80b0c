"""Metrics of a training run by name, for MLflow and the bundle: demand accuracy and lead-time accuracy."""

import re
from typing import Any

import numpy as np
import pandas as pd

from training.evaluation.demand_accuracy import ALL, FIGURES

MOST_SUPPLIERS = 20
"""Suppliers with metrics of their own; thousands of metrics make MLflow crawl. The table holds all."""

_OVERALL = [name for name in FIGURES if name not in {"series", "n", "demand"}]
_OF_GROUPS = [
    "wql", "bias", "coverage_80", "coverage_90", "scaled_pinball", "mase", "rmsse", "median_scaled_pinball",
    "value_added", "win_share",
]  # fmt: skip
_OF_SUPPLIERS = ["wql", "bias", "coverage_90"]  # of cumulative demand: a delivery covers many periods


def demand_metrics(classes: pd.DataFrame, suppliers: pd.DataFrame) -> dict[str, float]:
    """Metrics by name, for MLflow, of the demand forecasts over all steps, from the tables of `score_groups`.

    Those are by demand_class and by supplier_id. Named `demand.FIGURE`, `demand.class.CLASS.FIGURE` and, for the
    suppliers of the most SKUs, `demand.supplier.ID.cumulative_FIGURE`; figures of cumulative demand are
    cumulative_FIGURE. What is not defined is left out, and so are the steps: those are in the table alone.
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
        figures |= _of_row(f"demand.supplier.{_in_metric_name(row['supplier_id'])}", row, _OF_SUPPLIERS)
    return figures


def _of_row(prefix: str, row: dict[Any, Any], figures: list[str]) -> dict[str, float]:
    """Metrics by name of one row of `score_groups`, with cumulative_ before the figures of cumulative demand."""
    cumulative = "cumulative_" if row["sums"] else ""
    return _named(prefix, {f"{cumulative}{name}": row[name] for name in figures})


def _named(prefix: str, figures: dict[str, float]) -> dict[str, float]:
    """Metrics by name, `prefix.FIGURE`, of the figures that are defined."""
    return {f"{prefix}.{name}": float(value) for name, value in figures.items() if np.isfinite(value)}


def lead_time_metrics(suppliers: pd.DataFrame) -> dict[str, float]:
    """Metrics by name, for MLflow, of the lead-time forecasts, from the table of `score_lead_times`.

    Named `lead_time.KIND.FIGURE` and, of new orders, `lead_time.supplier.ID.FIGURE`; the latter for the 20 suppliers
    with the most orders.

    Parameters
    ----------
    suppliers : of `lead_time_accuracy.score_lead_times`
    """
    figures: dict[str, float] = {}
    for row in suppliers[suppliers["supplier_id"] == ""].itertuples():
        figures |= _of_lead_time_row(f"lead_time.{row.kind}", row)
    new = suppliers[(suppliers["kind"] == "new") & (suppliers["supplier_id"] != "")]
    busiest = new.sort_values(["n", "supplier_id"], ascending=[False, True]).head(MOST_SUPPLIERS)
    for row in busiest.itertuples():
        figures |= _of_lead_time_row(f"lead_time.supplier.{_in_metric_name(row.supplier_id)}", row)
    return figures


def _of_lead_time_row(prefix: str, row: Any) -> dict[str, float]:
    """Metrics by name of one row of `score_lead_times`."""
    return _named(prefix, {name: getattr(row, name) for name in ("n", "pinball", "coverage_90", "bias")})


def _in_metric_name(text: str) -> str:
    """Supplier as a part of a metric's name: every character that MLflow does not allow there becomes `_`."""
    return re.sub(r"[^\w .-]", "_", text)
