"""Scores of demand forecasts, with utilsforecast: a row a SKU, cutoff and contender, then means of groups of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from utilsforecast.losses import bias, calibration, coverage, mae, mqloss, mse

from benchmarks.demand.data_sets import CUTOFFS_BACK, horizon_of, scored_demand
from benchmarks.demand.peers import LEVELS, LaterPeer, Peer, QuantileForecast, forecast_in_turn
from distributions.distribution import Array
from features.demand.demand_class import demand_classes
from features.demand.panel import Panel

SIDES = ("-lo-90", "-lo-80", "-lo-50", "-median", "-hi-50", "-hi-80", "-hi-90")
"""Endings of the columns of the seven quantiles: utilsforecast finds intervals by such names."""

EVEN = (80, 90)
"""Central intervals, percent."""

LEAST = 30
"""Rows that a demand class must have for scores of its own."""


@dataclass(frozen=True)
class CutoffForecasts:
    """The demand forecasts of all contenders from one cutoff, and the demand that came.

    Attributes
    ----------
    before : the panel at the cutoff
    actual : array (n, h), NaN where nobody knows it (`benchmarks.demand.data_sets.scored_demand`)
    forecasts : contender → forecasts
    """

    before: Panel
    actual: Array
    forecasts: Mapping[str, QuantileForecast]

    def scores(self) -> pd.DataFrame:
        """A row of scores a SKU, contender, kind (period, sum) and step ahead (0: all), with cutoff and demand_class.

        n and demand: scored periods and their sum. sql: pinball loss over the levels, in units of the naive
        forecast's mean error before the cutoff; pinball without that unit; mase, rmsse, bias (forecast − demand,
        units a period) of the mean; cover80, cover90, and below_LEVEL, the share of demand at or below each quantile;
        even80, even90: coverage with the ties at an interval's ends split (`tie_split_coverage`).
        """
        unit, square = _naive_errors(self.before.known_demand)
        tables = []
        for kind, frame in (("period", self._frame(sums=False)), ("sum", self._frame(sums=True))):
            if len(frame):
                steps = _losses(frame, list(self.forecasts))
                whole = steps.groupby(["unique_id", "contender"], sort=False).mean().reset_index()
                sums = steps.groupby(["unique_id", "contender"], sort=False)["demand"].agg(["size", "sum"])
                whole = whole.assign(step=0, n=sums["size"].to_numpy(), demand=sums["sum"].to_numpy())
                tables.append(pd.concat([whole, steps.assign(n=1)]).assign(kind=kind))
        table = pd.concat(tables, ignore_index=True)
        row = table["unique_id"].to_numpy()
        return table.drop(columns=["mae", "mse"]).assign(
            sql=table["pinball"] / unit[row],
            mase=table["mae"] / unit[row],
            rmsse=np.sqrt(table["mse"] / square[row]),
            cutoff=str(self.before.cutoff.date()),
            demand_class=demand_classes(self.before)[row],
        )

    def _frame(self, *, sums: bool) -> pd.DataFrame:
        """Known demand with all forecasts beside it: unique_id (row number), ds (step), y and a column a forecast."""
        outcome = np.cumsum(self.actual, axis=1) if sums else self.actual
        rows = _long(outcome)
        at = rows["unique_id"].to_numpy(), rows["ds"].to_numpy()
        columns: dict[str, Array] = {}
        for name, forecast in self.forecasts.items():
            columns[name] = (np.cumsum(forecast.mean, axis=1) if sums else forecast.mean)[at]
            values = (forecast.cumulative if sums else forecast.period)[at]
            columns_of_levels = np.searchsorted(forecast.levels, LEVELS)
            columns |= {
                f"{name}{side}": values[:, q] for q, side in zip(columns_of_levels, SIDES, strict=True)
            }
            for width in EVEN:
                columns[f"{name}-even{width}"] = tie_split_coverage(
                    forecast.levels, values, rows["y"].to_numpy(), width / 100
                )
        return pd.concat([rows.assign(ds=rows["ds"] + 1), pd.DataFrame(columns)], axis=1)


def tie_split_coverage(levels: Array, quantiles: Array, y: Array, width: float) -> Array:
    """Score a contender of the benchmark by coverage (R,) of its central interval, with the ties at its ends split.

    The share of the probability that a forecast puts around y that lies in the interval. A forecast in whole units
    has much of its probability on one number, and an interval that ends on it covers all of that or nothing: where
    .6 is on 0, no interval covers 80 %. y with F(y−) = a and F(y) = b counts as spread evenly over (a, b), which
    averages `width` for a forecast that is right (Czado, Gneiting & Held, 2009).

    Parameters
    ----------
    levels, quantiles : arrays (Q,), (R, Q); a and b are known as closely as the levels lie
    """
    edges = np.concatenate([[0.0], levels, [1.0]])
    below = edges[(quantiles < y[:, None]).sum(axis=1)]
    upto = edges[(quantiles <= y[:, None]).sum(axis=1) + 1]
    inside = np.minimum(upto, (1 + width) / 2) - np.maximum(below, (1 - width) / 2)
    return np.asarray(np.maximum(inside, 0.0) / (upto - below))


def _long(y: Array) -> pd.DataFrame:
    """Known demand (n, T) to score, as rows: unique_id, ds (from 0), y."""
    i, k = np.nonzero(~np.isnan(y))
    return pd.DataFrame({"unique_id": i, "ds": k, "y": y[i, k]})


def _naive_errors(y: Array) -> tuple[Array, Array]:
    """Units of the benchmark's scores: mean absolute and squared change of known periods, (n,) each; NaN where none."""
    train = _long(y)
    train = train.assign(naive=train.groupby("unique_id")["y"].shift()).dropna()
    result = []
    for loss in (mae, mse):
        own = loss(train, ["naive"]).set_index("unique_id")["naive"].reindex(np.arange(len(y)))
        result.append(own.where(own > 0).to_numpy())
    return result[0], result[1]


