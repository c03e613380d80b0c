"""The findings of each rule in a plan run: what is at its closing threshold or beyond, with a sentence and money."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from configs.alerts.alert_options import AlertKind
from procurement.alerts import measures_in_words as words
from procurement.alerts.money_measures import expiring, price, unusual, used_budgets
from procurement.alerts.order_measures import orders_due, overdue, stockout_risks
from procurement.alerts.plan_facts import PlanFacts
from procurement.alerts.rules import KINDS, AlertRule
from procurement.alerts.supplier_measures import contract_ends, eroding
from procurement.alerts.upkeep_measures import data_age, model_age

FINDINGS = {
    "rule": "object", "kind": "object", "subject": "object", "value": "float64", "text": "object",
    "money": "float64", "link": "object",
}  # fmt: skip
"""Column of the findings → dtype."""

Tables = Mapping[str, pd.DataFrame]
Measure = Callable[[Tables, PlanFacts], pd.DataFrame]
Words = Callable[[Any, PlanFacts], tuple[str, str]]

MEASURES: dict[AlertKind, tuple[Measure, Words]] = {
    "order_due": (orders_due, words.order_due),
    "stockout_risk": (stockout_risks, words.stockout_risk),
    "supplier_eroding": (eroding, words.eroding),
    "budget": (used_budgets, words.budget),
    "price": (price, words.unusual),
    "unusual_spend": (unusual, words.unusual),
    "overdue": (overdue, words.overdue),
    "contract_ending": (contract_ends, words.contract_ending),
    "data_stale": (data_age, words.data_stale),
    "model_due": (model_age, words.model_due),
    "expiring": (expiring, words.expiring),
}
"""Kind → what it measures (`subject, value, money`, a row a subject), and the sentence and link of a row."""


@dataclass(frozen=True)
class Findings:
    """What the rules found.

    Attributes
    ----------
    frame : `FINDINGS`, a row a rule and subject; value in the unit of the kind, text a sentence, money what is at stake
        (NaN: not known), link a path of our pages
    not_looked : names of rules that could not look, as the plan run has not what they need
    """

    frame: pd.DataFrame
    not_looked: tuple[str, ...] = ()


def no_findings() -> pd.DataFrame:
    """The frame of findings without any."""
    return pd.DataFrame({name: pd.Series(dtype=dtype) for name, dtype in FINDINGS.items()})


def evaluate(rules: Sequence[AlertRule], tables: Tables, facts: PlanFacts) -> Findings:
    """The findings of all rules, by rule, those with the most money first.

    Parameters
    ----------
    tables : plan, running_out, budget_outlook, unusual_spend, expiring_lots (tables of the plan run), orders (its order
        history), contracts (of the data contract), scorecard (of suppliers, with their recent rates); one that is not
        there leaves the rules that need it unlooked
    """
    known: dict[AlertKind, pd.DataFrame] = {}
    parts, not_looked = [], []
    for rule in rules:
        if any(name not in tables for name in KINDS[rule.kind].needs):
            not_looked.append(rule.name)
            continue
        measure, _ = MEASURES[rule.kind]
        if rule.kind not in known:
            known[rule.kind] = measure(tables, facts)
        parts.append(_of_rule(rule, known[rule.kind], facts))
    filled = [part for part in parts if len(part)]
    frame = pd.concat(filled, ignore_index=True) if filled else no_findings()
    return Findings(frame.astype(FINDINGS), tuple(not_looked))


def _of_rule(rule: AlertRule, measured: pd.DataFrame, facts: PlanFacts) -> pd.DataFrame:
    """Findings of one rule among what its kind measures."""
    worse = measured["value"] * rule.sign >= rule.close_at * rule.sign
    enough = measured["money"].fillna(0.0) >= rule.least_money
    rows = measured[worse & enough].sort_values(["money", "subject"], ascending=[False, True], kind="stable")
    say = MEASURES[rule.kind][1]
    said = [say(row, facts) for row in rows.itertuples(index=False)]
    return pd.DataFrame(
        {
            "rule": rule.name,
            "kind": rule.kind,
            "subject": rows["subject"].astype(str).to_numpy(object),
            "value": rows["value"].to_numpy(float),
            "text": [text for text, _ in said],
            "money": rows["money"].to_numpy(float),
            "link": [link for _, link in said],
        }
    )
