"""Contingency: what a month without a supplier would cost, and what a second source for its SKUs is worth.

An outage may come or not: the worth is its cost in play, as far as the other source saves it, times the chance a year
that `policy.outage` sets. Said with it is how often an outage must come for the action to pay.
"""

from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from configs.formats import days, money, number, share
from distributions.distribution import Array
from planning.actions.action_table import action_rows
from planning.actions.played_worth import HIGH, LOW
from planning.assessment import Assessment
from planning.cost.lane_costs import DAYS_A_YEAR
from planning.levers.bundles import bundle_title, line_facts
from planning.levers.lever_lines import LeverResult
from planning.levers.lever_plays import LeverPlays
from planning.levers.vendor.outages import Outages, Sources, play_outages
from planning.levers.vendor.trial_order import received_before
from planning.tables.dates import dates_after

LEAST_EFFORT = 1.0
"""Money that an action takes at least, being divided by."""

_AT_MOST = 1.5
"""Times the shortage of all demand of its days that an outage may cost, with what spoils after it."""

_LISTED = 0.95
"""Share of what an action averts that the SKUs listed for it make up, the largest first."""

_WITHIN_DAYS = 91.0
"""Days by which to act: an outage comes on no day of its own."""

_USUAL_DAYS = 14.0
"""Days in which a second source is reckoned to deliver where nobody else delivers goods of the category."""


@dataclass(frozen=True)
class _Plan:
    """One kind of remedy: SKUs (k,), whom each depends on, who would step in (none: to be found), and when."""

    kind: str
    skus: NDArray[np.intp]
    supplier: NDArray[np.object_]
    other: NDArray[np.object_]
    replaced: Array


def contingency(plays: LeverPlays) -> LeverResult:
    """Propose a second source for the SKUs that one supplier alone delivers, or to try an offer never bought from.

    One action a supplier, or a supplier and the one that would step in. An outage is played at any time of the year;
    the other source delivers after its lead time, one to be found after what others of the category take.
    """
    assessment = plays.assessment
    lanes = assessment.lane_terms.lanes
    sources = Sources.of(assessment, received_before(assessment.inputs, lanes))
    supplier_id = lanes["supplier_id"].to_numpy(object)
    now = supplier_id[assessment.chosen_lane]
    known = ~pd.isna(now)
    single = np.flatnonzero(sources.single & known)
    untried = np.flatnonzero((sources.untried >= 0) & known)
    lane = sources.untried[untried]
    nobody = np.full(len(single), None, object)
    plans = [
        _Plan("contingency", single, now[single], nobody, _usual_days(assessment, single)),
        _Plan(
            "activate_alternate",
            untried,
            now[untried],
            supplier_id[lane],
            assessment.lane_terms.lead_time.mean()[lane],
        ),
    ]
    actions = [part for plan in plans for part in _actions(plays, plan)]
    return LeverResult(pd.concat(actions, ignore_index=True)) if actions else LeverResult()


def _usual_days(assessment: Assessment, skus: NDArray[np.intp]) -> Array:
    """Days (k,) in which the suppliers of a SKU's category deliver, the middle one of its lanes."""
    terms = assessment.lane_terms
    category = terms.lanes["category"].fillna("").astype(str)
    usual = pd.Series(terms.lead_time.mean()).groupby(category.to_numpy()).median()
    own = category.to_numpy()[assessment.chosen_lane[skus]]
    return np.asarray(usual.reindex(own).fillna(_USUAL_DAYS).to_numpy(float))


def _worth_playing(plays: LeverPlays, plan: _Plan) -> _Plan:
    """The remedy for those suppliers only whose outage may cost enough: by the shortage of all its demand."""
    outage, terms = plays.assessment.setting.policy.outage, plays.assessment.chosen_terms
    lost = np.nan_to_num(terms.costs.shortage * terms.demand.yearly)[plan.skus] * outage.days / DAYS_A_YEAR
    names = [plan.supplier.astype(str), pd.Series(plan.other, dtype=object).fillna("").to_numpy(str)]
    most = pd.Series(lost).groupby(names).transform("sum").to_numpy()
    rows = np.flatnonzero(_AT_MOST * outage.chance_a_year * most > plays.effort(plan.kind))
    return _Plan(plan.kind, plan.skus[rows], plan.supplier[rows], plan.other[rows], plan.replaced[rows])


def _actions(plays: LeverPlays, plan: _Plan) -> list[pd.DataFrame]:
    """Actions of one kind that are worth more than their effort, one row each."""
    assessment = plays.assessment
    plan = _worth_playing(plays, plan)
    played = play_outages(assessment, plan.skus, plan.replaced)
    at = np.searchsorted(plan.skus, played.skus)
    supplier, other = plan.supplier[at].astype(str), pd.Series(plan.other[at]).fillna("").to_numpy(str)
    averted = played.averted.mean(axis=1)
    least = max(plays.effort(plan.kind), assessment.setting.policy.minimum_action_value)
    chance = assessment.setting.policy.outage.chance_a_year
    groups = pd.Series(np.arange(len(at))).groupby([supplier, other]).indices
    result = []
    for (_, stands_in), members in sorted(groups.items()):
        rows = np.asarray(members)[averted[members] > 0]
        if len(rows) and chance * averted[rows].sum() > least:
            days_to = plan.replaced[at][rows]
            result.append(_action(plays, plan.kind, _Found(played, rows, stands_in or None, days_to)))
    return result


