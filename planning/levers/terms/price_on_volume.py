"""A lower price on rising volume: where the coming year surely buys more than the last, and what a step is worth."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from configs.formats import money, share, signed
from distributions.distribution import Array
from planning.actions.played_worth import played_on_terms
from planning.assessment import Assessment
from planning.levers.lever_lines import LeverResult
from planning.levers.lever_plays import LeverPlays
from planning.levers.supplier_talk import Talk, by_supplier, counted, of_most_at_stake, talk_result
from planning.levers.term_worth import cheaper

_GROWN = 1.1
"""Times last year's volume that the coming year's has to be in nine of ten years."""
_GROWN_ALONE = 1.25
"""The same of single SKUs, where the supplier's whole volume has not grown so much."""
_YEAR, _WHOLE_YEAR = 365.0, 340.0
_USUAL = 0.04
"""Part of the logarithm of volume that prices fall by where no offer has a break: 3 % for twice as much."""


def price_on_volume(plays: LeverPlays) -> LeverResult:
    """Propose to ask a supplier for a lower price where the volume bought there rises for sure.

    Rising is a coming year's volume, at today's prices, that in nine of ten played years is a tenth above what was
    ordered there of the same SKUs in the last one; else the talk is about those SKUs that rise by a quarter. The step
    asked for is what the company's own price breaks give for so much more: p′/p = growth^−e, e the median over all
    breaks of its offers. Worth: the years at both prices.
    """
    assessment = plays.assessment
    last, chosen = _last_year(assessment), assessment.chosen_terms
    if last is None:
        return LeverResult()
    goods = np.nan_to_num(chosen.demand.yearly * chosen.costs.unit)
    elasticity = price_elasticity(assessment)
    skus = of_most_at_stake(
        assessment, np.where(last > 0, _USUAL * goods, 0.0), plays.effort("price_on_volume")
    )
    skus = skus[last[skus] > 0]
    if not len(skus):
        return LeverResult()
    terms = chosen.select(skus)
    now, then = played_on_terms(assessment, [terms, cheaper(terms)])
    per_cent = now.total - then.total
    coming = _Volume(per_cent, goods[skus], last[skus])
    talks = []
    for at in by_supplier(assessment, skus):
        rows = coming.rising(at)
        if len(rows):
            growth = coming.growth(rows)
            step = 1 - float(growth.mean()) ** -elasticity
            facts = {
                "last_year": float(coming.last[rows].sum()),
                "coming_year": float(coming.goods[rows].sum()),
                "growth": float(growth.mean() - 1),
                "growth_low": float(np.quantile(growth, 0.1) - 1),
                "price_step": step,
                "one_per_cent": float(per_cent[rows].mean(axis=1).sum()),
            }
            says = [signed(-step, 1)] * len(rows)
            talks.append(
                Talk(skus[rows], 100 * step * per_cent[rows], says, facts, {"price_factor": 1 - step})
            )
    return talk_result(plays, "price_on_volume", talks, _describe)


@dataclass(frozen=True)
class _Volume:
    """Volumes of k SKUs: what a per cent of the price is worth (k, M), which goes as they do, and money (k,) a year."""

    per_cent: Array
    goods: Array
    last: Array

    def growth(self, rows: NDArray[np.intp]) -> Array:
        """Times last year's money (M,) that the coming year's goods of some SKUs are, in each scenario.

        1 where nothing was bought last year, or nothing will be: of no volume can it be said that it rises.
        """
        total, last = self.per_cent[rows].sum(axis=0), self.last[rows].sum()
        if last <= 0 or total.mean() <= 0:
            return np.ones(len(total))
        return np.asarray(total / total.mean() * self.goods[rows].sum() / last)

    def rising(self, rows: NDArray[np.intp]) -> NDArray[np.intp]:
        """Those of the `rows` that a talk is about: all where together they rise for sure, else those that do alone."""
        if np.quantile(self.growth(rows), 0.1) >= _GROWN:
            return rows
        alone = [np.quantile(self.growth(rows[[i]]), 0.1) for i in range(len(rows))]
        return rows[np.array(alone) >= _GROWN_ALONE]


def price_elasticity(assessment: Assessment) -> float:
    """Part e of the logarithm of volume by which prices fall, the median over the price breaks of all offers."""
    prices, smallest = assessment.lane_terms.costs.prices, assessment.lane_terms.limits.smallest
    starts = np.where(prices.starts[:, 1:] > 0, prices.starts[:, 1:], np.inf)
    before = np.maximum(np.concatenate([smallest[:, None], starts[:, :-1]], axis=1), 1.0)
    ratio = np.where(np.isfinite(starts), starts, 1.0) / np.where(np.isfinite(before), before, 1.0)
    fall = prices.prices[:, 1:] / prices.prices[:, :-1]
    used = np.isfinite(starts) & (ratio > 1) & (fall > 0) & (fall < 1)
    if not used.any():
        return _USUAL
    return float(np.median(-np.log(fall[used]) / np.log(ratio[used])))


def _last_year(assessment: Assessment) -> Array | None:
    """Money (n,) at today's prices of what was ordered of each SKU from its supplier; None without a whole year."""
    orders, as_of = assessment.inputs.purchase_orders, assessment.setting.as_of
    if "quantity_ordered" not in orders or orders.empty:
        return None
    begins = as_of - pd.Timedelta(days=_YEAR)
    if (as_of - orders["ordered_at"].min()) < pd.Timedelta(days=_WHOLE_YEAR):
        return None
    recent = orders[(orders["ordered_at"] >= begins) & (orders["ordered_at"] < as_of)]
    if "status" in recent:
        recent = recent[recent["status"].fillna("") != "cancelled"]
    units = recent.groupby(["unique_id", "supplier_id"])["quantity_ordered"].sum()
    lanes = assessment.chosen_terms.lanes
    index = pd.MultiIndex.from_frame(lanes[["unique_id", "supplier_id"]].astype(object))
    return np.asarray(units.reindex(index).fillna(0.0).to_numpy(float) * assessment.chosen_terms.costs.unit)


def _describe(currency: str, a: Any) -> tuple[str, str]:
    """Title and evidence of a lower price on rising volume, from the action's row."""
    evidence = (
        f"In the last year {money(a.last_year, currency)} of {counted(a.lines)} were ordered, at today's prices; the "
        f"coming one needs {money(a.coming_year, currency)}, {signed(a.growth)} ({signed(a.growth_low)} or more in "
        f"nine of ten years). The company's own price breaks give {share(a.price_step, 1)} for so much more volume: "
        f"that is {money(a.worth, currency)} a year, in 80 of 100 years between {money(a.worth_low, currency)} and "
        f"{money(a.worth_high, currency)}; each further per cent is {money(a.one_per_cent, currency)}."
    )
    off = f"{share(a.price_step, 1)} off {counted(a.lines)}"
    return f"Ask {a.supplier} for {off}, whose volume rises by {share(a.growth)}", evidence
