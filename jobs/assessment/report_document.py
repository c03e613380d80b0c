"""The assessment as one plain document: what `--json` prints, and what the page is made from."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from configs.formats import missing
from procurement.assessment.baseline import Baseline
from procurement.assessment.finding import Figure, Finding

MOST_ROWS = 10
"""Rows of a table that the report shows; it says how many there are. Warnings are shown whole."""

Columns = dict[str, tuple[str, str]]
_SKU: Columns = {"unique_id": ("SKU", "text")}
_YEARLY: Columns = {
    "low": ("low", "money a year"),
    "middle": ("middle", "money a year"),
    "high": ("high", "money a year"),
}
TABLES: dict[tuple[str, str], tuple[str, Columns]] = {
    ("stockouts", "by_sku"): (
        "SKUs that lose most sales",
        {
            **_SKU, "periods": ("periods", "count"), "periods_out": ("out of stock", "count"),
            "lost_units": ("units lost a year", "units a year"), "lost_money": ("lost sales", "money a year"),
        },
    ),
    ("stock", "by_cover"): (
        "Stock by days of cover",
        {"cover": ("cover", "text"), "skus": ("SKUs", "count"), "value": ("value", "money")},
    ),
    ("stock", "excess_by_sku"): (
        "Most excess stock",
        {
            **_SKU, "units": ("units", "count"), "value": ("value", "money"),
            "days_of_cover": ("cover", "days"), "excess": ("excess", "money"),
        },
    ),
    ("stock", "dead_by_sku"): (
        "Most dead stock", {**_SKU, "units": ("units", "count"), "dead": ("value", "money")},
    ),
    ("safety_stock", "too_much"): (
        "Holds most above its need at 95%",
        {
            **_SKU, "held": ("held", "money"), "need_90": ("need at 90%", "money"),
            "need_95": ("at 95%", "money"), "need_98": ("at 98%", "money"), "difference": ("too much", "money"),
        },
    ),
    ("safety_stock", "too_little"): (
        "Holds most below its need at 95%",
        {
            **_SKU, "held": ("held", "money"), "need_90": ("need at 90%", "money"),
            "need_95": ("at 95%", "money"), "need_98": ("at 98%", "money"), "difference": ("difference", "money"),
        },
    ),
    ("lead_times", "by_supplier"): (
        "Suppliers with most order lines",
        {
            "supplier_id": ("supplier", "text"), "lines": ("lines", "count"), "mean": ("mean", "days"),
            "mean_low": ("low", "days"), "mean_high": ("high", "days"), "variation": ("variation", "share"),
            "drift": ("drift", "days"), "promised": ("promised", "days"), "promise_error": ("late by", "days"),
            "on_time": ("on time", "share"), "variance_cost": ("cost of spread", "money a year"),
        },
    ),
    ("spend", "by_supplier"): (
        "Suppliers with most spend",
        {
            "supplier_id": ("supplier", "text"), "orders": ("orders", "count"), "amount": ("spend", "money"),
            "share": ("share", "share"), "amount_off_contract": ("off contract", "money"),
        },
    ),
    ("spend", "unusual"): (
        "Unusual spend by rule",
        {"rule": ("rule", "text"), "count": ("found", "count"), "amount": ("money in question", "money")},
    ),
    ("segments", "segments"): (
        "Segments",
        {
            "abc": ("value", "text"), "xyz": ("demand", "text"), "supplier": ("supplier", "text"),
            "skus": ("SKUs", "count"), "demand_value": ("demand a year", "money a year"),
            "stock_value": ("stock", "money"),
        },
    ),
    ("data_trust", "warnings"): (
        "Defects of the data and what they cost",
        {
            "message": ("what", "text"), "rows": ("rows", "count"), "why": ("why it matters", "text"),
            **_YEARLY, "how": ("how worked out, or why not", "text"),
        },
    ),
    ("levers", "levers"): (
        "Levers, the one that brings most first",
        {
            "lever": ("lever", "text"), **_YEARLY, "capital": ("capital freed once", "money"),
            "how": ("how worked out", "text"),
        },
    ),
}  # fmt: skip
"""Section and table → title, and of each column its label and unit."""
_WHOLE = ("data_trust", "levers", "segments")


@dataclass(frozen=True)
class Company:
    """How the report calls the company: name, currency (empty: not known) and a notice."""

    name: str = ""
    currency: str = ""
    notice: str = ""


def report_document(baseline: Baseline, company: Company) -> dict[str, Any]:
    """The assessment as JSON-able data: unknown numbers are None, and nothing is rounded."""
    checked = baseline.facts.checked
    return {
        "name": company.name,
        "currency": company.currency,
        "notice": company.notice,
        "as_of": f"{checked.as_of:%Y-%m-%d}",
        "freq": checked.freq,
        "skus": len(baseline.facts.skus),
        "days": round(baseline.facts.window_days, 1),
        "headlines": [_figure(figure) for figure in baseline.headlines],
        "next_steps": list(baseline.next_steps),
        "missing_tables": baseline.missing_tables.to_dict("records"),
        "sections": [_section(finding) for finding in baseline.findings],
    }


def _section(finding: Finding) -> dict[str, Any]:
    tables = [
        _table(name, title, columns, finding)
        for (section, name), (title, columns) in TABLES.items()
        if section == finding.name and len(finding.tables.get(name, ()))
    ]
    return {
        "name": finding.name,
        "title": finding.title,
        "missing": finding.missing,
        "figures": [_figure(figure) for figure in finding.figures],
        "notes": list(finding.notes),
        "tables": tables,
    }


def _figure(figure: Figure) -> dict[str, Any]:
    value = figure.value
    return {
        "name": figure.name,
        "label": figure.label,
        "unit": figure.unit,
        "low": _plain(value.low),
        "middle": _plain(value.middle),
        "high": _plain(value.high),
        "how": figure.how,
    }


def _table(name: str, title: str, columns: Columns, finding: Finding) -> dict[str, Any]:
    frame: pd.DataFrame = finding.tables[name]
    shown = frame if finding.name in _WHOLE or name == "by_cover" else frame.head(MOST_ROWS)
    there = [column for column in columns if column in shown]
    values = [[_plain(value) for value in shown[column]] for column in there]
    return {
        "name": name,
        "title": title,
        "rows_in_all": len(frame),
        "columns": [{"name": each, "label": columns[each][0], "unit": columns[each][1]} for each in there],
        "rows": [list(row) for row in zip(*values, strict=True)],
    }


def _plain(value: Any) -> Any:
    """A number or text of the document; None where it is missing or without end."""
    if isinstance(value, np.generic):
        value = value.item()
    if missing(value) or (isinstance(value, float) and not np.isfinite(value)):
        return None
    return value + 0.0 if isinstance(value, float) else value