@dataclass(frozen=True)
class _Found:
    """Rows (k,) of the outages that one action is about, who steps in, and after how many days (k,)."""

    played: Outages
    rows: NDArray[np.intp]
    other: str | None
    replaced: Array


def _action(plays: LeverPlays, kind: str, found: _Found) -> pd.DataFrame:
    """One action, a row of the action table."""
    assessment, outage = plays.assessment, plays.assessment.setting.policy.outage
    skus, terms = found.played.skus[found.rows], plays.assessment.chosen_terms
    cost, averted = found.played.cost[found.rows], found.played.averted[found.rows]
    each = averted.mean(axis=1)
    total = cost.sum(axis=0)
    worth = outage.chance_a_year * float(each.sum())
    effort = plays.effort(kind)
    order = np.argsort(-each, kind="stable")
    listed = order[: 1 + int(np.searchsorted(np.cumsum(each[order]), _LISTED * each.sum()))]
    names, ids = assessment.names, terms.lanes["unique_id"].to_numpy(object)[skus]
    called = [names.sku(name) for name in ids.tolist()]
    lines = line_facts(
        terms.lanes.iloc[skus[listed]], outage.chance_a_year * each[listed], [called[i] for i in listed],
        [called[i] for i in listed],
    )  # fmt: skip
    for fact, row in zip(lines, listed.tolist(), strict=True):
        fact |= {"outage_cost": round(float(cost[row].mean()), 2)}
    month = np.nan_to_num(terms.demand.yearly * terms.costs.holding)[skus] * outage.days / DAYS_A_YEAR
    stands_in = "" if found.other is None else names.supplier(found.other)
    supplier_id = str(terms.lanes["supplier_id"].iloc[skus[0]])
    head = pd.DataFrame(
        {
            "kind": [kind],
            "unique_id": "",
            "supplier_id": supplier_id,
            "alternative_supplier_id": found.other,
            "subject": "",
            "quantity": np.nan,
            "worth": worth,
            "worth_period": "year",
            "act_by": dates_after(assessment.setting.as_of, np.array([_WITHIN_DAYS])),
            "confidence": "low",
        }
    )
    ask = (
        f"Find a second source for what only {names.supplier(supplier_id)} delivers"
        if found.other is None
        else f"Try {stands_in} as a second source to {names.supplier(supplier_id)}"
    )
    facts = pd.DataFrame(
        {
            "ask": [ask],
            "lines": [lines],
            "skus": len(skus),
            "spend_a_year": float(np.nansum((terms.demand.yearly * terms.costs.unit)[skus])),
            "outage_days": outage.days,
            "chance_a_year": outage.chance_a_year,
            "outage_cost": float(total.mean()),
            "outage_cost_low": float(np.quantile(total, LOW)),
            "outage_cost_high": float(np.quantile(total, HIGH)),
            "averted": float(each.sum()),
            "replaced_after_days": float(np.average(found.replaced, weights=each)),
            "pays_once_in_years": float(each.sum()) / max(effort, LEAST_EFFORT),
            "more_stock_a_year": float(month.sum()),
        }
    )
    return action_rows(assessment, head, facts, partial(_describe, assessment.inputs.currency))


def _describe(currency: str, a: Any) -> tuple[str, str]:
    """Title and evidence of a second source, from the action's row."""
    skus = "1 SKU" if a.skus == 1 else f"{a.skus} SKUs"
    whom = (
        f"{skus}, {money(a.spend_a_year, currency)} a year, can be bought from {a.supplier} only."
        if a.kind == "contingency"
        else f"{a.alternative} offers {skus} ({money(a.spend_a_year, currency)} a year) that only {a.supplier} "
        "ever delivered."
    )
    steps_in = (
        f"A second source that delivers within {days(a.replaced_after_days)}, as others in these categories do,"
        if a.kind == "contingency"
        else f"{a.alternative}, which takes {days(a.replaced_after_days)},"
    )
    evidence = (
        f"{whom} {days(a.outage_days).capitalize()} in which nothing comes, at any time of the year, cost "
        f"{money(a.outage_cost, currency)}, in 80 of 100 cases between {money(a.outage_cost_low, currency)} and "
        f"{money(a.outage_cost_high, currency)}: stock and what is on its way bridge a part of them. {steps_in} would "
        f"save {money(a.averted, currency)} of it. At a chance of {share(a.chance_a_year, 1)} a year (policy.outage) "
        f"that is worth {money(a.worth, currency)} a year; it pays within a year where an outage is likelier than once "
        f"in {number(a.pays_once_in_years)} years. Stock for as many days more would cost "
        f"{money(a.more_stock_a_year, currency)} a year to hold, as far as it keeps."
    )
    return bundle_title(a.ask, a.lines), evidence
