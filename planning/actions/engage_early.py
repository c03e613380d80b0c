"""Engage early: demand rises within the lead time, so ordering when stock looks low is ordering too late."""

from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from configs.formats import day, days, number, price, quantity, share
from distributions.distribution import Array
from distributions.parallel import map_in_threads, row_chunks
from planning.actions.action_table import action_rows, confidence, worthwhile
from planning.assessment import Assessment
from planning.cost.lane_costs import DAYS_A_YEAR
from planning.inputs import numbers_by_sku
from planning.policy.lead_time_demand import lead_time_atoms
from planning.tables.dates import date_texts, dates_after

_LONGER_DAYS = 1.0  # than a review period: with less, the next review is early enough
_CHUNK = 2000  # SKUs at a time
_RISING = 1.1  # demand over the protection interval against the same days at today's rate


@dataclass(frozen=True)
class NaiveOrdering:
    """What a buyer does who expects today's demand to go on, and what it leaves short; n SKUs, array (n,) each.

    Attributes
    ----------
    rate : units a day today
    rise : demand expected over the protection interval as a multiple of today's rate
    order_after : days from now until that buyer orders
    too_late : demand rises and the buyer is later than in time
    shortage : units expected short until the order arrives, more than with an order placed in time; 0 elsewhere
    """

    rate: Array
    rise: Array
    order_after: Array
    too_late: NDArray[np.bool_]
    shortage: Array


def engage_early(assessment: Assessment) -> pd.DataFrame:
    """Propose to engage the supplier early for SKUs whose demand rises before an order placed today arrives.

    A buyer who expects today's demand to go on has a lower reorder point and reaches it later, at a review.
    Worth, once: the units that this leaves short × their shortage cost, less the holding cost of having the
    order earlier.
    """
    decision, terms = assessment.decision, assessment.chosen_terms
    foreseen = decision.known & np.isfinite(decision.wait)
    long = terms.lead_time.mean() > assessment.setting.policy.review_period_days + _LONGER_DAYS
    naive = naive_ordering(assessment, foreseen & long)
    in_time = np.where(foreseen, decision.wait, 0.0)
    quantity = _quantity(assessment, in_time)
    held = np.nan_to_num(terms.costs.holding) * quantity * (naive.order_after - in_time) / DAYS_A_YEAR
    worth = naive.shortage * terms.costs.shortage - held
    rows = worthwhile(assessment, worth, naive.too_late & (quantity > 0))
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
            "act_by": dates_after(assessment.setting.as_of, in_time)[rows],
            "confidence": confidence(assessment, assessment.chosen_lane[rows], uses_shortage=True),
        }
    )
    describe = partial(_describe, assessment.inputs.currency)
    return action_rows(head, _facts(assessment, naive, rows), describe)


def naive_ordering(assessment: Assessment, where: NDArray[np.bool_]) -> NaiveOrdering:
    """When a buyer who looks at today's demand orders, and how much more that leaves short of the SKUs `where` (n,)."""
    forecast, terms, decision = assessment.forecast, assessment.chosen_terms, assessment.decision
    review = assessment.setting.policy.review_period_days
    recent = numbers_by_sku(assessment.inputs.recent_demand, "per_day", forecast.unique_ids)
    rate = np.where(np.isnan(recent), forecast.mean[:, 0] / forecast.ends_days[0], recent)
    steady = rate * (terms.lead_time.mean() + review)
    rise = np.divide(terms.demand.expected, steady, out=np.ones_like(steady), where=steady > 0)
    order_after = _naive_order_after(assessment, rise)
    in_time = np.where(np.isfinite(decision.wait), decision.wait, order_after)
    too_late = where & (rise >= _RISING) & (order_after > in_time)
    shortage = np.zeros(len(forecast))
    chunks = row_chunks(np.flatnonzero(too_late), _CHUNK)
    extra_shortage = partial(_extra_shortage, assessment, in_time, order_after)
    for rows, extra in zip(chunks, map_in_threads(extra_shortage, chunks), strict=True):
        shortage[rows] = extra
    return NaiveOrdering(rate=rate, rise=rise, order_after=order_after, too_late=too_late, shortage=shortage)


