"""The page of the assessment: one HTML file without scripts and without anything from elsewhere, printable on A4."""

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from configs.formats import NOTHING, missing, money, number, share, significant


def report_page(document: dict[str, Any], charts: dict[str, str]) -> str:
    """The page of a document of `jobs.assessment.report_document`; every number says its exact value in `<data>`.

    Parameters
    ----------
    charts : section → SVG element, put in as it is
    """
    pages = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    currency = document["currency"]
    pages.filters["written"] = lambda value, unit: written(value, unit, currency)
    pages.filters["bare"] = bare
    pages.filters["unit_name"] = lambda unit: unit_name(unit, currency)
    safe = {name: Markup(svg) for name, svg in charts.items()}  # noqa: S704 our own drawing
    return pages.get_template("report.html").render(report=document, charts=safe)


def written(value: Any, unit: str, currency: str = "") -> str:
    """Write a number of the document in its unit; texts as they are, a dash where nothing is known."""
    if missing(value):
        return NOTHING
    if unit == "share":
        return share(value, 1)
    if unit == "money":
        return money(value, currency)
    if unit == "money a year":
        return f"{money(value, currency)} a year"
    if unit in ("days", "times a year"):
        return f"{significant(value)} {unit}"
    return str(value) if isinstance(value, str) else number(value)


def bare(value: Any, unit: str) -> str:
    """Write a number of a table, whose header names the unit."""
    return (
        significant(value)
        if unit in ("days", "times a year")
        else written(value, unit.removesuffix(" a year"))
    )


def unit_name(unit: str, currency: str) -> str:
    """What the header of a column adds to its label; empty where the label says it all."""
    if unit.startswith("money") and currency:
        return f" ({unit.replace('money', currency)})"
    return " (days)" if unit == "days" else ""
