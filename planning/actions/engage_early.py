"""Engage early: the plan's own next order will come too late, so it is placed, or announced, ahead of its review."""

from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from configs.formats import days, money, number, quantity, share
from distributions.distribution import Array
from planning.actions.action_table import COLUMNS, action_rows, confidence
from planning.actions.played_worth import PlayedWorth
from planning.assessment import Assessment
from planning.played_ahead.best_changes import ChosenChanges
from planning.tables.dates import date_texts, dates_after


def engage_early(assessment: Assessment, chosen: ChosenChanges | None) -> pd.DataFrame:
    """Propose to engage the supplier early where that is among what is `chosen` today.

    The plan orders when the position falls below the reorder point, and foresees what rises. Where the supplier cannot
    follow, in quantity or in time, that is too late in more than the accepted share of plays. Worth: the difference
    between the plan with its next order placed today and the plan as it is, in which that order follows at a later
    review.
    """
    if chosen is None:
        return pd.DataFrame(columns=COLUMNS)
    rows = np.flatnonzero(chosen.changes.kind == "engage_early")
    if not len(rows):
        return pd.DataFrame(columns=COLUMNS)
    chosen = chosen.select(rows)
    sku = chosen.changes.lane
    terms = assessment.chosen_terms.select(sku)
    worth = PlayedWorth.of_saved(chosen.saved, assessment.setting.policy.effort.call)
    seen = confidence(assessment, assessment.chosen_lane[sku], uses_shortage=True)
    head = pd.DataFrame(
        {
            "kind": "engage_early",
            "unique_id": terms.lanes["unique_id"].to_numpy(object),
            "supplier_id": terms.lanes["supplier_id"].to_numpy(object),
            "alternative_supplier_id": None,
            "subject": "",
            "quantity": chosen.changes.ordered,
            "worth": worth.mean,
            "worth_period": "once",
            "act_by": dates_after(assessment.setting.as_of, np.zeros(len(sku))),
            "confidence": worth.confidence(seen),
        }
    )
    facts = pd.DataFrame(
        {
            "planned_order_day": date_texts(assessment.setting.as_of, np.ceil(chosen.first_day)),
            "too_late": chosen.fewer_missed,
            "accepted_risk": assessment.decision.accepted_risk[sku],
            "lead_time": terms.lead_time.mean(),
            "lead_time_q90": terms.lead_time.quantile(0.9),
            "expected_lead_time_demand": terms.demand.expected,
            "reorder_point": terms.reorder_point,
            "position": assessment.decision.counted_position[sku],
            "missed_units": chosen.missed_before - chosen.missed_after,
            "shortage_cost": terms.costs.shortage,
            "quantity_by_month": _by_month(assessment, chosen.ordered_at),
            **worth.facts(),
        }
    )
    return action_rows(assessment, head, facts, partial(_describe, assessment.inputs.currency))


def _by_month(assessment: Assessment, ordered_at: Array) -> list[dict[str, float]]:
    """Units that the plan orders in each of the next six months, to tell the supplier, one a row of `ordered_at`."""
    review = max(round(assessment.setting.policy.review_period_days), 1)
    reviews = assessment.setting.as_of + pd.to_timedelta(np.arange(ordered_at.shape[1]) * review, unit="D")
    months = reviews.strftime("%Y-%m")
    by_month = pd.DataFrame(ordered_at.T).groupby(months).sum().iloc[:6].round(1)
    return [by_month[column].to_dict() for column in by_month]


def _describe(currency: str, a: Any) -> tuple[str, str]:
    """Title and evidence of engaging a supplier early, from the action's row."""
    expected = [f"{month} {quantity(units)}" for month, units in a.quantity_by_month.items() if units >= 0.5]
    evidence = (
        f"The plan orders next about {a.planned_order_day}, and {a.supplier} takes {days(a.lead_time)} "
        f"({number(a.lead_time_q90)} in one case of ten): in {share(a.too_late)} of plays that is too late for "
        f"something, where {share(a.accepted_risk)} is accepted. Ordering {quantity(a.quantity)} today instead "
        f"misses {quantity(a.missed_units)} units less and saves {money(a.worth, currency)}, in 80 of 100 cases "
        f"between {money(a.worth_low, currency)} and {money(a.worth_high, currency)}. To tell the supplier, expected "
        f"orders by month: {', '.join(expected) or 'none'}."
    )
    return f"Engage {a.supplier} early: order {quantity(a.quantity)} {a.sku} today", evidence
