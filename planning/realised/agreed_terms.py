"""Own numbers: what was agreed in the place of what was proposed, by lever, and the basis with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from planning.realised.lane_basis import LaneBasis

OFFER_NUMBERS = ("moq", "order_multiple", "unit_price", "ordering_cost", "payment_days", "lead_time_days")
"""Terms of an offer that an agreement may state; the offers' own columns."""

COUNT_ON = "count_on"
"""Own number of an agreement on lead times: 1 where plans count on it at once, 0 where only once orders show it."""

ORDER_NUMBERS: dict[str, tuple[str, ...]] = {
    "reduce": ("reduced_to",),
    "push_back": ("delay_days",),
    "split": ("reduced_to", "delay_days"),
    "close_short": (),
    "expedite": ("share_of_time", "expedite_cost"),
    "expedite_question": ("share_of_time", "expedite_cost"),
    "engage_early": ("quantity",),
    "cancel": ("reduced_to",),
    "chase": (),
}
"""Kind of an action about an order → numbers that its agreement may state; all others state those of an offer."""

UNITS = {
    "moq": "units",
    "order_multiple": "units",
    "unit_price": "money a unit",
    "ordering_cost": "money an order",
    "payment_days": "days from receipt to payment",
    "lead_time_days": "days",
    "count_on": "1: at once, 0: once orders show it",
    "reduced_to": "units",
    "delay_days": "days",
    "share_of_time": "share of the usual time",
    "expedite_cost": "money",
    "quantity": "units",
}


def numbers_of(kind: str) -> tuple[str, ...]:
    """Numbers that an agreement about an action of this kind may state."""
    if kind == "lead_time_sla":
        return (*OFFER_NUMBERS, COUNT_ON)
    return ORDER_NUMBERS.get(kind, OFFER_NUMBERS)


def agreed_problem(kind: str, agreed: Mapping[str, float]) -> str:
    """What is wrong with the own numbers of an agreement, as `field: what`; empty where nothing is."""
    known = numbers_of(kind)
    for name, value in agreed.items():
        if name not in known:
            allowed = ", ".join(known) or "none"
            return f"agreed.{name}: of an action {kind} there is no such number; there are {allowed}"
        if not np.isfinite(value) or (value < 0 and name != "payment_days"):
            return f"agreed.{name}: is {value}, expected a finite number ≥ 0"
        if name == "share_of_time" and value > 1:
            return f"agreed.share_of_time: is {value}, expected a share of 0 to 1"
        if name == COUNT_ON and value not in {0, 1}:
            return f"agreed.{COUNT_ON}: is {value}, expected 1 (at once) or 0 (once orders show it)"
    return ""


def with_agreed(basis: LaneBasis, agreed: Mapping[str, float]) -> LaneBasis:
    """The terms after an action with the numbers that were agreed in the place of those proposed."""
    said: dict[str, Any] = {
        part: float(agreed[name])
        for name, part in _KEPT_AS.items()
        if name in agreed and name != "unit_price"
    }
    result = replace(basis, **said)
    if "unit_price" in agreed:
        result = at_price(result, float(agreed["unit_price"]) / result.unit if result.unit else 1.0)
    if "lead_time_days" in agreed:
        middle = result.lead_days[len(result.lead_days) // 2]
        moved = tuple(max(day + float(agreed["lead_time_days"]) - middle, 0.0) for day in result.lead_days)
        result = replace(result, lead_days=moved)
    return result


def at_price(basis: LaneBasis, ratio: float) -> LaneBasis:
    """The terms with all prices so many times as high."""
    prices = tuple(price * ratio for price in basis.prices)
    return replace(basis, prices=prices, unit=basis.unit * ratio, capital=basis.capital * ratio)


@dataclass(frozen=True)
class AgreedTerms:
    """Terms of one offer that an approved action changes.

    Attributes
    ----------
    changes : name of `OFFER_NUMBERS` → (as it was, as it was agreed)
    breaks : quantity at which a price break began → at which it is agreed to begin
    """

    unique_id: str
    supplier_id: str
    changes: dict[str, tuple[float | None, float]]
    breaks: dict[float, float] = field(default_factory=dict)


def agreed_terms(basis: Mapping[str, Any], agreed: Mapping[str, float]) -> list[AgreedTerms]:
    """Terms of offers that an approved action changes, those proposed and the own numbers in their place.

    Parameters
    ----------
    basis : as `planning.realised.action_basis` says it
    """
    found = []
    for sku in basis.get("skus", ()):
        before, after = sku.get("before"), sku.get("after")
        if not before or not after:
            continue
        stays = before["supplier_id"] == after["supplier_id"]
        now = before if stays else after
        changes: dict[str, tuple[float | None, float]] = {}
        for name, part in _KEPT_AS.items():
            if stays and after[part] != before[part] and after[part] is not None:
                changes[name] = (now[part], float(after[part]))
            if name in agreed:
                changes[name] = (now[part], float(agreed[name]))
        breaks = _moved_breaks(before, after) if stays else {}
        if changes or breaks:
            found.append(AgreedTerms(str(sku["unique_id"]), str(after["supplier_id"]), changes, breaks))
    return found


def _moved_breaks(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[float, float]:
    """Quantity at which a price break began → at which it then begins, of those that move; none where others come."""
    old, new = ([start for start in lane["starts"] if start] for lane in (before, after))
    if len(old) != len(new):
        return {}
    return {float(a): float(b) for a, b in zip(old, new, strict=True) if a != b}


_KEPT_AS = {
    "moq": "moq",
    "order_multiple": "multiple",
    "unit_price": "unit",
    "ordering_cost": "ordering",
    "payment_days": "payment_days",
}
"""Number of an offer → the part of a `LaneBasis` that holds it."""
