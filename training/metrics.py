"""How good the forecasts were: per series, per class, per supplier and in all.

Every demand figure of a group is a weighted mean of its series' figures, so one table per series holds all.
"""

import re
from typing import Any

import numpy as np
import pandas as pd
from utilsforecast.losses import bias, coverage, mase, mqloss, rmsse, scaled_mqloss

from planning.distributions import BACKTEST_LEVELS
from training.frames import QUANTILES, DemandFrames

PER_SERIES = [
    "unique_id", "demand_class", "n", "demand", "pinball", "scaled_pinball", "mase", "rmsse", "bias",
    "coverage_90", "cumulative_n", "cumulative_demand", "cumulative_pinball", "cumulative_bias",
    "cumulative_coverage_90",
]  # fmt: skip

MOST_SUPPLIERS = 20
"""Suppliers with metrics of their own; thousands of metrics make MLflow crawl. The table holds all."""


def score_series(frames: DemandFrames, history: pd.DataFrame) -> pd.DataFrame:
    """One row per SKU with the columns `PER_SERIES`, over all its scored periods.

    n and demand: scored periods and their sum. pinball: mean over levels and periods. scaled_pinball, mase, rmsse:
    in units of the naive forecast's error in `history`, NaN where that is zero. bias: mean of forecast − demand,
    units per period. coverage_90: share of periods between q0.05 and q0.95. cumulative_…: of the running sums.

    Parameters
    ----------
    history : unique_id, ds, y of the periods before the first cutoff, sorted
    """
    period = frames.period.dropna(subset=["y", "mean"])
    summed = frames.cumulative.dropna(subset=["y", "mean"])
    if not len(period):
        return pd.DataFrame({name: pd.Series(dtype=float) for name in PER_SERIES})
    last_class = frames.period.groupby("unique_id")["demand_class"].last()
    table = pd.concat(
        [last_class, _plain(period), _scaled(period, history), _plain(summed).add_prefix("cumulative_")],
        axis=1,
    )
    table = table[table["n"] > 0].reset_index(names="unique_id")
    return table[PER_SERIES]


def _plain(rows: pd.DataFrame) -> pd.DataFrame:
    """The figures that need no history, by SKU."""
    scored = rows.drop(columns="cutoff")  # else the losses would be kept apart by cutoff
    bounded = scored.rename(columns={"q0.05": "mean-lo-90", "q0.95": "mean-hi-90"})
    groups = scored.groupby("unique_id")["y"]
    return pd.DataFrame(
        {
            "n": groups.size(),
            "demand": groups.sum(),
            "pinball": _column(mqloss(scored, {"mean": QUANTILES}, quantiles=BACKTEST_LEVELS)),
            "bias": _column(bias(scored, ["mean"])),
            "coverage_90": _column(coverage(bounded, ["mean"], level=90)),
        }
    )


def _scaled(rows: pd.DataFrame, history: pd.DataFrame) -> pd.DataFrame:
    """The figures in units of the naive forecast's error, by SKU; NaN where it never erred."""
    scored = rows.drop(columns="cutoff")
    known = history.dropna(subset="y")
    quantiles = scaled_mqloss(
        scored, {"mean": QUANTILES}, seasonality=1, quantiles=BACKTEST_LEVELS, train_df=known
    )
    table = pd.DataFrame(
        {
            "scaled_pinball": _column(quantiles),
            "mase": _column(mase(scored, ["mean"], seasonality=1, train_df=known)),
            "rmsse": _column(rmsse(scored, ["mean"], seasonality=1, train_df=known)),
        }
    )
    return table.replace([np.inf, -np.inf], np.nan)


def _column(losses: pd.DataFrame) -> pd.Series:
    return losses.set_index("unique_id")["mean"].astype(float)


def demand_metrics(series: pd.DataFrame) -> dict[str, float]:
    """Figures of all SKUs and of each demand class, from the table of `score_series`.

    Named `demand.FIGURE` and `demand.class.CLASS.FIGURE`. wql: the weighted quantile loss 2 Σ pinball / Σ demand over
    all periods; bias: Σ (forecast − demand) / Σ demand; coverage_90: over all periods; the same of the running sums as
    cumulative_…; scaled_pinball, mase, rmsse: plain means over SKUs. A figure that is not defined is left out.
    """
    figures = _named("demand", _figures(series))
    for demand_class, rows in series.groupby("demand_class", sort=True):
        figures |= _named(f"demand.class.{demand_class}", _figures(rows))
    return figures


def _figures(rows: pd.DataFrame) -> dict[str, float]:
    figures = {"series": float(len(rows)), "periods": float(rows["n"].sum())}
    for sums in ("", "cumulative_"):
        n, demand = rows[f"{sums}n"], rows[f"{sums}demand"].sum()
        figures[f"{sums}wql"] = _ratio(2 * (n * rows[f"{sums}pinball"]).sum(), demand)
        figures[f"{sums}bias"] = _ratio((n * rows[f"{sums}bias"]).sum(), demand)
        figures[f"{sums}coverage_90"] = _ratio((n * rows[f"{sums}coverage_90"]).sum(), n.sum())
    for name in ("scaled_pinball", "mase", "rmsse"):
        figures[name] = float(rows[name].mean())
    return figures


def _ratio(top: float, bottom: float) -> float:
    return float(top / bottom) if bottom > 0 else np.nan


def _named(prefix: str, figures: dict[str, float]) -> dict[str, float]:
    return {f"{prefix}.{name}": float(value) for name, value in figures.items() if np.isfinite(value)}


def coverage_table(frames: DemandFrames) -> pd.DataFrame:
    """How often demand stayed at or below each quantile: sums, demand_class, k, n, q0.05 … q0.95 (shares).

    A calibrated forecast has 0.05 under q0.05 and so on, in every class and at every step k.
    """
    tables = []
    for sums, frame in ((False, frames.period), (True, frames.cumulative)):
        rows = frame.dropna(subset=["y", "mean"])
        below = rows[QUANTILES].ge(rows["y"], axis=0).assign(demand_class=rows["demand_class"], k=rows["k"])
        groups = below.groupby(["demand_class", "k"])
        tables.append(groups[QUANTILES].mean().assign(n=groups.size(), sums=sums).reset_index())
    return pd.concat(tables, ignore_index=True)[["sums", "demand_class", "k", "n", *QUANTILES]]


def score_suppliers(lead_times: pd.DataFrame) -> pd.DataFrame:
    """One row per kind (new, open) and supplier_id ("" for all): n, pinball, coverage_90, bias, actual.

    pinball: mean over levels and orders, days; bias: mean of forecast − lead time, days; actual: mean lead time, days.
    Orders that have not arrived are left out.
    """
    rows = lead_times.dropna(subset=["lead_time"])
    y = rows["lead_time"].to_numpy()[:, None]
    gap = y - rows[QUANTILES].to_numpy()
    scored = pd.DataFrame(
        {
            "kind": rows["kind"],
            "supplier_id": rows["supplier_id"],
            "pinball": np.maximum(BACKTEST_LEVELS * gap, (BACKTEST_LEVELS - 1) * gap).mean(axis=1),
            "coverage_90": (gap[:, 0] >= 0) & (gap[:, -1] <= 0),
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
