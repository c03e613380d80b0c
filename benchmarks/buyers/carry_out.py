"""What becomes of a company when an action of the list is carried out; every supplier agrees to what is asked."""

from typing import Any

import numpy as np
import orjson

from benchmarks.buyers.changed_orders import change_line
from benchmarks.buyers.desk import Desk
from planning.approved_actions import SWITCHES
from planning.realised.agreed_terms import agreed_terms

_NO_PLAY = "not played"


def carry_out(desk: Desk, action: Any, week: int) -> float:
    """Carry out one action, a row of the list with `basis`; the units (0: none) to order ahead of the plan today.

    What changes nothing that a play of one supplier a SKU shows is not carried out, and counted as `not played`.
    """
    desk.done.add(action.action_id)
    facts, basis = orjson.loads(action.facts), orjson.loads(action.basis)
    ahead = 0.0
    if action.kind in {"chase", "expedite_question"}:
        played = False
    elif "order_id" in facts:
        played = change_line(desk, action.kind, facts, week)
    elif action.kind == "engage_early":
        ahead, played = float(action.quantity), True
    elif action.kind in {"sell_down", "return_stock"}:
        played = _sell(desk, action.unique_id, facts)
    else:
        played = _agree(desk, action, facts, basis, week)
    name = action.kind if played else _NO_PLAY
    desk.actions[name] = desk.actions.get(name, 0) + 1
    if played:
        desk.effort += float(action.effort)
    return ahead


def _agree(desk: Desk, action: Any, facts: dict[str, Any], basis: dict[str, Any], week: int) -> bool:
    """Move SKUs to another supplier today, or agree on other terms by next week; False where no play shows it."""
    kind = "switch_vendor" if action.kind == "trial_order" else action.kind  # its first order is the trial
    row = {"kind": kind, "unique_id": action.unique_id, "supplier_id": action.supplier_id}
    row |= {"alternative_supplier_id": action.alternative_supplier_id, "agreed": {}, "basis": basis}
    if action.kind == "lead_time_sla":
        desk.lead_times.add(action, facts, basis["skus"], 7 * (week + 1))
        return bool(basis["skus"])
    if kind in SWITCHES:
        desk.agreed.append(row)
        return True
    elsewhere = isinstance(action.alternative_supplier_id, str) and bool(action.alternative_supplier_id)
    if elsewhere or not agreed_terms(basis, {}):
        return False
    desk.next_week.append(row)
    return True


def _sell(desk: Desk, unique_id: str, facts: dict[str, Any]) -> bool:
    """Sell stock for what it brings, what perishes first first; False where nothing of it is left."""
    copy = int(np.flatnonzero(desk.skus == unique_id)[0])
    shelf = desk.play.shelf[copy]
    units = min(float(facts["units"]), float(shelf.sum()))
    if units <= 0:
        return False
    desk.play.shelf[copy] = shelf - np.clip(units - (np.cumsum(shelf) - shelf), 0.0, shelf)
    desk.refunds += units * float(facts["brings"]) / float(facts["units"])
    return True
