"""Lower the order multiple: orders that follow the need, against orders rounded up to whole packs, both played."""

from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from configs.formats import money, quantity
from distributions.distribution import Array
from planning.actions.action_table import act_by_next_order, action_rows, confidence, worthwhile
from planning.actions.played_worth import PlayedWorth, most_promising
from planning.levers.lever_lines import LeverResult, lever_lines
from planning.levers.lever_plays import LeverPlays
from planning.levers.supplier_talk import LIKELY, playable_skus

_HALF = 0.5
_MOST = 300


def lower_multiple(plays: LeverPlays) -> LeverResult:
    """Propose to halve an order multiple: the year with orders in today's packs against one in packs half as large.

    The MOQ stays as it is, but for one that is a single pack. Closed form: an order is half a pack larger than needed,
    so half the pack is a quarter of it less in stock all year, and of what perishes in its share of the lot.
    """
    assessment = plays.assessment
    terms, effort = assessment.chosen_terms, plays.effort("lower_multiple")
    multiple, whole = terms.limits.multiple, terms.lanes["whole"].to_numpy(bool)
    lower = np.where(whole, np.floor(_HALF * multiple), _HALF * multiple)
    lower = np.where(lower > 0, lower, multiple)
    part = np.divide(multiple - lower, terms.order_size, out=np.zeros(len(lower)), where=terms.order_size > 0)
    hope = terms.costs.holding * (multiple - lower) / 2 + np.nan_to_num(terms.total_cost.spoilage) * part
    asked = playable_skus(assessment) & (lower < multiple) & (hope > _HALF * effort)
    skus = np.flatnonzero(asked & most_promising(np.where(asked, hope, -np.inf), _MOST))
    if not len(skus):
        return LeverResult()
    single = terms.limits.moq[skus] <= multiple[skus]
    lines = lever_lines(
        assessment.forecast.unique_ids[skus].tolist(),
        assessment.chosen_lane[skus].tolist(),
        order_multiple=lower[skus],
        moq=np.where(single & (terms.limits.moq[skus] > 0), lower[skus], np.nan),
    )
    worth = PlayedWorth.of_saved(plays.saved(lines), effort)
    rows = worthwhile(assessment, worth.mean, (worth.mean > effort) & (worth.chance >= LIKELY))
    if not len(rows):
        return LeverResult()
    skus, lines, worth = skus[rows], lines.iloc[rows].reset_index(drop=True), worth.select(rows)
    some = terms.select(skus)
    head = pd.DataFrame(
        {
            "kind": "lower_multiple",
            "unique_id": some.lanes["unique_id"].to_numpy(object),
            "supplier_id": some.lanes["supplier_id"].to_numpy(object),
            "alternative_supplier_id": None,
            "subject": "",
            "quantity": lower[skus],
            "worth": worth.mean,
            "worth_period": "year",
            "act_by": act_by_next_order(assessment)[skus],
            "confidence": worth.confidence(confidence(assessment, assessment.chosen_lane[skus])),
        }
    )
    facts = _facts(some.limits.multiple, lower[skus], worth).assign(
        order_size=some.order_size, yearly_demand=some.demand.yearly, holding_cost_year=some.costs.holding
    )
    actions = action_rows(assessment, head, facts, partial(_describe, assessment.inputs.currency))
    return LeverResult.of(actions, lines.assign(worth=worth.mean))


def _facts(now: Array, then: Array, worth: PlayedWorth) -> pd.DataFrame:
    """Numbers behind the evidence of lowering order multiples."""
    return pd.DataFrame({"multiple": now, "lower_multiple": then, **worth.facts()})


def _describe(currency: str, a: Any) -> tuple[str, str]:
    """Title and evidence of lowering an order multiple, from the action's row."""
    evidence = (
        f"{a.sku} comes in packs of {quantity(a.multiple)}, and a year needs {quantity(a.yearly_demand)}, ordered "
        f"about {quantity(a.order_size)} at a time. In packs of {quantity(a.lower_multiple)} orders follow the need "
        f"more closely: {money(a.worth, currency)} a year less, in 80 of 100 years between "
        f"{money(a.worth_low, currency)} and {money(a.worth_high, currency)}. What breaking packs costs the supplier "
        "is not known here."
    )
    return (
        f"Ask {a.supplier} for {a.sku} in packs of {quantity(a.lower_multiple)} instead of {quantity(a.multiple)}",
        evidence,
    )
