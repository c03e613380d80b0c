"""The levers: every kind of action that the worklist may hold, what it is called and what carrying it out takes."""

from dataclasses import dataclass
from typing import Literal

Group = Literal["vendor", "terms", "rhythm", "ownership", "improvement", "responsible", "open orders"]
Effort = Literal["call", "negotiation", "vendor_switch", "project"]


@dataclass(frozen=True)
class Lever:
    """A lever.

    Attributes
    ----------
    label : what people call it, in a list of kinds
    group : what it works on; its page is `docs/levers/{group}.md`, words joined by hyphens
    effort : of `policy.effort`, what carrying it out costs
    of : what one action is about: a SKU, a supplier, or a line of an open order
    instead : name of the set of which a SKU has one at a time; empty: it goes with all others
    moves : the SKU is bought elsewhere after it, so that it leaves nothing to agree on with today's supplier
    wish : the company wants it at its price: it goes before what only pays
    """

    label: str
    group: Group
    effort: Effort
    of: Literal["sku", "supplier", "order"] = "sku"
    instead: str = ""
    moves: bool = False
    wish: bool = False


LEVERS: dict[str, Lever] = {
    "switch_vendor": Lever("switch the vendor", "vendor", "vendor_switch", instead="source", moves=True),
    "trial_order": Lever("place a trial order", "vendor", "vendor_switch", instead="source", moves=True),
    "dual_source": Lever("buy from two suppliers", "vendor", "vendor_switch", instead="source", moves=True),
    "shift_spend": Lever("shift spend", "vendor", "vendor_switch", "supplier", moves=True),
    "conditional_sourcing": Lever("move if a supplier stays late", "vendor", "vendor_switch", "supplier"),
    "contingency": Lever("find a second source", "vendor", "vendor_switch", "supplier"),
    "activate_alternate": Lever("try an alternate", "vendor", "negotiation", "supplier"),
    "prefer_supplier": Lever("prefer a supplier", "responsible", "vendor_switch", moves=True, wish=True),
    "lower_emissions": Lever(
        "buy with fewer emissions", "responsible", "vendor_switch", instead="source", moves=True
    ),
    "reduce_reliance": Lever("rely less on a supplier", "vendor", "vendor_switch", moves=True, wish=True),
    "return_stock": Lever("return stock", "responsible", "call"),
    "sell_down": Lever("sell stock down", "responsible", "negotiation"),
    "lower_moq": Lever("lower the MOQ", "terms", "negotiation", instead="source"),
    "lower_multiple": Lever("lower the order multiple", "terms", "negotiation"),
    "lead_time_sla": Lever("agree on a longest lead time", "terms", "negotiation", "supplier"),
    "payment_days": Lever("pay later", "terms", "negotiation", "supplier"),
    "price_on_volume": Lever("a lower price on rising volume", "terms", "negotiation", "supplier"),
    "reach_price_break": Lever("order up to a price break", "terms", "call"),
    "lower_price_break": Lever("a price break at what is ordered", "terms", "negotiation"),
    "flexibility": Lever("a window to cancel orders", "terms", "negotiation", "supplier"),
    "book_capacity": Lever("book capacity", "terms", "negotiation", "supplier"),
    "share_forecast": Lever("share the forecast", "terms", "call", "supplier"),
    "consolidate_orders": Lever("consolidate orders", "rhythm", "negotiation", "supplier"),
    "frequent_deliveries": Lever("order more often", "rhythm", "call", "supplier"),
    "order_days": Lever("fit the order days", "rhythm", "call", "supplier"),
    "consignment": Lever("consignment", "ownership", "project", "supplier"),
    "vmi": Lever("have the supplier replenish (VMI)", "ownership", "project", "supplier"),
    "kanban": Lever("Kanban bins", "ownership", "project"),
    "jit": Lever("just in time", "ownership", "project", "supplier"),
    "improve_supplier": Lever("improvement plan", "improvement", "negotiation", "supplier"),
    "engage_early": Lever("engage early", "terms", "call", instead="source"),
    "expedite": Lever("expedite", "open orders", "call", "order"),
    "expedite_question": Lever("ask what expediting costs", "open orders", "call", "order"),
    "push_back": Lever("push back", "open orders", "call", "order"),
    "reduce": Lever("reduce", "open orders", "call", "order"),
    "split": Lever("split", "open orders", "call", "order"),
    "close_short": Lever("close short", "open orders", "call", "order"),
    "cancel": Lever("cancel", "open orders", "call", "order"),
    "chase": Lever("chase or close", "open orders", "call", "order"),
}
"""By the `kind` of the action table."""


def lever(kind: str) -> Lever:
    """The lever of a kind; of one that an older plan knew and this does not, what its kind says."""
    return LEVERS.get(kind) or Lever(kind.replace("_", " "), "open orders", "call")
