"""Spend ahead: what the plan's orders will cost in the coming months, played from today's stock and orders on."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from distributions.distribution import Array
from distributions.parallel import map_in_threads, row_chunks
from planning.assessment import Assessment
from planning.played_ahead.ahead_play import AheadPlay

_SCENARIOS = 64
_SKUS_AT_A_TIME = 500
_DAYS = 371
"""Days that are played: a year and a week, so that from any day on twelve months are whole but for the first."""


@dataclass(frozen=True)
class SpendAhead:
    """Money spent on orders in coming months, by SKU and scenario.

    Attributes
    ----------
    rows : int array (k,), rows of the assessment that can be played
    unique_ids, supplier_ids : arrays (k,)
    months : array (P,) of datetime64[D], first days; the first one begins today, the others are whole
    spent : float32 array (k, P, M), money
    common_error : what the forecasts of all SKUs miss alike, as a share
    """

    rows: NDArray[np.intp]
    unique_ids: NDArray[np.object_]
    supplier_ids: NDArray[np.object_]
    months: NDArray[np.datetime64]
    spent: NDArray[np.float32]
    common_error: float

    def total(self, share: Array | None = None) -> Array:
        """Money spent on the `share` (k,) of each SKU, on all without it, by month and scenario, (P, M).

        SKUs meet scenarios of their own, so that their errors cancel; what all forecasts miss alike does not, and is
        laid on the sum: spend follows demand.
        """
        if share is None:
            share = np.ones(len(self.spent))
        some = np.flatnonzero(share)
        spent = np.einsum("k,kpm->pm", share[some].astype(float), self.spent[some], dtype=float)
        scenarios = self.spent.shape[2]
        alike = _normal_scores(scenarios) * self.common_error
        total: Array = spent * np.exp(alike - self.common_error**2 / 2)
        return total


def spend_ahead(assessment: Assessment, quantity: Array, *, scenarios: int = _SCENARIOS) -> SpendAhead:
    """Play all SKUs with a price from today's state on for a year, and book each order to the month it is placed in.

    The plan is made again at each review, as it will be. A month that the year does not hold whole is left out.

    `quantity`: what goes out today, units of each SKU (n,), filled up to what suppliers' orders must come to.
    """
    priced = ~np.isnan(assessment.chosen_terms.costs.unit)
    rows = np.flatnonzero(priced & assessment.decision.known)
    as_of = assessment.setting.as_of.normalize()
    review = max(round(assessment.setting.policy.review_period_days), 1)
    reviews = as_of + pd.to_timedelta(np.arange(-(-_DAYS // review)) * review, unit="D")
    month_of, starts = pd.factorize(reviews.to_period("M"))
    next_review = reviews[-1] + pd.Timedelta(days=review)
    whole = [start for start in starts if start.end_time < next_review]
    months = np.array([max(start.start_time, as_of) for start in whole], "datetime64[D]")

    def played(skus: NDArray[np.intp]) -> NDArray[np.float32]:
        play = AheadPlay.of(assessment, skus, scenarios=scenarios, days=_DAYS)
        ordered = replace(play, ordered=quantity[skus])
        spent_at = ordered.play(money=True).spent_at
        spent = np.zeros((len(skus), len(months), scenarios), np.float32)
        for review_number, month in enumerate(month_of):
            if month < len(months):
                spent[:, month] += spent_at[:, :, review_number]
        return spent

    parts = list(map_in_threads(played, row_chunks(rows, _SKUS_AT_A_TIME)))
    nothing = np.zeros((0, len(months), scenarios), np.float32)
    lanes = assessment.chosen_terms.lanes
    return SpendAhead(
        rows=rows,
        unique_ids=lanes["unique_id"].to_numpy(object)[rows],
        supplier_ids=lanes["supplier_id"].to_numpy(object)[rows],
        months=months,
        spent=np.concatenate(parts) if parts else nothing,
        common_error=assessment.inputs.common_error,
    )


def _normal_scores(count: int) -> Array:
    """As many normal scores, spread evenly, in an order that no SKU's scenarios have."""
    from scipy.special import ndtri

    scores = ndtri((np.arange(count) + 0.5) / count)
    return np.asarray(np.random.default_rng(0).permutation(scores))
