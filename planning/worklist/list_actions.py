"""The worklist: all sourcing actions of a day as one plan, what brings most for its effort first."""

from collections.abc import Callable

import pandas as pd

from planning.actions.action_table import ranked
from planning.actions.change_open_order import change_open_order
from planning.actions.chase import chase
from planning.actions.engage_early import engage_early
from planning.actions.expedite import expedite
from planning.actions.expedite_proposals import expedite_proposals
from planning.actions.open_order_needs import open_order_needs
from planning.actions.today_candidates import chosen_today
from planning.assessment import Assessment
from planning.levers.improvement.improve_supplier import improve_supplier
from planning.levers.lever_lines import LeverResult
from planning.levers.lever_plays import LeverPlays
from planning.levers.ownership.consignment import consignment
from planning.levers.ownership.jit import jit
from planning.levers.ownership.kanban import kanban
from planning.levers.ownership.vmi import vmi
from planning.levers.responsible.clear_stock import clear_stock
from planning.levers.responsible.prefer_supplier import prefer_supplier
from planning.levers.rhythm.consolidate_orders import consolidate_orders
from planning.levers.rhythm.frequent_deliveries import frequent_deliveries
from planning.levers.rhythm.order_days import order_days
from planning.levers.terms.flexibility import flexibility
from planning.levers.terms.lead_time_sla import lead_time_sla
from planning.levers.terms.lower_moq import lower_moq
from planning.levers.terms.lower_multiple import lower_multiple
from planning.levers.terms.payment_days import payment_days
from planning.levers.terms.price_breaks import lower_price_break, reach_price_break
from planning.levers.terms.price_on_volume import price_on_volume
from planning.levers.terms.share_forecast import share_forecast
from planning.levers.vendor.contingency import contingency
from planning.levers.vendor.dual_source import dual_source
from planning.levers.vendor.shift_spend import shift_spend
from planning.levers.vendor.switch_vendor import switch_vendor
from planning.realised.action_basis import action_bases
from planning.worklist.joint_set import joint_set
from planning.worklist.one_plan import one_plan

YEARLY: tuple[Callable[[LeverPlays], LeverResult], ...] = (
    lambda plays: lower_moq(plays.assessment),
    lambda plays: switch_vendor(plays.assessment),
    dual_source,
    shift_spend,
    contingency,
    prefer_supplier,
    improve_supplier,
    lower_multiple,
    lead_time_sla,
    flexibility,
    reach_price_break,
    lower_price_break,
    price_on_volume,
    payment_days,
    share_forecast,
    consolidate_orders,
    frequent_deliveries,
    order_days,
    consignment,
    vmi,
    kanban,
    jit,
)
"""Levers that pay every year."""


def list_actions(assessment: Assessment, plays: LeverPlays | None = None) -> pd.DataFrame:
    """The worklist: sourcing actions worth at least the policy's minimum, with the columns of the action table.

    What excludes each other stands there with `alternative_to`: the rest is one plan, in which every yearly action is
    worth what it brings beside the better ones. `basis` is what each is played by later (`planning.realised`). With the
    assessment's `plays` at hand, years that they know are not played again.
    """
    needs, proposals = open_order_needs(assessment), expedite_proposals(assessment)
    today = chosen_today(assessment, needs, proposals)
    parts = [
        engage_early(assessment, today),
        expedite(assessment, proposals, today),
        change_open_order(assessment, needs, today),
        chase(assessment),
        clear_stock(assessment),
    ]
    plays = LeverPlays(assessment) if plays is None else plays
    results = [lever(plays) for lever in YEARLY]
    yearly = joint_set(plays, results)
    listed = one_plan(ranked([*parts, yearly]), assessment)
    return listed.assign(basis=action_bases(plays, listed, [result.lines for result in results]))
