"""Expedite: the action that makes an open order come sooner, where that is worth more than a call costs."""

from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from configs.formats import missing, money, price, quantity, share
from distributions.distribution import Array
from planning.actions.action_table import action_rows, action_subjects, confidence
from planning.actions.expedite_proposals import (
    ExpediteProposals,
    expected_arrival,
    last_call_days,
)
from planning.actions.played_worth import PlayedWorth
from planning.assessment import Assessment
from planning.played_ahead.best_changes import ChosenChanges
from planning.tables.dates import date_texts, dates_after


def expedite(
    assessment: Assessment, proposals: ExpediteProposals, chosen: ChosenChanges | None
) -> pd.DataFrame:
    """Propose to expedite open orders where that is among what is `chosen` today, and what to ask a supplier.

    Worth: the difference of two plays from today's state on, less what the supplier asks for expediting. One order a
    SKU: a second one would fill the same gap. Where the offer names no expedite cost, or no expedited order has been
    seen, the highest price worth paying becomes a question to the supplier that counts as no saving.
    """
    of_line = {} if chosen is None else _saved_by_line(chosen)
    lines = proposals.calls.line.tolist()
    asked = proposals.question | np.array([line in of_line for line in lines], bool)
    proposals = proposals[np.flatnonzero(asked)]
    pipeline, line = assessment.pipeline, proposals.calls.line
    scenarios = len(next(iter(of_line.values()))) if of_line else 1
    saved = np.array([of_line.get(each, np.zeros(scenarios)) for each in line.tolist()]).reshape(
        -1, scenarios
    )
    worth = PlayedWorth.of_saved(saved, assessment.setting.policy.effort.call)
    orders, at = pipeline.orders.iloc[line], assessment.chosen_lane[pipeline.sku[line]]
    lane = np.where(proposals.lane < 0, at, proposals.lane)
    seen = confidence(assessment, lane, uses_shortage=True)
    head = pd.DataFrame(
        {
            "kind": np.where(proposals.question, "expedite_question", "expedite").astype(object),
            "unique_id": orders["unique_id"].to_numpy(object),
            "supplier_id": orders["supplier_id"].to_numpy(object),
            "alternative_supplier_id": None,
            "subject": action_subjects(orders),
            "quantity": orders["quantity_open"].to_numpy(float),
            "worth": np.where(proposals.question, 0.0, worth.mean),
            "worth_period": "once",
            "act_by": dates_after(assessment.setting.as_of, last_call_days(assessment, proposals)),
            "confidence": np.where(proposals.question, seen, worth.confidence(seen)),
        }
    )
    facts = _facts(assessment, proposals).assign(**worth.facts())
    return action_rows(assessment, head, facts, partial(_describe, assessment.inputs.currency))


def _saved_by_line(chosen: ChosenChanges) -> dict[int, Array]:
    """Money saved in each scenario by expediting an open order, by its row in the pipeline."""
    rows = np.flatnonzero(chosen.changes.kind == "expedite").tolist()
    return {int(chosen.changes.line[row]): chosen.saved[row] for row in rows}


def _facts(assessment: Assessment, proposals: ExpediteProposals) -> pd.DataFrame:
    """Numbers behind the evidence of expediting, one row a proposal."""
    pipeline, as_of, calls = assessment.pipeline, assessment.setting.as_of, proposals.calls
    without, expedited = expected_arrival(assessment, calls)
    orders, sku = pipeline.orders.iloc[calls.line], pipeline.sku[calls.line]
    return pd.DataFrame(
        {
            "order_id": orders["order_id"].astype(str).to_numpy(object),
            "line": orders["line"].astype(str).to_numpy(object),
            "due": date_texts(as_of, np.ceil(without)),
            "hurried_due": date_texts(as_of, np.ceil(expedited)),
            "days_sooner": without - expedited,
            "share_of_time": np.where(proposals.speed_known, calls.share, np.nan),
            "expected_shortage": assessment.decision.short[sku],
            "units_saved": proposals.units,
            "shortage_cost": assessment.chosen_terms.costs.shortage[sku],
            "expedite_cost": proposals.cost,
            "highest_price": proposals.saving,
        }
    )


def _describe(currency: str, a: Any) -> tuple[str, str]:
    """Title and evidence of expediting an order, or of asking its supplier, from the action's row."""
    order = f"order {a.subject} of {quantity(a.quantity)} {a.sku}"
    saves = f"saves {quantity(a.units_saved)} of them at {price(a.shortage_cost, currency)} each"
    known = not missing(a.share_of_time)
    highest = money(a.highest_price, currency)
    speed = (
        f"Hurried orders take {share(a.share_of_time)} of their time there; coming about {a.hurried_due}, it {saves}."
        if known
        else f"Coming tomorrow, it {saves}; no hurried order has been seen, so ask how soon it can come."
    )
    cost = (
        f"The offer names no price for that: up to {highest} is worth paying."
        if missing(a.expedite_cost)
        else f"That costs {money(a.expedite_cost, currency)}; with the plan made again at each review it saves "
        f"{money(a.worth, currency)} more than that, in 80 of 100 cases between {money(a.worth_low, currency)} and "
        f"{money(a.worth_high, currency)}."
    )
    evidence = (
        f"It is due about {a.due}, and {quantity(a.expected_shortage)} units are expected to fall short before a new "
        f"order could come. {speed} {cost}"
    )
    if a.kind == "expedite":
        return f"Expedite {order} at {a.supplier}: {a.hurried_due} instead of {a.due}", evidence
    return f"Ask {a.supplier} to expedite {order}: worth up to {highest}", evidence
