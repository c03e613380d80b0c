"""Engage early: demand rises within the lead time, so ordering when stock looks low is ordering too late."""

from dataclasses import dataclass

import numpy as np

from planning.actions.proposals import Proposal, confidence, day
from planning.distributions import Array, Distribution
from planning.inputs import numbers
from planning.lead_time_demand import lead_time_atoms
from planning.money import DAYS_A_YEAR
from planning.situation import Situation

_RISING = 1.1  # demand over the protection interval against the same days at today's rate


@dataclass(frozen=True)
class Waiting:
    """n SKUs, array (n,) each: what a buyer does who sees today's demand only, and what it costs.

    Attributes
    ----------
    rate : units a day today
    rise : demand expected over the protection interval as a multiple of today's rate
    until : days from now until that buyer orders
    shortage : units expected short until the order arrives, more than with an order placed in time
    """

    rate: Array
    rise: Array
    until: Array
    shortage: Array


def engage_early(situation: Situation) -> list[Proposal]:
    """Price waiting for SKUs whose demand rises before an order placed today arrives.

    A buyer who expects today's demand to go on has a lower reorder point and reaches it later, at a review.
    Worth, once: the units that this leaves short × their shortage cost, less the holding cost of having the
    order earlier.
    """
    decision, terms = situation.decision, situation.terms
    review = situation.setting.policy.review_period_days
    waiting = cost_of_waiting(situation)
    in_time = np.where(np.isfinite(decision.wait), decision.wait, 0.0)
    extra = waiting.until - in_time
    quantity = _quantity(situation, in_time)
    held = np.nan_to_num(terms.costs.holding) * quantity * extra / DAYS_A_YEAR
    worth = waiting.shortage * terms.costs.shortage - held
    rows = np.flatnonzero(
        decision.known & np.isfinite(decision.wait) & (waiting.rise >= _RISING) & (terms.lead_time.mean() > review)
        & (extra > 0) & (worth > 0)
    )  # fmt: skip
    sure = confidence(situation, situation.chosen[rows], uses_shortage=True)
    return [
        _proposal(situation, waiting, int(i), (float(quantity[i]), float(worth[i]), str(sure[j])))
        for j, i in enumerate(rows)
    ]


def cost_of_waiting(situation: Situation) -> Waiting:
    """When a buyer who looks at today's demand would order, and how much more that leaves short."""
    forecast, terms, decision = situation.forecast, situation.terms, situation.decision
    elapsed, review = situation.setting.elapsed, situation.setting.policy.review_period_days
    recent = numbers(situation.inputs.recent_demand, "per_day", forecast.unique_ids)
    first = forecast.mean[:, 0] / forecast.ends_days[0]
    rate = np.where(np.isnan(recent), first, recent)
    steady = rate * (terms.lead_time.mean() + review)
    rise = np.divide(terms.expected, steady, out=np.ones_like(steady), where=steady > 0)
    naive = terms.reorder_point / np.maximum(rise, 1.0)
    position = np.nan_to_num(decision.counted_position)
    reached = forecast.days_to_use(np.maximum(position - naive, 0.0), elapsed=elapsed)
    reached = np.where(position <= naive, 0.0, np.where(np.isfinite(reached), reached, 0.0))
    # seen at a review, and whoever does not act today acts at the next one
    until = np.maximum(np.ceil(reached / review - 1e-9), 1.0) * review if review > 0 else reached
    in_time = np.where(np.isfinite(decision.wait), decision.wait, until)
    more = _short(situation, until) - _short(situation, np.minimum(in_time, until))
    return Waiting(rate, rise, until, np.maximum(more, 0.0))


def _short(situation: Situation, wait: Array) -> Array:
    """Units expected short (n,) when an order placed after `wait` (n,) days arrives: E[(D(w+L) − supply)⁺]."""
    forecast, pipeline, terms = situation.forecast, situation.pipeline, situation.terms
    days, weights = lead_time_atoms(terms.lead_time)
    days = days + np.nan_to_num(wait)[:, None]
    net = np.nan_to_num(situation.decision.on_hand - situation.decision.backorders)
    short = np.zeros(len(forecast))
    for column, weight in enumerate(weights):
        demand = forecast.demand_until(days[:, column], elapsed=situation.setting.elapsed)
        supply = net + pipeline.cover(len(forecast), days[:, column])
        short += weight * demand.expected_excess(np.maximum(supply, 0.0))
    return short


def _quantity(situation: Situation, wait: Array) -> Array:
    """What to order: today's quantity, or the one that will be due after `wait` days."""
    terms, decision = situation.terms, situation.decision
    used = situation.forecast.mean_until(wait, elapsed=situation.setting.elapsed)
    due = terms.limits.allowed(np.nan_to_num(terms.order_up_to - decision.counted_position + used))
    today = np.nan_to_num(decision.quantity)
    return np.where(today > 0, today, due)


def _proposal(situation: Situation, waiting: Waiting, i: int, what: tuple[float, float, str]) -> Proposal:
    (quantity, worth, sure), terms, decision = what, situation.terms, situation.decision
    as_of, lead = situation.setting.as_of, terms.lead_time[[i]]
    unique_id, supplier = str(terms.lanes["unique_id"].iloc[i]), str(terms.lanes["supplier_id"].iloc[i])
    act_by, too_late = day(as_of, float(decision.wait[i])), day(as_of, float(waiting.until[i]))
    mean, slow = float(lead.mean()[0]), _slow(lead)
    return Proposal(
        kind="engage_early",
        unique_id=unique_id,
        supplier_id=supplier,
        alternative_supplier_id=None,
        quantity=quantity,
        worth=worth,
        worth_period="once",
        act_by=act_by,
        title=f"Engage {supplier} for {quantity:,.0f} {unique_id} by {act_by.date()}",
        evidence=(
            f"Demand over the next protection interval is {waiting.rise[i] - 1:.0%} above today's rate of "
            f"{waiting.rate[i]:,.1f} a day, and {supplier} takes {mean:.0f} days ({slow:.0f} in one case of ten). "
            f"Ordering when today's demand calls for it, on {too_late.date()}, leaves {waiting.shortage[i]:,.0f} more "
            f"units short, at {terms.costs.shortage[i]:,.2f} each."
        ),
        facts={
            "rate_today": float(waiting.rate[i]), "rise": float(waiting.rise[i]),
            "expected_lead_time_demand": float(terms.expected[i]), "reorder_point": float(terms.reorder_point[i]),
            "position": float(decision.counted_position[i]), "lead_time": mean, "lead_time_q90": slow,
            "wait_days": float(decision.wait[i]), "late_days": float(waiting.until[i]),
            "shortage_units": float(waiting.shortage[i]), "shortage_cost": float(terms.costs.shortage[i]),
            "stockout_probability": float(decision.risk[i]),
        },
        confidence=sure,
    )  # fmt: skip


def _slow(lead: Distribution) -> float:
    return float(lead.quantile(0.9)[0])
