"""Demand features: rows for a global model, one per SKU, origin and step ahead, the same to learn and to forecast."""

from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from features.demand.feature_rows.covariate_features import covariate_feature, plain_covariate_feature
from features.demand.feature_rows.history_features import history_features
from features.demand.feature_rows.prepared_panel import FeatureSettings, PreparedPanel
from features.demand.feature_rows.season_features import season_features
from features.demand.feature_rows.static_features import static_vocabulary
from features.demand.panel import Array, Panel

Codes = NDArray[np.int64]

SUM_STEPS = 8
"""Steps looked at to describe a sum over more of them."""

EVENTS = 12
"""Named events given one by one: the most frequent ones."""


class DemandFeatures:
    """Feature rows for a global demand model.

    Parameters
    ----------
    season : periods in a season
    h : longest horizon
    alpha : weight of the newest period in the smoothed level that demand is scaled by
    """

    def __init__(self, season: int, h: int, alpha: float = 0.06) -> None:
        self.season = season
        self.h = h
        self.alpha = alpha

    def learn(self, panel: Panel) -> Self:
        """Settle which events and static values become features: those of this panel, for good."""
        counts = {name: float(values.sum()) for name, values in panel.events.items()}
        self.events_ = sorted(counts, key=lambda name: (-counts[name], name))[:EVENTS]
        self.vocabulary_ = static_vocabulary(panel)
        self.plain_names_ = False
        return self

    def to_json(self) -> dict[str, Any]:
        """Names of the event features and the vocabulary of static features that `learn` settled."""
        return {"events": self.events_, "vocabulary": self.vocabulary_, "plain_names": self.plain_names_}

    def from_json(self, values: dict[str, Any]) -> Self:
        """Read the event features and the vocabulary that `to_json` wrote."""
        self.events_, self.vocabulary_ = values["events"], values["vocabulary"]
        self.plain_names_ = values.get("plain_names", True)  # bundles from before do not say
        return self

    @property
    def windows(self) -> tuple[int, ...]:
        """Lengths of the trailing means that are features, in periods."""
        return (2, 4, 8, 13, 26, 52) if self.season != 7 else (3, 7, 14, 28, 56, 112)

    def prepare(self, panel: Panel) -> PreparedPanel:
        """Everything about a panel's feature rows that depends on the panel only."""
        settings = FeatureSettings(self.season, self.h, self.alpha, self.windows, self.vocabulary_)
        return PreparedPanel.of(panel, settings)

    def rows(self, p: PreparedPanel, i: Codes, t: Codes, k: Codes) -> dict[str, Array]:
        """Feature rows of SKU i, k periods after an origin that saw t periods; name → array (R,)."""
        return self._history(p, i, t) | self._ahead(p, i, t, k) | _static(p, i)

    def sum_rows(self, p: PreparedPanel, i: Codes, t: Codes, k: Codes) -> dict[str, Array]:
        """Feature rows of the demand of the first k periods together; name → array (R,).

        Features of the periods ahead are averaged over eight (less for small k) of the steps 1 … k, evenly spread.
        """
        total: dict[str, Array] = {}
        count: dict[str, Array] = {}
        for part in range(1, SUM_STEPS + 1):
            step = -(-k * part // SUM_STEPS)
            for name, values in self._ahead(p, i, t, step).items():
                known = ~np.isnan(values)
                total[name] = total.get(name, 0.0) + np.where(known, values, 0.0)
                count[name] = count.get(name, 0) + known
        means = {
            name: np.where(count[name] > 0, total[name] / np.maximum(count[name], 1), np.nan)
            for name in total
        }
        return self._history(p, i, t) | means | {"k": k.astype(float)} | _static(p, i)

    def _history(self, p: PreparedPanel, i: Codes, t: Codes) -> dict[str, Array]:
        return history_features(p, i, t, windows=self.windows, season=self.season)

    def _ahead(self, p: PreparedPanel, i: Codes, t: Codes, k: Codes) -> dict[str, Array]:
        """Features of the period k steps ahead: its season, covariates and events."""
        reach = max(2, self.windows[2])
        out = season_features(p, i, t, k, season=self.season, reach=reach)
        named = plain_covariate_feature if self.plain_names_ else covariate_feature
        for name, covariate in p.covariates.items():
            out |= {named(name, suffix): values for suffix, values in covariate.rows(i, t, k).items()}
        return out | self._events(p, i, t + k - 1)

    def _events(self, p: PreparedPanel, i: Codes, then: Codes) -> dict[str, Array]:
        """Whether each named event touches SKU i in period `then`: 0/1 (R,), NaN past the calendar."""
        out: dict[str, Array] = {}
        for name in [e for e in self.events_ if e in p.panel.events]:
            values, last = p.panel.events[name], p.panel.events[name].shape[1] - 1
            out[f"event_{name}"] = np.where(then <= last, values[i, np.minimum(then, last)], np.nan)
        return out


def _static(p: PreparedPanel, i: Codes) -> dict[str, Array]:
    return {f"static_{name}": codes[i].astype(float) for name, codes in p.codes.items()}
