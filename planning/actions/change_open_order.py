"""Push back, split, reduce, cancel or close short: open orders not needed when they arrive, or not in full."""

from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from configs.formats import days, money, quantity, share
from planning.actions.action_table import COLUMNS, action_rows, action_subjects, confidence
from planning.actions.open_order_needs import OpenOrderNeeds
from planning.actions.played_worth import PlayedWorth
from planning.assessment import Assessment
from planning.played_ahead.best_changes import ChosenChanges
from planning.tables.dates import date_texts, dates_after

KINDS = ("push_back", "split", "reduce", "cancel")

CLOSE_SHORT = "close_short"
"""A cancelled line of which a part has been received: its order is closed short."""


def change_open_order(
    assessment: Assessment, needs: OpenOrderNeeds, chosen: ChosenChanges | None
) -> pd.DataFrame:
    """Propose to push back, split, reduce or cancel open orders where that is among what is `chosen` today.

    Worth: the difference of two plays from today's state on, in both of which the plan is made again at each review.
    Fees of the supplier are not known and not counted.
    """
    if chosen is None:
        return pd.DataFrame(columns=COLUMNS)
    rows = np.flatnonzero(np.isin(chosen.changes.kind.astype(str), KINDS))
    if not len(rows):
        return pd.DataFrame(columns=COLUMNS)
    chosen = chosen.select(rows)
    changes, pipeline = chosen.changes, assessment.pipeline
    worth = PlayedWorth.of_saved(chosen.saved, assessment.setting.policy.effort.call)
    orders, sku = pipeline.orders.iloc[changes.line], pipeline.sku[changes.line]
    seen = confidence(assessment, assessment.chosen_lane[sku], uses_shortage=True)
    part_came = (orders.get("quantity_received", pd.Series(0.0, orders.index)).to_numpy(float) > 0) & (
        changes.kind == "cancel"
    )
    head = pd.DataFrame(
        {
            "kind": np.where(part_came, CLOSE_SHORT, changes.kind),
            "unique_id": orders["unique_id"].to_numpy(object),
            "supplier_id": orders["supplier_id"].to_numpy(object),
            "alternative_supplier_id": None,
            "subject": action_subjects(orders),
            "quantity": orders["quantity_open"].to_numpy(float),
            "worth": worth.mean,
            "worth_period": "once",
            "act_by": dates_after(assessment.setting.as_of, pipeline.remaining.quantile(0.1)[changes.line]),
            "confidence": worth.confidence(seen),
        }
    )
    return action_rows(
        assessment,
        head,
        _facts(assessment, needs, chosen, worth),
        partial(_describe, assessment.inputs.currency),
    )


def _facts(
    assessment: Assessment, need: OpenOrderNeeds, chosen: ChosenChanges, worth: PlayedWorth
) -> pd.DataFrame:
    """Numbers behind the evidence of changing open orders, one row a change."""
    line, as_of = chosen.changes.line, assessment.setting.as_of
    orders = assessment.pipeline.orders.iloc[line]
    needed = date_texts(as_of, need.needed_after[line])
    return pd.DataFrame(
        {
            "order_id": orders["order_id"].astype(str).to_numpy(object),
            "line": orders["line"].astype(str).to_numpy(object),
            "order_quantity": orders["quantity_open"].to_numpy(float),
            "units_ahead": need.units_ahead[line],
            "due": date_texts(as_of, need.arrival[line]),
            "needed_from": np.where(needed == "NaT", "never", needed),
            "delay_days": chosen.changes.later,
            "reduced_to": chosen.changes.left * orders["quantity_open"].to_numpy(float),
            "unused_units": need.unused[line],
            "missed_units_more": chosen.missed_after - chosen.missed_before,
            "holding_cost_year": assessment.chosen_terms.costs.holding[assessment.pipeline.sku[line]],
            **worth.facts(),
        }
    )


def _describe(currency: str, a: Any) -> tuple[str, str]:
    """Title and evidence of changing an open order, from the action's row."""
    order = f"order {a.subject} of {quantity(a.quantity)} {a.sku} at {a.supplier}"
    title = {
        "push_back": f"Push {order} back by {days(a.delay_days)}",
        "split": f"Split {order}: {quantity(a.reduced_to)} as agreed, the rest {days(a.delay_days)} later",
        "reduce": f"Reduce {order} to {quantity(a.reduced_to)}",
        "cancel": f"Cancel {order}",
        CLOSE_SHORT: f"Close order {a.subject} short: {quantity(a.quantity)} {a.sku} still to come from {a.supplier}",
    }[a.kind]
    ahead = f"with {quantity(a.units_ahead)} units ahead of them they are"
    if a.needed_from == "never":
        early = f", but {ahead} never needed"
    else:  # what is needed at once may still be more than sells in time
        early = f", but {ahead} not needed before {a.needed_from}" if a.needed_from > a.due else ""
    unused = (
        f" {quantity(a.unused_units)} of them are expected to find no use." if a.unused_units >= 0.5 else ""
    )
    more = a.missed_units_more
    short = f", with {quantity(more)} units more short" if more >= 0.5 else ""
    evidence = (
        f"{quantity(a.quantity)} units are due about {a.due}{early}.{unused} Played on with the plan made again at "
        f"each review, this saves {money(a.worth, currency)}{short}; in 80 of 100 cases between "
        f"{money(a.worth_low, currency)} and {money(a.worth_high, currency)}, "
        f"and with {share(a.chance)} it is worth the call."
    )
    return title, evidence
