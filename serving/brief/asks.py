"""What to ask a supplier for, in order of worth, what to fall back to, and what can be given for it."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from configs.formats import days, missing, money, number, share
from database.recommendations import Recommendation
from planning.levers.lever_catalog import lever

MOST_ASKS = 3
ASKED = ("terms", "rhythm", "ownership", "improvement")
"""Groups of levers that are asked for in a talk; the others are decided without the supplier, or done today."""

_FROM_TERMS = {
    "lead_time": "A lead time a day shorter",
    "lead_time_spread": "Deliveries a day steadier (standard deviation)",
    "price": "Prices 1 % lower",
    "payment_days": "Payment a week later",
    "rejected_share": "A percentage point fewer defects",
    "moq": "MOQs a tenth lower",
}
"""Term → what is asked for where no action asks for anything about it."""

_STEPS = {"payment_days": 7.0}
"""Term → steps that are asked for at once, where one is too small to talk about."""

_LINE_BY_LINE = ("lower_moq", "lower_multiple", "lower_price_break", "price_on_volume", "kanban", "jit")
"""Kinds that can be agreed on for one SKU and not for another."""

_OF_KIND = {
    "lower_moq": "moq",
    "lower_multiple": "moq",
    "lead_time_sla": "lead_time",
    "payment_days": "payment_days",
    "price_on_volume": "price",
    "renegotiate": "price",
    "reach_price_break": "price",
    "lower_price_break": "price",
}
"""Kind of an action → the term it is about."""

_TENTH = 0.1
"""Of the MOQ is one step of it in the plan's `term_worth`."""

Terms = dict[str, dict[str, Any]]


def terms_of(table: pd.DataFrame, supplier_id: str) -> Terms:
    """What one step better of each term is worth with a supplier: rows of the plan's `term_worth`, by term."""
    own = table[(table["supplier_id"] == supplier_id) & (table["unique_id"] == "")]
    return {
        str(row["term"]): {str(name): value for name, value in row.items()} for row in own.to_dict("records")
    }


def unit_of_moq(table: pd.DataFrame, supplier_id: str, most: int = 3) -> list[dict[str, Any]]:
    """What a unit off the MOQ of single SKUs is worth a year: those of a supplier where it is worth most.

    Returns
    -------
    list of dict
        unique_id, moq (units today), worth, low and high (money a year for one unit less)
    """
    own = table[(table["supplier_id"] == supplier_id) & (table["unique_id"] != "") & (table["term"] == "moq")]
    own = own[(own["worth"] > 0) & (own["level"] > 1)]
    units = _TENTH * own["level"]
    rows = pd.DataFrame(
        {
            "unique_id": own["unique_id"],
            "moq": own["level"],
            "worth": own["worth"] / units,
            "low": own["worth_low"] / units,
            "high": own["worth_high"] / units,
        }
    )
    found: list[dict[str, Any]] = rows.nlargest(most, "worth").to_dict("records")
    return found


def asks(actions: Sequence[Recommendation], terms: Terms, currency: str) -> list[dict[str, Any]]:
    """The asks of a talk, the most valuable first: what the worklist proposes, then single terms.

    Returns
    -------
    list of dict
        ask, worth, low, high (money a year), evidence, action_id (none: from a term's worth), price_rise (the share of
        the price that it is worth, None where not known) and fallback
    """
    asked = [_from_action(action, terms, currency) for action in actions if _is_asked(action)]
    covered = {_OF_KIND.get(action.kind, "") for action in actions if _is_asked(action)}
    more = [
        _from_term(term, row, currency)
        for term, row in terms.items()
        if term in _FROM_TERMS and term not in covered and row["worth"] > 0 and not missing(row["worth_low"])
    ]
    priced = terms.get("price", {}).get("worth") or 0.0
    ranked = sorted(asked, key=_worth, reverse=True)[:MOST_ASKS]
    ranked += sorted(more, key=_worth, reverse=True)[: MOST_ASKS - len(ranked)]
    return [ask | {"price_rise": ask["worth"] / priced / 100 if priced > 0 else None} for ask in ranked]


def _worth(ask: dict[str, Any]) -> float:
    return float(ask["worth"])


def _is_asked(action: Recommendation) -> bool:
    """Whether an action is something to ask the supplier for."""
    return (
        action.proposed
        and action.status == "open"
        and not action.alternative_to
        and not action.held_back
        and action.worth_period == "year"
        and lever(action.kind).group in ASKED
    )


def _from_action(action: Recommendation, terms: Terms, currency: str) -> dict[str, Any]:
    """An ask that is an action of the worklist."""
    return {
        "ask": action.title,
        "worth": action.worth,
        "low": action.facts.get("worth_low"),
        "high": action.facts.get("worth_high"),
        "evidence": action.evidence,
        "action_id": action.action_id,
        "fallback": _fallback(action, terms, currency),
    }


def _fallback(action: Recommendation, terms: Terms, currency: str) -> str:
    """What to settle for where an action is refused: its best line alone, else one step of its term."""
    lines = action.facts.get("lines") or []
    if action.kind in _LINE_BY_LINE and len(lines) > 1 and lines[0].get("says"):
        return f"At least {lines[0]['says']}: {money(float(lines[0].get('worth', 0)), currency)} a year."
    term = _OF_KIND.get(action.kind, "")
    if term in terms and terms[term]["worth"] > 0:
        worth = terms[term]["worth"] * _STEPS.get(term, 1.0)
        return f"{_FROM_TERMS[term]}: {money(worth, currency)} a year."
    return "Half the way now, and the rest at the next review."


def _from_term(term: str, row: dict[str, Any], currency: str) -> dict[str, Any]:
    """An ask for one step of a term that no action is about."""
    step = _STEPS.get(term, 1.0)
    return {
        "ask": _FROM_TERMS[term],
        "worth": row["worth"] * step,
        "low": row["worth_low"] * step,
        "high": row["worth_high"] * step,
        "evidence": f"Today: {_level(term, row['level'], currency)}.",
        "action_id": None,
        "fallback": f"Half of it: about {money(row['worth'] * step / 2, currency)} a year.",
    }


def _level(term: str, level: float, currency: str) -> str:
    """A term as it is today, in words."""
    if missing(level):
        return "paid with the order"
    mean = {
        "price": f"{money(level, currency)} a unit",
        "rejected_share": share(level, 1),
        "moq": f"{number(level)} units",
    }.get(term, days(level))
    return f"{mean}, on average over what is bought there"


def gives(terms: Terms, growth: float | None, asked: Sequence[dict[str, Any]], currency: str) -> list[str]:
    """What can be given, in sentences: what costs us little, and what each ask is worth in price and payment.

    Parameters
    ----------
    growth : of the money a year that will be needed over what was ordered, a share; None where not known
    """
    found = ["Our forecast by month, as below, every month: it costs nothing."]
    if growth is not None and growth > 0.02:
        found.append(
            f"More volume: {share(growth)} more than was ordered in the last twelve months is expected."
        )
    pay, price = terms.get("payment_days"), terms.get("price")
    if pay is not None and pay["worth"] > 0:
        found.append(f"Payment a week sooner costs us {money(7 * pay['worth'], currency)} a year.")
    if asked and price is not None and price["worth"] > 0:
        first = asked[0]
        text = f"The first ask is worth prices {share(first['price_rise'], 1)} higher"
        if pay is not None and pay["worth"] > 0:
            text += f", or payment {days(first['worth'] / pay['worth'])} sooner"
        found.append(f"{text}: give less than that.")
    return found
