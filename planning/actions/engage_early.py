"""Engage early: demand rises within the lead time, so ordering when stock looks low is ordering too late."""

from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from distributions.distribution import Array
from distributions.parallel import chunks_of, side_by_side
from planning.actions.proposals import action_rows, confidence, worthwhile
from planning.assessment import Assessment
from planning.cost.costs import DAYS_A_YEAR
from planning.inputs import numbers
from planning.policy.lead_time_demand import lead_time_atoms
from planning.tables.plan import dates, day_texts

_LONGER_DAYS = 1.0  # than a review period: with less, the next review is early enough
_CHUNK = 2000  # SKUs at a time
_RISING = 1.1  # demand over the protection interval against the same days at today's rate


@dataclass(frozen=True)
class Waiting:
    """n SKUs, array (n,) each: what a buyer does who sees today's demand only, and what it costs.

    Attributes
    ----------
    rate : units a day today
    rise : demand expected over the protection interval as a multiple of today's rate
    until : days from now until that buyer orders
    matters : demand rises and the buyer is later than in time
    shortage : units expected short until the order arrives, more than with an order placed in time; 0 elsewhere
    """

    rate: Array
    rise: Array
    until: Array
    matters: NDArray[np.bool_]
    shortage: Array


def engage_early(assessment: Assessment) -> pd.DataFrame:
    """Price waiting for SKUs whose demand rises before an order placed today arrives.

    A buyer who expects today's demand to go on has a lower reorder point and reaches it later, at a review.
    Worth, once: the units that this leaves short × their shortage cost, less the holding cost of having the
    order earlier.
    """
    decision, terms, as_of = assessment.decision, assessment.terms, assessment.setting.as_of
    foreseen = decision.known & np.isfinite(decision.wait)
    long = terms.lead_time.mean() > assessment.setting.policy.review_period_days + _LONGER_DAYS
    waiting = cost_of_waiting(assessment, foreseen & long)
    in_time = np.where(foreseen, decision.wait, 0.0)
    extra = waiting.until - in_time
    quantity = _quantity(assessment, in_time)
    held = np.nan_to_num(terms.costs.holding) * quantity * extra / DAYS_A_YEAR
    worth = waiting.shortage * terms.costs.shortage - held
    rows = worthwhile(assessment, worth, waiting.matters & (quantity > 0))
    head = pd.DataFrame(
        {
            "kind": "engage_early",
            "unique_id": terms.lanes["unique_id"].to_numpy(object)[rows],
            "supplier_id": terms.lanes["supplier_id"].to_numpy(object)[rows],
            "alternative_supplier_id": None,
            "subject": "",
            "quantity": quantity[rows],
            "worth": worth[rows],
            "worth_period": "once",
            "act_by": dates(as_of, in_time)[rows],
            "confidence": confidence(assessment, assessment.chosen[rows], uses_shortage=True),
        }
    )
    return action_rows(head, _facts(assessment, waiting, rows), _tell)


def cost_of_waiting(assessment: Assessment, asked: NDArray[np.bool_]) -> Waiting:
    """When a buyer who looks at today's demand would order, and how much more that leaves short of SKUs `asked` for."""
    forecast, terms, decision = assessment.forecast, assessment.terms, assessment.decision
    elapsed, review = assessment.setting.elapsed, assessment.setting.policy.review_period_days
    recent = numbers(assessment.inputs.recent_demand, "per_day", forecast.unique_ids)
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
    matters = asked & (rise >= _RISING) & (until > in_time)
    shortage = np.zeros(len(forecast))
    chunks = chunks_of(np.flatnonzero(matters), _CHUNK)
    for rows, more in zip(
        chunks, side_by_side(partial(_more, assessment, in_time, until), chunks), strict=True
    ):
        shortage[rows] = more
    return Waiting(rate, rise, until, matters, shortage)


def _more(assessment: Assessment, in_time: Array, until: Array, rows: NDArray[np.intp]) -> Array:
    """Units more (m,) expected short of the SKUs `rows` (m,) with an order at `until` than with one in time."""
    late, early = (_short(assessment, wait[rows], rows) for wait in (until, in_time))
    return np.maximum(late - early, 0.0)


def _short(assessment: Assessment, wait: Array, rows: NDArray[np.intp]) -> Array:
    """Units expected short (m,) when an order placed after `wait` (m,) days arrives: E[(D(w+L) − supply)⁺]."""
    forecast, decision = assessment.forecast, assessment.decision
    pipeline = assessment.pipeline.of(rows)
    days, weights = lead_time_atoms(assessment.terms.lead_time[rows])
    days = days + np.nan_to_num(wait)[:, None]
    net = np.nan_to_num(decision.on_hand - decision.backorders)[rows]
    short = np.zeros(len(rows))
    for column, weight in enumerate(weights):
        demand = forecast.demand_until(days[:, column], elapsed=assessment.setting.elapsed, rows=rows)
        supply = net + pipeline.cover(len(rows), days[:, column])
        short += weight * demand.expected_excess(np.maximum(supply, 0.0))
    return short


def _quantity(assessment: Assessment, wait: Array) -> Array:
    """What to order: today's quantity, or the one that will be due after `wait` days."""
    terms, decision = assessment.terms, assessment.decision
    used = assessment.forecast.mean_until(wait, elapsed=assessment.setting.elapsed)
    due = terms.limits.allowed(np.nan_to_num(terms.order_up_to - decision.counted_position + used))
    today = np.nan_to_num(decision.quantity)
    return np.where(today > 0, today, due)


def _facts(assessment: Assessment, waiting: Waiting, rows: NDArray[np.intp]) -> pd.DataFrame:
    terms, decision, as_of = assessment.terms, assessment.decision, assessment.setting.as_of
    late = day_texts(as_of, waiting.until)
    return (
        pd.DataFrame(
            {
                "rate_today": waiting.rate,
                "rise": waiting.rise - 1,
                "expected_lead_time_demand": terms.expected,
                "reorder_point": terms.reorder_point,
                "position": decision.counted_position,
                "lead_time": terms.lead_time.mean(),
                "lead_time_q90": terms.lead_time.quantile(0.9),
                "late_order_day": late,
                "shortage_units": waiting.shortage,
                "shortage_cost": terms.costs.shortage,
                "stockout_probability": decision.risk,
            }
        )
        .iloc[rows]
        .reset_index(drop=True)
    )


def _tell(a: Any) -> tuple[str, str]:
    evidence = (
        f"Demand over the coming protection interval is {a.rise:.0%} above today's rate of {a.rate_today:,.1f} a day, "
        f"and {a.supplier_id} takes {a.lead_time:.0f} days ({a.lead_time_q90:.0f} in one case of ten). Ordering when "
        f"today's rate calls for it, on {a.late_order_day}, leaves {a.shortage_units:,.0f} more units short, at "
        f"{a.shortage_cost:,.2f} each."
    )
    return f"Engage {a.supplier_id} for {a.quantity:,.0f} {a.unique_id} by {a.act_by.date()}", evidence
