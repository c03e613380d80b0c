"""The negotiation brief as Markdown, to be pasted into a mail or a note."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from configs.formats import money, number, share, signed

MEASURES = {
    "on_time": "on time by first promise",
    "within_contract": "within contract lead time",
    "complete": "complete",
    "defects": "defects",
    "lead_time": "lead time, days",
    "lead_time_a_year": "lead time, growth a year",
    "prices_a_year": "prices, growth a year",
}
"""Measure of the brief → what it is called."""

TERM_LABELS = {
    "lead_time": "lead time",
    "lead_time_spread": "its spread",
    "moq": "MOQs",
    "price": "price",
    "payment_days": "payment",
    "rejected_share": "defects",
}
"""Term of the brief → what it is called."""


def brief_markdown(brief: dict[str, Any]) -> str:
    """Write a brief as Markdown, in which a supplier's name is no link, no HTML and no code."""
    brief = _plain(brief)
    currency = brief["currency"]
    parts = [
        f"# {brief['name']} ({brief['supplier_id']})\n\nBrief of {brief['as_of']}, money in {currency} a year.\n",
        _asks(brief),
        _section("What we can give", _bullets(brief["gives"])),
        _section("What terms are worth", _terms(brief)),
        _section("Who else could deliver", _alternatives(brief)),
        _section("Performance", _performance(brief)),
        _section("Worst orders", _worst(brief)),
        _section("Open orders at risk", _open_orders(brief)),
        _section("What we spend and will need", _needs(brief)),
        _section("Agreed before", _agreed(brief)),
        _section(
            "Agenda", "".join(f"{place}. {text}\n" for place, text in enumerate(brief["agenda"], start=1))
        ),
    ]
    return "\n".join(part for part in parts if part)


def measure(name: str, value: Any) -> str:
    """Write a measure of performance: days, a growth with its sign, or a share."""
    if name == "lead_time":
        return number(value, 1)
    if name.endswith("_a_year"):
        return signed(value, 1)
    return share(value, 1 if name in ("defects", "complete") else 0)


def _plain(value: Any) -> Any:
    """A part of a brief whose texts are read as they stand."""
    if isinstance(value, str):
        return re.sub(r"[\\\[<`]", r"\\\g<0>", value)
    if isinstance(value, Mapping):
        return {name: _plain(each) for name, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, list | tuple) else value


def _section(title: str, text: str) -> str:
    return f"## {title}\n\n{text}" if text else ""


def _bullets(lines: Iterable[str]) -> str:
    return "".join(f"- {line}\n" for line in lines)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table; nothing without rows. What would end a cell is written otherwise."""
    if not rows:
        return ""
    lines = [head, ["---"] * len(head), *rows]
    return "".join("| " + " | ".join(str(cell).replace("|", "/") for cell in line) + " |\n" for line in lines)


def _range(low: Any, high: Any) -> str:
    return f"{number(low)} … {number(high)}"


def _asks(brief: dict[str, Any]) -> str:
    """The asks, each with its worth and its fallback."""
    lines = []
    for place, ask in enumerate(brief["asks"], start=1):
        rise = "" if ask["price_rise"] is None else f", as much as prices {share(ask['price_rise'], 1)} lower"
        between = "" if ask["low"] is None else f" ({_range(ask['low'], ask['high'])})"
        worth = f"{money(ask['worth'], brief['currency'])} a year{between}{rise}"
        lines.append(
            f"{place}. **{ask['ask']}**: {worth}\n   - {ask['evidence']}\n   - Else: {ask['fallback']}\n"
        )
    return _section("Three asks" if len(lines) == 3 else "Asks", "".join(lines))


def _terms(brief: dict[str, Any]) -> str:
    rows = [
        [
            TERM_LABELS[row["term"]],
            row["unit"],
            number(row["worth"]),
            _range(row["worth_low"], row["worth_high"]),
        ]
        for row in brief["terms"]
    ]
    rows += [
        [
            f"MOQ of {row['description']}, {number(row['moq'])} today",
            "a unit lower",
            number(row["worth"], 2),
            f"{number(row['low'], 2)} … {number(row['high'], 2)}",
        ]
        for row in brief["moqs"]
    ]
    return _table(["term", "one step better", "worth a year", "80 of 100 years"], rows)


def _alternatives(brief: dict[str, Any]) -> str:
    rows = [
        [
            row["name"],
            number(row["skus"]),
            number(row["goods"]),
            signed(row["premium"], 1),
            f"{signed(row['premium_low'], 1)} … {signed(row['premium_high'], 1)}",
        ]
        for row in brief["alternatives"]
    ]
    return _table(["supplier", "SKUs in common", "goods a year", "may be dearer by", "80 of 100 years"], rows)


def _performance(brief: dict[str, Any]) -> str:
    measures = brief["performance"]["measures"]
    rows = [
        [
            MEASURES[name],
            measure(name, of["value"]),
            f"{measure(name, of['low'])} … {measure(name, of['high'])}",
        ]
        for name, of in measures.items()
        if of["value"] is not None
    ]
    return _table(["measure", "value", "90 % between"], rows)


def _worst(brief: dict[str, Any]) -> str:
    rows = [
        [
            f"{row['order_id']}/{row['line']}",
            row["description"],
            number(row["quantity_ordered"]),
            row["promised_at"],
            row["received_at"],
            number(row["days_late"]),
        ]
        for row in brief["worst_orders"]
    ]
    return _table(["order", "SKU", "units", "promised", "received", "days late"], rows)


def _open_orders(brief: dict[str, Any]) -> str:
    rows = [
        [
            f"{row['order_id']}/{row['line']}",
            row["description"],
            number(row["quantity_open"]),
            row["promised_at"] or "–",
            row["expected"],
            share(row["late_probability"]),
        ]
        for row in brief["open_orders"]["lines"]
    ]
    return _table(["order", "SKU", "units", "promised", "likely", "chance late"], rows)


def _needs(brief: dict[str, Any]) -> str:
    spent, needs, currency = brief["spend"], brief["needs"], brief["currency"]
    text = f"Ordered in the last 12 months: {money(spent['last_12_months'], currency)} in {spent['orders']} orders.\n"
    if needs is None:
        return text
    grown = "" if brief["growth"] is None else f", {signed(brief['growth'])} against what was ordered"
    text += (
        f"Expected need of the next 12 months at today's prices: {money(needs['year'], currency)}{grown} "
        f"({needs['skus']} of {needs['all_skus']} SKUs).\n\n"
    )
    rows = [
        [row["month"], number(row["money"]), f"{number(row['low'])} … {number(row['high'])}"]
        for row in needs["months"]
    ]
    return text + _table(["month", f"need, {currency}", "80 of 100"], rows)


def _agreed(brief: dict[str, Any]) -> str:
    return _bullets(
        f"{row['decided_on']}, {row['who']}: {row['what']}"
        + (f" (carried out {row['carried_out_on']})" if row["carried_out_on"] else " (not carried out yet)")
        for row in brief["agreed"]
    )