def _naive_order_after(assessment: Assessment, rise: Array) -> Array:
    """Days (n,) until a buyer orders whose reorder point leaves the rise in demand (n,) out of account."""
    terms, review = assessment.chosen_terms, assessment.setting.policy.review_period_days
    reorder_point = terms.reorder_point / np.maximum(rise, 1.0)
    position = np.nan_to_num(assessment.decision.counted_position)
    above = np.maximum(position - reorder_point, 0.0)
    reached = assessment.forecast.days_to_use(above, elapsed=assessment.setting.elapsed)
    reached = np.where(position <= reorder_point, 0.0, np.where(np.isfinite(reached), reached, 0.0))
    # seen at a review, and whoever does not act today acts at the next one
    return np.maximum(np.ceil(reached / review - 1e-9), 1.0) * review if review > 0 else reached


def _extra_shortage(
    assessment: Assessment, in_time: Array, order_after: Array, rows: NDArray[np.intp]
) -> Array:
    """Units more (m,) expected short of the SKUs `rows` (m,) with an order at `order_after` than with one in time."""
    late, early = (_expected_shortage(assessment, wait[rows], rows) for wait in (order_after, in_time))
    return np.maximum(late - early, 0.0)


def _expected_shortage(assessment: Assessment, wait: Array, rows: NDArray[np.intp]) -> Array:
    """Units expected short (m,) when an order placed after `wait` (m,) days arrives: E[(D(w+L) − supply)⁺]."""
    pipeline = assessment.pipeline.of_skus(rows)
    days, weights = lead_time_atoms(assessment.chosen_terms.lead_time[rows])
    days = days + np.nan_to_num(wait)[:, None]
    net_stock = assessment.decision.stock.net_stock[rows]
    short = np.zeros(len(rows))
    for column, weight in enumerate(weights):
        arrival = days[:, column]
        demand = assessment.forecast.demand_until(arrival, elapsed=assessment.setting.elapsed, rows=rows)
        supply = net_stock + pipeline.cover(len(rows), arrival)
        short += weight * demand.expected_excess(np.maximum(supply, 0.0))
    return short


def _quantity(assessment: Assessment, wait: Array) -> Array:
    """Units (n,) to order early: today's quantity, or the one that will be due after `wait` days."""
    terms, decision = assessment.chosen_terms, assessment.decision
    used = assessment.forecast.mean_until(wait, elapsed=assessment.setting.elapsed)
    due = terms.limits.allowed(np.nan_to_num(terms.order_up_to - decision.counted_position + used))
    today = np.nan_to_num(decision.quantity)
    return np.where(today > 0, today, due)


def _facts(assessment: Assessment, naive: NaiveOrdering, rows: NDArray[np.intp]) -> pd.DataFrame:
    """Numbers behind the evidence of engaging early, one row for each of `rows`."""
    terms, decision = assessment.chosen_terms, assessment.decision
    facts = pd.DataFrame(
        {
            "rate_today": naive.rate,
            "rise": naive.rise - 1,
            "expected_lead_time_demand": terms.demand.expected,
            "reorder_point": terms.reorder_point,
            "position": decision.counted_position,
            "lead_time": terms.lead_time.mean(),
            "lead_time_q90": terms.lead_time.quantile(0.9),
            "late_order_day": date_texts(assessment.setting.as_of, naive.order_after),
            "shortage_units": naive.shortage,
            "shortage_cost": terms.costs.shortage,
            "stockout_probability": decision.risk,
        }
    )
    return facts.iloc[rows].reset_index(drop=True)


def _describe(currency: str, a: Any) -> tuple[str, str]:
    """Title and evidence of engaging a supplier early, from the action's row."""
    evidence = (
        f"Demand over the coming protection interval is {share(a.rise)} above today's rate of "
        f"{quantity(a.rate_today)} a day, and {a.supplier_id} takes {days(a.lead_time)} ({number(a.lead_time_q90)} in "
        f"one case of ten). Ordering when today's rate calls for it, on {a.late_order_day}, leaves "
        f"{quantity(a.shortage_units)} more units short, at {price(a.shortage_cost, currency)} each."
    )
    return f"Engage {a.supplier_id} for {quantity(a.quantity)} {a.unique_id} by {day(a.act_by)}", evidence
