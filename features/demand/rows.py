"""Demand features as arrays: one row per SKU, origin and step ahead, built the same way to learn and to forecast."""

from dataclasses import dataclass, field
from typing import Any, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from features.demand.covariates import Covariate
from features.demand.groups import category_codes
from features.demand.lifecycle import living
from features.demand.panel import Array, Panel
from features.demand.prefix_sums import PrefixSums
from features.demand.season import positions

Codes = NDArray[np.int64]

LAGS = 8
"""Last periods given one by one."""

STRETCH = 8
"""Steps looked at to describe a sum over more of them."""

DISTINCT = 20
"""Values a static column may have."""

EVENTS = 12
"""Named events given one by one: the most frequent ones."""


@dataclass(frozen=True)
class PreparedPanel:
    """What the features of a panel are looked up from. `t` below counts the periods an origin has seen."""

    panel: Panel
    y: Array
    level: Array
    groups: Codes
    running: dict[str, PrefixSums]
    since_sale: Array
    position: Codes
    months: Codes
    codes: dict[str, Codes] = field(default_factory=dict)
    covariates: dict[str, Covariate] = field(default_factory=dict)


class DemandFeatures:
    """Feature rows for a global model.

    Parameters
    ----------
    season : periods in a season
    h : longest horizon
    """

    def __init__(self, season: int, h: int, alpha: float = 0.06) -> None:
        self.season = season
        self.h = h
        self.alpha = alpha

    def learn(self, panel: Panel) -> Self:
        """Settle which events and categories become features: those of this panel, for good."""
        counts = {name: float(values.sum()) for name, values in panel.events.items()}
        self.events_ = sorted(counts, key=lambda name: (-counts[name], name))[:EVENTS]
        self.vocabulary_ = _vocabulary(panel)
        return self

    def to_json(self) -> dict[str, Any]:
        """What `learn` settled."""
        return {"events": self.events_, "vocabulary": self.vocabulary_}

    def from_json(self, values: dict[str, Any]) -> Self:
        """Read what `to_json` wrote."""
        self.events_, self.vocabulary_ = values["events"], values["vocabulary"]
        return self

    @property
    def windows(self) -> tuple[int, ...]:
        """Lengths of the trailing means."""
        return (2, 4, 8, 13, 26, 52) if self.season != 7 else (3, 7, 14, 28, 56, 112)

    def prepare(self, panel: Panel) -> PreparedPanel:
        """Everything that depends on the panel only."""
        panel = living(panel)
        y = panel.learned
        groups = category_codes(panel)
        level = smoothed_level(y, groups, self.alpha)
        slow = smoothed_level(y, groups, min(self.alpha, 1 / max(self.season, 26)))
        pooled = _pooled(y, slow[:, :-1], groups)
        everyone = _pooled(y, slow[:, :-1], np.zeros_like(groups))
        calendar = np.concatenate([panel.ds, panel.future(self.h)[: self.h]])
        running = {
            "y": PrefixSums.of(y),
            "square": PrefixSums.of(y**2),
            "sold": PrefixSums.of(np.where(np.isnan(y), np.nan, y > 0)),
            "out": PrefixSums.of((~panel.in_stock).astype(float)),
            "group": PrefixSums.of(pooled),
            "all": PrefixSums.of(everyone),
        }
        return PreparedPanel(
            panel, y, level, groups, running, _since_sale(y), positions(calendar, panel.freq, self.season),
            np.asarray(pd.DatetimeIndex(calendar).dayofyear), _static_codes(panel, self.vocabulary_),
            {name: Covariate.of(panel, name, self.windows[4]) for name in panel.covariates},
        )  # fmt: skip

    def rows(self, p: PreparedPanel, i: Codes, t: Codes, k: Codes) -> dict[str, Array]:
        """Features of SKU i, k periods after an origin that saw t periods; name → array (R,)."""
        scale = p.level[i, t]
        result = self._recent(p, i, t, scale)
        result |= self._target(p, i, t, k, scale)
        result |= self._covariates(p, i, t, k)
        return result | _static(p, i)

    def sum_rows(self, p: PreparedPanel, i: Codes, t: Codes, k: Codes) -> dict[str, Array]:
        """Features of the demand of the first k periods together; name → array (R,).

        What tells of the periods ahead is averaged over eight (less for small k) of the steps 1 … k, evenly spread.
        """
        scale = p.level[i, t]
        result = self._recent(p, i, t, scale)
        total: dict[str, Array] = {}
        count: dict[str, Array] = {}
        for part in range(1, STRETCH + 1):
            step = -(-k * part // STRETCH)
            for name, values in (
                self._target(p, i, t, step, scale) | self._covariates(p, i, t, step)
            ).items():
                known = ~np.isnan(values)
                total[name] = total.get(name, 0.0) + np.where(known, values, 0.0)
                count[name] = count.get(name, 0) + known
        result |= {
            name: np.where(count[name] > 0, total[name] / np.maximum(count[name], 1), np.nan)
            for name in total
        }
        return result | {"k": k.astype(float)} | _static(p, i)

    def _recent(self, p: PreparedPanel, i: Codes, t: Codes, scale: Array) -> dict[str, Array]:
        y, sold = p.running["y"], p.running["sold"]
        out = {f"lag_{lag}": y.mean(i, t - lag, t - lag + 1) / scale for lag in range(1, LAGS + 1)}
        for w in self.windows:
            out[f"mean_{w}"] = y.mean(i, t - w, t) / scale
        for w in (self.windows[2], self.windows[4]):
            mean, square = y.mean(i, t - w, t), p.running["square"].mean(i, t - w, t)
            out[f"sd_{w}"] = np.sqrt(np.maximum(square - mean**2, 0)) / scale
            out[f"sold_{w}"] = sold.mean(i, t - w, t)
            out[f"out_{w}"] = p.running["out"].mean(i, t - w, t)
            out[f"group_{w}"] = p.running["group"].mean(p.groups[i], t - w, t)
            out[f"all_{w}"] = p.running["all"].mean(np.zeros_like(i), t - w, t)
        out["out_now"] = p.running["out"].mean(i, t - 1, t)
        out["ever"] = y.mean(i, np.zeros_like(t), t) / scale
        out["level"] = np.log(scale)
        out["since_sale"] = p.since_sale[i, t]
        out["age"] = np.minimum(y.count[i, t], 2.0 * self.season + 52)
        return out

    def _target(self, p: PreparedPanel, i: Codes, t: Codes, k: Codes, scale: Array) -> dict[str, Array]:
        y, season = p.running["y"], self.season
        then = t + k - 1
        out = {"k": k.astype(float), "position": p.position[then].astype(float)}
        if season < 26:
            out["day_of_year"] = p.months[then].astype(float)
        back = season * -(-k // season)
        for years in (1, 2):
            at = then - back - (years - 1) * season
            out[f"season_{years}"] = y.mean(i, at, at + 1) / scale
            out[f"around_{years}"] = y.mean(i, at - 1, at + 2) / scale
        at = then - back
        reach = max(2, self.windows[2])
        out["wide_1"] = y.mean(i, at - 3, at + 4) / scale
        out["growth_1"] = _ratio(y.mean(i, at - 1, at + 2), y.mean(i, at - k - reach + 1, at - k + 1), scale)
        for name, rows in (("group", p.groups[i]), ("all", np.zeros_like(i))):
            pooled = p.running[name]
            here, before = (
                pooled.mean(rows, at - 1, at + 2),
                pooled.mean(rows, at - k - reach + 1, at - k + 1),
            )
            out[f"{name}_season"] = here
            out[f"{name}_then"] = pooled.mean(rows, at, at + 1)
            out[f"{name}_then_2"] = pooled.mean(rows, at - season, at - season + 1)
            out[f"{name}_growth"] = here / np.maximum(before, 0.05)
        if season < 26:
            steps = np.stack([y.mean(i, at - j * season, at - j * season + 1) for j in range(4)])
            known = ~np.isnan(steps)
            out["same_place"] = (
                np.where(known.any(0), np.nan_to_num(steps).sum(0) / np.maximum(known.sum(0), 1), np.nan)
                / scale
            )
        return out

    def _covariates(self, p: PreparedPanel, i: Codes, t: Codes, k: Codes) -> dict[str, Array]:
        out: dict[str, Array] = {}
        then = t + k - 1
        for name, covariate in p.covariates.items():
            out |= {f"{name}_{suffix}": values for suffix, values in covariate.rows(i, t, k).items()}
        for name in [e for e in self.events_ if e in p.panel.events]:
            values, last = p.panel.events[name], p.panel.events[name].shape[1] - 1
            out[f"event_{name}"] = np.where(then <= last, values[i, np.minimum(then, last)], np.nan)
        return out


def smoothed_level(y: Array, groups: Codes, alpha: float, prior: float = 0.3) -> Array:
    """Level of each SKU after its first t periods, (n, T + 1), > 0.

    Exponential smoothing with a plain mean at the start; `prior` periods of the group's mean level are mixed in,
    so that a SKU without a past has one too.
    """
    n, periods = y.shape
    total, weight = np.zeros(n), np.zeros(n)
    result = np.empty((n, periods + 1))
    count = int(groups.max(initial=0)) + 1
    for t in range(periods + 1):
        own = total / np.maximum(weight, 1e-9)
        seen = weight > 0
        everyone = own[seen].mean() if seen.any() else 1.0
        members = np.bincount(groups, seen, count)
        group = (np.bincount(groups, np.where(seen, own, 0), count) + 3 * everyone) / (members + 3)
        result[:, t] = (total + prior * group[groups]) / (weight + prior)
        if t < periods:
            known = ~np.isnan(y[:, t])
            total = np.where(known, total * (1 - alpha) + np.nan_to_num(y[:, t]), total)
            weight = np.where(known, weight * (1 - alpha) + 1, weight)
    return np.asarray(np.maximum(result, 1e-6 + 0.01 * np.median(result)))


def _pooled(y: Array, level: Array, groups: Codes) -> Array:
    """Demand of each group against the level of the SKUs that were known, (G, T)."""
    known = ~np.isnan(y)
    count = int(groups.max(initial=0)) + 1
    top, bottom = np.zeros((count, y.shape[1])), np.zeros((count, y.shape[1]))
    size = np.where(known, level, 0.0)
    weight = 1 / np.sqrt(np.maximum(level, 1e-9))
    np.add.at(top, groups, np.where(known, np.nan_to_num(y), 0.0) * weight)
    np.add.at(bottom, groups, size * weight)
    return np.asarray(np.where(bottom > 0, top / np.maximum(bottom, 1e-12), np.nan))


def _since_sale(y: Array) -> Array:
    """Known periods since the last sale after the first t periods, (n, T + 1)."""
    result = np.zeros((y.shape[0], y.shape[1] + 1))
    for t in range(y.shape[1]):
        zero, sold = y[:, t] == 0, np.nan_to_num(y[:, t]) > 0
        result[:, t + 1] = np.where(sold, 0.0, result[:, t] + zero)
    return result


def _static(p: PreparedPanel, i: Codes) -> dict[str, Array]:
    return {f"static_{name}": codes[i].astype(float) for name, codes in p.codes.items()}


def _texts(panel: Panel, name: str) -> pd.Series:
    return panel.static[name].astype("string").fillna("")


def _vocabulary(panel: Panel) -> dict[str, list[str]]:
    """Values of the text columns that have 2 … 20 of them: more would be learned by heart (measured on VN2)."""
    values = {str(c): sorted(_texts(panel, c).unique()) for c in panel.static.columns if c != "description"}
    return {name: found for name, found in values.items() if 2 <= len(found) <= DISTINCT}


def _static_codes(panel: Panel, vocabulary: dict[str, list[str]]) -> dict[str, Codes]:
    """Code of each SKU's value in the vocabulary, −1 for values not in it."""
    columns = [name for name in vocabulary if name in panel.static]
    return {c: np.asarray(pd.Index(vocabulary[c]).get_indexer(_texts(panel, c)), np.int64) for c in columns}


def _ratio(top: Array, bottom: Array, scale: Array) -> Array:
    return np.asarray((top + 0.1 * scale) / (bottom + 0.1 * scale))
