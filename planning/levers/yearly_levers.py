"""The levers that pay every year, and which of them a plan prices."""

from collections.abc import Callable
from typing import Literal

from planning.levers.improvement.improve_supplier import improve_supplier
from planning.levers.lever_lines import LeverResult
from planning.levers.lever_plays import LeverPlays
from planning.levers.ownership.consignment import consignment
from planning.levers.ownership.jit import jit
from planning.levers.ownership.kanban import kanban
from planning.levers.ownership.vmi import vmi
from planning.levers.responsible.prefer_supplier import prefer_supplier
from planning.levers.rhythm.consolidate_orders import consolidate_orders
from planning.levers.rhythm.frequent_deliveries import frequent_deliveries
from planning.levers.rhythm.order_days import order_days
from planning.levers.terms.book_capacity import book_capacity
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

Lever = Callable[[LeverPlays], LeverResult]


VENDORS_AND_LOTS: tuple[Lever, ...] = (lower_moq, switch_vendor)
"""Levers that bring most at the least work."""

YEARLY: tuple[Lever, ...] = (
    *VENDORS_AND_LOTS,
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
    book_capacity,
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


def yearly_levers(which: Literal["all", "vendors_and_lots", "none"]) -> tuple[Lever, ...]:
    """The levers that a plan prices, by `policy.levers`."""
    return {"all": YEARLY, "vendors_and_lots": VENDORS_AND_LOTS, "none": ()}[which]
