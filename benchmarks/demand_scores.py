"""Figures of demand forecasts, with utilsforecast: a row a SKU, cutoff and contender, then those of groups of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from utilsforecast.losses import bias, calibration, coverage, mase, mqloss, rmsse, scaled_mqloss

from benchmarks.demand_peers import LEVELS, Quantiles
from features.demand_class import demand_classes, known_demand
from features.panel import Panel
from planning.distributions import Array

SIDES = ("-lo-90", "-lo-80", "-lo-50", "-median", "-hi-50", "-hi-80", "-hi-90")
"""Endings of the columns of the seven quantiles: utilsforecast finds intervals by such names."""

LEAST = 30
"""Rows that a class must have for figures of its own."""


@dataclass(frozen=True)
class Round:
    """What all contenders said at one cutoff, and what came.

    Attributes
    ----------
    before : the panel at the cutoff
    actual : array (n, h), NaN where censored, missing or unknown
    said : contender → forecasts
    """

    before: Panel
    actual: Array
    said: Mapping[str, Quantiles]

    def scores(self) -> pd.DataFrame:
        """The columns of `_score`, and kind (period, sum), step (0: all), cutoff, demand_class."""
        tables = []
        train = _long(known_demand(self.before)).rename(columns={"k": "ds"})
        for kind, frame in (("period", self._frame(sums=False)), ("sum", self._frame(sums=True))):
            for step in range(self.actual.shape[1] + 1):
                rows = frame[frame["ds"] == step] if step else frame
                if len(rows):
                    tables.append(_score(rows, train, list(self.said)).assign(kind=kind, step=step))
        table = pd.concat(tables, ignore_index=True)
        classes = demand_classes(self.before)[table["unique_id"].to_numpy()]
        return table.assign(cutoff=str(self.before.cutoff.date()), demand_class=classes)

    def _frame(self, *, sums: bool) -> pd.DataFrame:
        """Known outcomes with all forecasts beside: unique_id (row number), ds (step), y and a column a forecast."""
        outcome = np.cumsum(self.actual, axis=1) if sums else self.actual
        rows = _long(outcome).rename(columns={"k": "ds"})
        at = rows["unique_id"].to_numpy(), rows["ds"].to_numpy()
        columns: dict[str, Array] = {}
        for name, said in self.said.items():
            columns[name] = (np.cumsum(said.mean, axis=1) if sums else said.mean)[at]
            values = (said.cumulative if sums else said.period)[at]
            columns |= {f"{name}{side}": values[:, q] for q, side in enumerate(SIDES)}
        return pd.concat([rows.assign(ds=rows["ds"] + 1), pd.DataFrame(columns)], axis=1)


def _long(y: Array) -> pd.DataFrame:
    """Known values of (n, T) as rows: unique_id, k, y."""
    i, k = np.nonzero(~np.isnan(y))
    return pd.DataFrame({"unique_id": i, "k": k, "y": y[i, k]})


def _score(rows: pd.DataFrame, train: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    """A row a SKU and contender.

    n and demand: scored periods and their sum. sql: pinball loss over the levels, in units of the naive forecast's
    mean error before the cutoff; pinball without that unit; mase, rmsse, bias (forecast − demand, units a period) of
    the mean; cover80, cover90, and below_LEVEL, the share of demand at or below each quantile.
    """
    quantiles = {name: [f"{name}{side}" for side in SIDES] for name in names}
    losses = {
        "pinball": mqloss(rows, quantiles, quantiles=LEVELS),
        "sql": scaled_mqloss(rows, quantiles, seasonality=1, quantiles=LEVELS, train_df=train),
        "mase": mase(rows, names, seasonality=1, train_df=train),
        "rmsse": rmsse(rows, names, seasonality=1, train_df=train),
        "bias": bias(rows, names),
        "cover80": coverage(rows, names, level=80),
        "cover90": coverage(rows, names, level=90),
    }
    for level, side in zip(LEVELS, SIDES, strict=True):
        losses[f"below_{level}"] = calibration(rows, {name: f"{name}{side}" for name in names})
    columns = {
        figure: frame.set_index("unique_id")[names].astype(float).stack(future_stack=True)
        for figure, frame in losses.items()
    }
    table = pd.DataFrame(columns).rename_axis(["unique_id", "contender"]).replace([np.inf, -np.inf], np.nan)
    sums = rows.groupby("unique_id")["y"].agg(n="size", demand="sum")
    return table.reset_index().merge(sums.reset_index(), on="unique_id")


def figures(rows: pd.DataFrame) -> dict[str, float]:
    """Figures of some rows of one contender.

    sql, mase, rmsse: means over SKUs and cutoffs that have a unit, sql_median likewise; wql: 2 Σ pinball / Σ demand;
    bias: Σ (forecast − demand) / Σ demand; coverage: over all periods.
    """
    n, demand = rows["n"], rows["demand"].sum()
    result = {
        "rows": float(rows["sql"].notna().sum()),
        "sql": rows["sql"].mean(),
        "sql_median": rows["sql"].median(),
        "wql": 2 * (n * rows["pinball"]).sum() / demand if demand > 0 else np.nan,
        "mase": rows["mase"].mean(),
        "rmsse": rows["rmsse"].mean(),
        "bias": (n * rows["bias"]).sum() / demand if demand > 0 else np.nan,
    }
    shares = [name for name in rows.columns if name.startswith(("cover", "below"))]
    return result | {name: (n * rows[name]).sum() / n.sum() for name in shares}


def win_share(scores: pd.DataFrame, ours: str, peer: str) -> float:
    """Share of SKUs and cutoffs in which `ours` has the smaller sql; ties count half."""
    wide = scores.pivot(index=["unique_id", "cutoff"], columns="contender", values="sql").dropna()
    return float(((wide[ours] < wide[peer]) + 0.5 * (wide[ours] == wide[peer])).mean())


def summary(scores: pd.DataFrame) -> list[dict[str, Any]]:
    """Figures of each contender for periods and running sums: overall, by class, by step ahead, by cutoff."""
    result = []
    for (kind, contender), own in scores.groupby(["kind", "contender"], sort=False):
        whole = own[own["step"] == 0]
        groups = [("all", whole)]
        classes = whole.groupby("demand_class")
        groups += [(f"class {name}", rows) for name, rows in classes if rows["sql"].notna().sum() >= LEAST]
        groups += [(f"step {step}", rows) for step, rows in own[own["step"] > 0].groupby("step")]
        groups += [(f"cutoff {name}", rows) for name, rows in whole.groupby("cutoff")]
        result += [
            {"kind": kind, "group": group, "contender": contender, **figures(rows)} for group, rows in groups
        ]
    return result
