"""The levers: every kind of action that the worklist may hold, what it is called and what carrying it out takes."""

from dataclasses import dataclass
from typing import Literal

Group = Literal["vendor", "terms", "rhythm", "ownership", "improvement", "responsible", "open orders"]
Effort = Literal["call", "negotiation", "vendor_switch"]


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
    """

    label: str
    group: Group
    effort: Effort
    of: Literal["sku", "supplier", "order"] = "sku"
    instead: str = ""
    moves: bool = False


LEVERS: dict[str, Lever] = {
    "switch_vendor": Lever("switch the vendor", "vendor", "vendor_switch", instead="source", moves=True),
    "trial_order": Lever("place a trial order", "vendor", "vendor_switch", instead="source", moves=True),
    "dual_source": Lever("buy from two suppliers", "vendor", "vendor_switch", instead="source", moves=True),
    "lower_moq": Lever("lower the MOQ", "terms", "negotiation", instead="source"),
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
