"""Accuracy of the backtest's demand forecasts, of periods and of cumulative demand, by SKU, class, supplier and step.

Cells come first, one per SKU and step ahead; every figure of a group is a mean over its SKUs or periods.
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from utilsforecast.losses import bias, coverage, mae, mse

from distributions.pinball import pinball_loss
from features.demand.panel import Array
from training.evaluation.backtest_frames import QUANTILES, DemandFrames

ALL = ""
"""Class or supplier under which the figures of all of them stand; step 0 stands for all steps."""

_CHUNK = 200_000
"""Rows of a frame whose pinball loss is computed at a time: bounds memory."""

_MEANS = ["pinball", "mae", "mse", "bias", "coverage_80", "coverage_90", *QUANTILES]
_SCALED = ["scaled_pinball", "mase", "msse"]

FIGURES = [
    "series", "n", "demand", "wql", "bias", "coverage_80", "coverage_90", "scaled_pinball", "mase", "rmsse",
    "median_scaled_pinball", "median_mase", "median_rmsse", "value_added", "win_share",
]  # fmt: skip
"""Figures of a group.

series, n, demand: SKUs, scored outcomes and their sum. wql: weighted quantile loss 2 Σ pinball / Σ demand. bias:
Σ (forecast − demand) / Σ demand. scaled_pinball, mase, rmsse: mean over SKUs in units of the naive forecast's error
before the first cutoff, per period (errors of cumulative demand are divided by the number of periods);
median_…: their medians. value_added: share of the seasonal naive's pinball loss that is saved; win_share: share of
SKUs on which it is beaten, ties count half.
"""


def score_series_steps(frames: DemandFrames, history: pd.DataFrame) -> pd.DataFrame:
    """Demand accuracy per sums (bool), unique_id and step k: n, demand, naive, own and means of losses and coverage.

    Parameters
    ----------
    frames : with the column naive
    history : unique_id, ds, y before the first cutoff, sorted; errors are scaled by its naive errors
    """
    scale = _naive_errors(history)
    tables = [
        _accuracy_cells(frame, scale).assign(sums=sums)
        for sums, frame in ((False, frames.period), (True, frames.cumulative))
    ]
    cells = pd.concat(tables, ignore_index=True)
    unit = cells.pop("unit") * np.where(cells["sums"], cells["k"], 1)
    square = cells.pop("unit_square") * np.where(cells["sums"], cells["k"], 1) ** 2
    scaled = {
        "scaled_pinball": cells["pinball"] / unit,
        "mase": cells["mae"] / unit,
        "msse": cells["mse"] / square,
    }
    return cells.assign(**scaled)


def _accuracy_cells(frame: pd.DataFrame, scale: pd.DataFrame) -> pd.DataFrame:
    """Unscaled accuracy of one backtest frame per SKU and step, and the SKU's naive errors as unit and unit_square."""
    rows = frame.dropna(subset=["y", "mean"])
    code, ids = pd.factorize(rows["unique_id"], sort=True)
    steps = int(rows["k"].max()) if len(rows) else 1
    cell, number = np.unique(code * steps + rows["k"].to_numpy() - 1, return_inverse=True)
    table = pd.DataFrame({"unique_id": ids[cell // steps], "k": cell % steps + 1})
    last = frame.groupby("unique_id")["demand_class"].last()
    table["demand_class"] = last.reindex(table["unique_id"]).to_numpy(object)
    table["n"] = np.bincount(number, minlength=len(cell)).astype(float)
    y, naive, own = rows["y"].to_numpy(float), rows["naive"].to_numpy(float), _row_pinball(rows)
    compared = np.isfinite(naive)
    summed = {
        "demand": y, "compared": compared, "naive": np.where(compared, naive, 0.0), "own": np.where(compared, own, 0.0),
    }  # fmt: skip
    for name, values in summed.items():
        table[name] = _sums(number, values, len(cell))
    losses = _mean_losses(rows, number)
    shares = {name: _sums(number, rows[name].to_numpy() >= y, len(cell)) / table["n"] for name in QUANTILES}
    units = scale.reindex(table["unique_id"]).reset_index(drop=True)
    pinball = pd.DataFrame({"pinball": _sums(number, own, len(cell)) / table["n"]})
    return pd.concat([table, pinball, losses, pd.DataFrame(shares), units], axis=1)


def _row_pinball(frame: pd.DataFrame) -> Array:
    """Pinball loss of each backtest row's quantiles, mean over levels, in units of demand."""
    result = np.empty(len(frame))
    for start in range(0, len(frame), _CHUNK):
        rows = frame.iloc[start : start + _CHUNK]
        result[start : start + _CHUNK] = pinball_loss(
            rows["y"].to_numpy(float), rows[QUANTILES].to_numpy(float)
        )
    return result


def _sums(number: NDArray[np.intp], values: NDArray[np.generic], cells: int) -> Array:
    """Sum of the backtest rows' values in each accuracy cell, by the cell's number."""
    return np.asarray(np.bincount(number, np.asarray(values, float), minlength=cells), float)


def _mean_losses(rows: pd.DataFrame, number: NDArray[np.intp]) -> pd.DataFrame:
    """MAE, MSE, bias and coverage of each cell of backtest rows, in the order of the cells' numbers."""
    bounds = {"mean-lo-90": "q0.05", "mean-hi-90": "q0.95", "mean-lo-80": "q0.10", "mean-hi-80": "q0.90"}
    scored = rows[["y", "mean"]].assign(unique_id=number, **{to: rows[name] for to, name in bounds.items()})
    parts = {"mae": mae(scored, ["mean"]), "mse": mse(scored, ["mean"]), "bias": bias(scored, ["mean"])}
    for level in (80, 90):
        parts[f"coverage_{level}"] = coverage(scored, ["mean"], level=level)
    values = {name: part.sort_values("unique_id")["mean"].to_numpy(float) for name, part in parts.items()}
    return pd.DataFrame(values)


def _naive_errors(history: pd.DataFrame) -> pd.DataFrame:
    """Naive errors that scale demand accuracy, by SKU: mean absolute, unit, and squared, unit_square; NaN where 0."""
    known = history.dropna(subset="y")
    rows = known.assign(naive=known.groupby("unique_id")["y"].shift(1)).dropna(subset="naive")
    parts = {"unit": mae(rows, ["naive"]), "unit_square": mse(rows, ["naive"])}
    table = pd.DataFrame(
        {name: part.set_index("unique_id")["naive"].astype(float) for name, part in parts.items()}
    )
    return table.where(table > 0)


def score_series(cells: pd.DataFrame) -> pd.DataFrame:
    """Demand accuracy per sums (bool) and SKU: the cells of `score_series_steps` over all steps, as k = 0."""
    totals = ["n", "demand", "compared", "naive", "own"]
    weighted = cells[[*_MEANS, *_SCALED]].mul(cells["n"], axis=0)
    keyed = pd.concat([cells[["sums", "unique_id", "demand_class", *totals]], weighted], axis=1)
    groups = keyed.groupby(["sums", "unique_id", "demand_class"], sort=True)
    table = groups[totals].sum()
    # a SKU without a scale has no scaled figure: its sum must not become zero
    means = groups[[*_MEANS, *_SCALED]].sum(min_count=1).div(table["n"], axis=0)
    return pd.concat([table, means], axis=1).reset_index().assign(k=0)


def score_groups(rows: pd.DataFrame, by: str = "demand_class") -> pd.DataFrame:
    """Demand accuracy per sums, group (ALL: all of them) and step k: `FIGURES` and the share at or below each quantile.

    Parameters
    ----------
    rows : of `score_series_steps`, of `score_series`, or both stacked
    by : column of the groups: demand_class or supplier_id
    """
    both = pd.concat([rows.assign(**{by: ALL}), rows], ignore_index=True)
    keys = [both["sums"], both[by], both["k"]]
    groups, n = both.groupby(keys, sort=True), both["n"]
    weighted = both[["n", "demand", "naive", "own"]].assign(
        loss=n * both["pinball"],
        error=n * both["bias"],
        **{name: n * both[name] for name in ("coverage_80", "coverage_90", *QUANTILES)},
    )
    total = weighted.groupby(keys, sort=True).sum()
    rmsse = np.sqrt(both["msse"])
    scaled = both[["scaled_pinball", "mase"]].assign(rmsse=rmsse).groupby(keys, sort=True)
    compared = both["compared"] > 0
    won = np.where(compared, (both["own"] < both["naive"]) + 0.5 * (both["own"] == both["naive"]), np.nan)
    table = pd.DataFrame({"series": groups.size().astype(float), "n": total["n"], "demand": total["demand"]})
    demand, outcomes = total["demand"].where(total["demand"] > 0), total["n"]
    table["wql"], table["bias"] = 2 * total["loss"] / demand, total["error"] / demand
    for name in ("coverage_80", "coverage_90", *QUANTILES):
        table[name] = total[name] / outcomes
    table = table.join(scaled.mean()).join(scaled.median().add_prefix("median_"))
    table["value_added"] = 1 - total["own"] / total["naive"].where(total["naive"] > 0)
    table["win_share"] = pd.Series(won).groupby(keys, sort=True).mean()
    return table.reset_index()[["sums", by, "k", *FIGURES, *QUANTILES]]


def per_series_table(series: pd.DataFrame) -> pd.DataFrame:
    """Per-series accuracy table: one row per SKU, the figures of periods, and of cumulative demand as cumulative_….

    Parameters
    ----------
    series : of `score_series`
    """
    table = series.assign(rmsse=np.sqrt(series["msse"]), value_added=1 - series["own"] / series["naive"])
    table = table.replace([np.inf, -np.inf], np.nan)
    columns = [
        "n", "demand", "pinball", "scaled_pinball", "mase", "rmsse", "bias", "coverage_80", "coverage_90",
        "value_added",
    ]  # fmt: skip
    keys = ["unique_id", "demand_class"]
    periods, sums = (table[table["sums"] == sums].set_index("unique_id") for sums in (False, True))
    joined = periods[["demand_class", *columns]].join(sums[columns].add_prefix("cumulative_"))
    return joined.reset_index()[[*keys, *joined.columns.drop("demand_class")]]
