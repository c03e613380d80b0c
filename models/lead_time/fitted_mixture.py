"""A fitted mixture of lead-time distributions: its members, their weights, and how much wider it must be."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from distributions.distribution import Array
from models.lead_time.evaluation.backtest import LeadTimeBacktest
from models.lead_time.evaluation.crps import time_grid
from models.lead_time.evaluation.mixture import MixtureWeights, choose_weights, mixture_quantiles, with_tail
from models.lead_time.evaluation.spread_calibration import NO_WIDENING, learn_spread, spread_class, widen
from models.protocols import LeadTimeMember


@dataclass(frozen=True)
class FittedMixture:
    """Fitted mixture: members by name, their weights, and the spread factor of each class of suppliers (3,)."""

    members: Mapping[str, LeadTimeMember]
    weights: MixtureWeights
    spread: Array

    @classmethod
    def learn(
        cls,
        members: Mapping[str, LeadTimeMember],
        backtest: LeadTimeBacktest,
        prior_weights: Sequence[float],
        sample: pd.DataFrame,
    ) -> Self:
        """Learn weights and spread from the backtest of the members, run on the order lines `sample`."""
        weights = choose_weights(backtest.windows, prior_weights)
        forecasts = backtest.mixture(weights.weights)
        return cls(
            members, weights, learn_spread(forecasts, *time_grid(sample)) if forecasts else NO_WIDENING
        )

    def quantiles(self, rows: pd.DataFrame, n_orders: NDArray[np.int64]) -> Array:
        """Lead-time quantiles (n, Q) of order lines in working days; `n_orders` (n,): closed orders of the supplier."""
        members, weights = list(self.members.values()), self.weights.weights
        used = np.flatnonzero(weights > 0)
        quantiles = mixture_quantiles([members[k].predict(rows).values for k in used], weights[used])
        return with_tail(widen(quantiles, self.spread[spread_class(n_orders)]))

    def share_of(self, names: frozenset[str]) -> float:
        """Weight of the mixture's members `names` together."""
        return float(
            sum(w for name, w in zip(self.members, self.weights.weights, strict=True) if name in names)
        )

    def to_json(self) -> dict[str, Any]:
        """Return the mixture's weights and spread as plain data; its members are stored on their own."""
        return {
            "weights": dict(zip(self.members, self.weights.weights.tolist(), strict=True)),
            "trust": self.weights.learned_share,
            "spread": self.spread.tolist(),
        }

    @classmethod
    def from_json(cls, facts: Mapping[str, Any], members: Mapping[str, LeadTimeMember]) -> Self:
        """Read what `to_json` gave, with the `members` that were stored, by name."""
        names, weights = list(facts["weights"]), np.array(list(facts["weights"].values()))
        used = {name: members[name] for name in names}
        return cls(used, MixtureWeights(weights, facts["trust"]), np.array(facts["spread"]))
