"""The baseline report: all findings as of a day, the five numbers that matter, and what to do next."""

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from configs.schema import Config
from features.quality.check_result import CheckResult
from procurement.assessment.company_facts import CompanyFacts
from procurement.assessment.data_trust_cost import data_trust_cost
from procurement.assessment.finding import Figure, Finding, Range, Unit
from procurement.assessment.lead_times import lead_times
from procurement.assessment.levers import levers, ranked_levers
from procurement.assessment.safety_stock_held import safety_stock_held
from procurement.assessment.segments import segments
from procurement.assessment.spend_summary import spend_summary
from procurement.assessment.stock_held import stock_held
from procurement.assessment.stockouts import stockouts

FINDINGS = (
    stockouts, stock_held, safety_stock_held, lead_times, spend_summary, segments, data_trust_cost, levers,
)  # fmt: skip
"""The findings in the order of the report."""

HEADLINES: tuple[tuple[str, str, str, Unit, str], ...] = (
    ("stockouts", "out_share", "SKU-periods out of stock", "share", "in_stock in demand"),
    (
        "stockouts",
        "lost_money",
        "Lost sales",
        "money a year",
        "in_stock in demand, unit_price and unit_cost in items",
    ),
    ("stock", "value", "Stock value", "money", "stock, and unit_cost in items"),
    ("stock", "excess", "Excess stock", "money", "stock, and unit_cost in items"),
    ("levers", "a_year", "All levers", "money a year", "stock, purchase_orders, and prices in items"),
)
"""The five numbers that matter: finding, figure, label, unit, and what to give where it is not known."""

FURTHER = {
    "items": "prices, margins and categories: all that is said in money",
    "stock": "stock value, cover, turnover, excess and dead stock, and safety stock held against need",
    "purchase_orders": "lead times, kept promises, spend, and average stock between counts",
    "offers": "contract lead times, minimum quantities and lowest offers",
    "suppliers": "names and terms of suppliers",
    "receipts": "partial deliveries",
    "contracts": "purchases off contract and above its price",
    "invoices": "what was paid against what was ordered, and invoices entered twice",
    "approvals": "purchases without approval, and split orders",
    "inventory_lots": "stock value by real lots",
}
"""Table → what it would add to the report."""
_STEPS = 3


@dataclass(frozen=True)
class Baseline:
    """The assessment of a company as of a day.

    Attributes
    ----------
    facts : what the findings rest on
    findings : one a section, in the order of the report
    """

    facts: CompanyFacts
    findings: tuple[Finding, ...]

    def finding(self, name: str) -> Finding:
        """The finding of that name."""
        return next(finding for finding in self.findings if finding.name == name)

    @property
    def headlines(self) -> tuple[Figure, ...]:
        """The five numbers that matter; unknown ones say what to give."""
        result = []
        for section, name, label, unit, needed in HEADLINES:
            known = [figure for figure in self.finding(section).figures if figure.name == name]
            unknown = Figure(name, label, unit, Range.unknown(), f"not known: give {needed}")
            result.append(known[0] if known else unknown)
        return tuple(result)

    @cached_property
    def missing_tables(self) -> pd.DataFrame:
        """Tables that the company did not give: table, adds."""
        absent = [name for name in FURTHER if name not in self.facts.tables.present]
        return pd.DataFrame({"table": absent, "adds": [FURTHER[name] for name in absent]}, dtype=object)

    @cached_property
    def next_steps(self) -> tuple[str, ...]:
        """Three recommended steps: the levers that bring most, then missing tables, then the defects of the data."""
        steps = [lever.step for lever in ranked_levers(self.facts)]
        steps += [
            f"Give {table}: it adds {adds}" for table, adds in self.missing_tables.itertuples(index=False)
        ]
        steps += ["Correct the costliest defects of the data, as the section on trust ranks them"]
        steps += [
            "Train a model (purvey train) and set its plan against this baseline",
            "Repeat in a quarter",
        ]
        return tuple(steps[:_STEPS])


def assess_baseline(checked: CheckResult, config: Config) -> Baseline:
    """Assess a company from its checked tables alone, before any model is trained.

    The same tables give the same report, whatever the order of their rows.
    """
    facts = CompanyFacts.of(checked, config)
    return Baseline(facts, tuple(finding(facts) for finding in FINDINGS))
