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


@dataclass(frozen=True)
class Planted:
    """What became of one planting.

    Attributes
    ----------
    found : kind → share of its cases of which a line or order was found
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
    places = set(zip(table["order_id"], table["line"], strict=True))
    orders = set(table["order_id"])
    whole = truth["line"].isna()
    hit = [
        row.order_id in orders if no_line else (row.order_id, row.line) in places
        for row, no_line in zip(truth.itertuples(), whole, strict=True)
    ]
    cases = truth.assign(hit=hit).groupby(["kind", "case"])["hit"].any()
    both = pd.concat([truth, company.truth["anomalies"]])
    false = table[~table["order_id"].isin(both["order_id"])]
    weeks = (checked.as_of - lines["ordered_at"].min()).days / 7
    return Planted(cases.groupby("kind").mean(), false["kind"].value_counts(), len(lines), weeks)
