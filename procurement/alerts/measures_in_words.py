"""Measured rows in words: the sentence and the page of each finding."""

from typing import Any
from urllib.parse import quote

import pandas as pd

from configs.formats import day, missing, money, number, quantity, share
from procurement.alerts.plan_facts import PlanFacts
from procurement.alerts.upkeep_measures import STOCK


def order_due(row: Any, facts: PlanFacts) -> tuple[str, str]:
    """Sentence and page of an order that is due."""
    what = f"{_count(row.skus, 'SKU')} {'is' if row.skus == 1 else 'are'} due then"
    today = f"; today's proposal is {money(row.money, facts.currency)}" if row.ordered else ""
    text = f"Order from {facts.supplier(row.subject)} by {day(row.first)} ({_in_days(row.value)}): {what}{today}."
    page = f"/orders/proposals/{_path(row.subject)}" if row.ordered else f"/suppliers/{_path(row.subject)}"
    return text, page


def stockout_risk(row: Any, facts: PlanFacts) -> tuple[str, str]:
    """Sentence and page of a SKU that runs out."""
    when = "is out of stock" if row.status == "out" else f"runs out by {day(row.runs_out_on)}"
    if row.status != "out" and missing(row.runs_out_on):
        when = "may run out"
    text = (
        f"{facts.sku(row.subject)} {when}; the risk if today's order is skipped is {share(row.value)}, "
        f"{quantity(row.short)} units short, {money(row.money, facts.currency)} at stake."
    )
    return text, f"/skus/{_path(row.subject)}"


def eroding(row: Any, facts: PlanFacts) -> tuple[str, str]:
    """Sentence and page of a supplier that got worse."""
    parts = []
    if row.on_time > 0:
        parts.append(
            f"on time {share(row.on_time_now)} in the last 90 days, {share(row.on_time_before)} before"
        )
    if row.fill > 0:
        parts.append(
            f"{share(row.fill_now)} of lines came in full in the last 90 days, {share(row.fill_before)} before"
        )
    if row.longer > 0:
        parts.append(f"lead times {share(row.longer)} longer since {day(row.since)}")
    text = f"{facts.supplier(row.subject)} got worse: {'; '.join(parts) or 'hardly, by now'}."
    return text, f"/suppliers/{_path(row.subject)}"


def budget(row: Any, facts: PlanFacts) -> tuple[str, str]:
    """Sentence and page of a budget that will be passed."""
    over = "" if missing(row.over_on) else f", with a chance of one half by {day(row.over_on)}"
    text = (
        f"Budget {row.subject} of {money(row.amount, facts.currency)} will be passed by {day(row.ends)} with a chance "
        f"of {share(row.value)}{over}: {money(row.spent, facts.currency)} are spent, "
        f"{money(row.projected, facts.currency)} projected."
    )
    return text, "/spend?view=budgets"


def unusual(row: Any, facts: PlanFacts) -> tuple[str, str]:
    """Sentence and page of unusual spend."""
    text = f"Order {row.order_id} of {day(row.at)}: {str(row.reason).rstrip('.')}; {money(row.money, facts.currency)}."
    return text, "/spend?view=unusual"


def overdue(row: Any, facts: PlanFacts) -> tuple[str, str]:
    """Sentence and page of an order that is overdue."""
    worth = "" if missing(row.money) else f", {money(row.money, facts.currency)} still to come"
    text = (
        f"Order {row.subject} of {facts.supplier(row.supplier_id)} is {_count(row.value, 'day')} past its promise of "
        f"{day(row.due)}: {_count(row.lines, 'line')}{worth}."
    )
    return text, f"/suppliers/{_path(row.supplier_id)}"


def contract_ending(row: Any, facts: PlanFacts) -> tuple[str, str]:
    """Sentence and page of a contract that ends."""
    about = next((f" about {text}" for text in (row.unique_id, row.category) if not missing(text)), "")
    named = "" if missing(row.contract_id) else f" {row.contract_id}"
    ended = row.value < 0
    when = f"ended on {day(row.ends)}" if ended else f"ends on {day(row.ends)} ({_in_days(row.value)})"
    text = f"Contract{named} with {facts.supplier(row.supplier_id)}{about} {when}, and nothing follows it."
    return text, f"/suppliers/{_path(row.supplier_id)}"


def data_stale(row: Any, facts: PlanFacts) -> tuple[str, str]:
    """Sentence and page of tables that are late."""
    age = (facts.today - row.last) / pd.Timedelta(days=1)
    what = "The last stock count is of" if row.subject == STOCK else "The tables end on"
    return f"{what} {day(row.last)}, {_count(age, 'day')} ago: {_count(row.value, 'day')} late.", "/model"


def model_due(row: Any, facts: PlanFacts) -> tuple[str, str]:
    """Sentence and page of a model that is to be trained anew."""
    until = f"{day(facts.trained_as_of)}, {_count(row.age, 'day')} before the plan"
    text = f"The model has learned from data until {until}."
    return (f"{text} Monitoring: {facts.retrain.rstrip('.')}." if facts.retrain else text), "/monitor"


def expiring(row: Any, facts: PlanFacts) -> tuple[str, str]:
    """Sentence and page of stock that will expire unsold."""
    text = (
        f"{quantity(row.units)} units of {facts.sku(row.subject)} in {_count(row.lots, 'lot')} will not have sold when "
        f"they expire, the first on {day(row.first)} ({_in_days(row.value)}); {money(row.money, facts.currency)}."
    )
    return text, f"/skus/{_path(row.subject)}"


def _count(count: float, what: str) -> str:
    return f"{number(count)} {what}{'' if count == 1 else 's'}"


def _in_days(days: float) -> str:
    if days < 0:
        return f"{_count(-days, 'day')} ago"
    return "today" if days == 0 else f"in {_count(days, 'day')}"


def _path(text: str) -> str:
    return quote(str(text), safe="")