def _losses(frame: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    """Scores of each row and contender of the benchmark, losses and coverage: one call, each row its own series."""
    rows = frame.assign(unique_id=np.arange(len(frame)))
    quantiles = {name: [f"{name}{side}" for side in SIDES] for name in names}
    losses = {
        "pinball": mqloss(rows, quantiles, quantiles=LEVELS),
        "mae": mae(rows, names),
        "mse": mse(rows, names),
        "bias": bias(rows, names),
        "cover80": coverage(rows, names, level=80),
        "cover90": coverage(rows, names, level=90),
    }
    for width in EVEN:
        losses[f"even{width}"] = rows[["unique_id"]].assign(**{n: rows[f"{n}-even{width}"] for n in names})
    for level, side in zip(LEVELS, SIDES, strict=True):
        losses[f"below_{level}"] = calibration(rows, {name: f"{name}{side}" for name in names})
    at = np.repeat(np.arange(len(frame)), len(names))
    known = frame.iloc[at][["unique_id", "ds", "y"]].rename(columns={"ds": "step", "y": "demand"})
    values = {
        figure: table.sort_values("unique_id")[names].to_numpy(float).ravel()
        for figure, table in losses.items()
    }
    return known.assign(contender=names * len(frame), **values).reset_index(drop=True)


def mean_scores(rows: pd.DataFrame) -> dict[str, float]:
    """Mean scores over some rows of one contender.

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
    shares = [name for name in rows.columns if name.startswith(("cover", "below", "even"))]
    return result | {name: (n * rows[name]).sum() / n.sum() for name in shares}


def scores_by_group(scores: pd.DataFrame) -> list[dict[str, Any]]:
    """Mean scores of each contender by group, of periods and running sums: all, by class, step ahead and cutoff."""
    result = []
    for (kind, contender), own in scores.groupby(["kind", "contender"], sort=False):
        whole = own[own["step"] == 0]
        groups = [("all", whole)]
        classes = whole.groupby("demand_class")
        groups += [(f"class {name}", rows) for name, rows in classes if rows["sql"].notna().sum() >= LEAST]
        groups += [(f"step {step}", rows) for step, rows in own[own["step"] > 0].groupby("step")]
        groups += [(f"cutoff {name}", rows) for name, rows in whole.groupby("cutoff")]
        result += [
            {"kind": kind, "group": group, "contender": contender, **mean_scores(rows)}
            for group, rows in groups
        ]
    return result


def win_share(scores: pd.DataFrame, ours: str, peer: str) -> float:
    """Share of demand scores won against a peer: SKUs and cutoffs where `ours` has the smaller sql; ties count half."""
    wide = scores.pivot(index=["unique_id", "cutoff"], columns="contender", values="sql").dropna()
    return float(((wide[ours] < wide[peer]) + 0.5 * (wide[ours] == wide[peer])).mean())


def score_contenders(
    name: str, panel: Panel, contenders: Mapping[str, Peer | LaterPeer], *, truth: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Score every contender's demand forecasts at every cutoff; how long each took goes to standard error.

    Parameters
    ----------
    truth : what customers wanted, sold or not (unique_id, ds, y), where that is known; the forecasts do not see it
    """
    tables, demand, h = [], scored_demand(panel, truth), horizon_of(name)
    for back in CUTOFFS_BACK[name]:
        before = panel.until(panel.periods - back)
        forecasts, _ = forecast_in_turn(before, h, contenders)
        actual = demand[:, before.periods :][:, :h]
        tables.append(CutoffForecasts(before, actual, forecasts).scores())
    return pd.concat(tables, ignore_index=True)
