"""Unusual purchases planted into the demo company, and which of them are found, with what false alarms."""

import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.decisions.demo_day import DemoCompany
from benchmarks.demand.data_sets import load_config_of
from database.sources.data_directory import write_directory
from database.sources.load_tables import load_tables
from examples.company.anomalies import plant_anomalies
from procurement.spend.spend_lines import spend_lines
from procurement.spend.unusual_spend import unusual_spend

LIMIT = 500.0
"""The demo company's approval limit."""


RULES = {
    "price": {"price"}, "quantity": {"quantity"}, "duplicate": {"ordered_twice", "ordered_often"},
    "frequency": {"ordered_often", "ordered_twice"}, "new_vendor": {"new_vendor"}, "split": {"split"},
    "no_approval": {"no_approval"}, "self_approved": {"self_approved"}, "double_invoice": {"invoiced_twice"},
    "over_invoiced": {"invoiced_above"},
}  # fmt: skip
"""What is planted → the rules that are to find it."""


@dataclass(frozen=True)
class Planted:
    """What became of one planting.

    Attributes
    ----------
    found : kind → share of its cases of which a line or order was found by a rule for it
    false : kind → alarms about orders that nobody planted anything in
    lines, weeks : of the company
    """

    found: pd.Series
    false: pd.Series
    lines: int
    weeks: float


def plant_and_find(company: DemoCompany, seed: int, each: int) -> Planted:
    """Plant `each` cases of every kind, and look for them."""
    changed, truth = plant_anomalies(company.tables, np.random.default_rng(seed), each, limit=LIMIT)
    with tempfile.TemporaryDirectory() as folder:
        write_directory(changed, Path(folder))
        checked = load_tables(folder, load_config_of("demo").data)
    lines = spend_lines(checked.tables, checked.as_of)
    table = unusual_spend(lines, checked.tables.invoices, checked.tables.offers, limit=LIMIT, approvals=True)
    places = set(zip(table["order_id"], table["line"], table["kind"], strict=True))
    orders = set(zip(table["order_id"], table["kind"], strict=True))
    hit = [
        any(
            (row.order_id, rule) in orders if pd.isna(row.line) else (row.order_id, row.line, rule) in places
            for rule in RULES[row.kind]
        )
        for row in truth.itertuples()
    ]
    cases = truth.assign(hit=hit).groupby(["kind", "case"])["hit"].any()
    both = pd.concat([truth, company.truth["anomalies"]])
    false = table[~table["order_id"].isin(both["order_id"])]
    weeks = (checked.as_of - lines["ordered_at"].min()).days / 7
    return Planted(cases.groupby("kind").mean(), false["kind"].value_counts(), len(lines), weeks)
