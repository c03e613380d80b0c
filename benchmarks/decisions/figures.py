"""The figures that the judge prints: product beside truth, with Monte-Carlo error, target and verdict."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

NEAR = 0.10
"""A figure passes within this share of the truth, or within twice the Monte-Carlo error."""


@dataclass(frozen=True)
class Figure:
    """One figure of the product beside the truth.

    Attributes
    ----------
    product, truth : what the product says, and what was found; NaN where there is none
    error : one standard error of their difference
    target : in words
    passed : the verdict; none: printed only
    """

    name: str
    product: float
    truth: float
    error: float = math.nan
    target: str = ""
    passed: bool | None = None


def near(name: str, product: float, truth: float, error: float, *, least: float = 0.0) -> Figure:
    """A figure that passes within a tenth of the truth, twice its error, or the difference `least`."""
    passed = abs(product - truth) <= max(NEAR * abs(truth), 2 * error, least)
    return Figure(name, product, truth, error, "10 % or 2 errors", passed)


def inside(name: str, value: float, low: float, high: float, *, error: float = math.nan) -> Figure:
    """A figure of the truth alone that passes between two bounds."""
    return Figure(name, math.nan, value, error, f"{low:g} … {high:g}", low <= value <= high)


def shown(name: str, product: float, truth: float, error: float = math.nan) -> Figure:
    """Two figures to look at, without a verdict."""
    return Figure(name, product, truth, error)


def print_figures(title: str, figures: Sequence[Figure]) -> None:
    """Print a part's table of figures."""
    width = max(len(figure.name) for figure in figures)
    print(f"\n{title}\n")
    print(f"| {'':{width}} | {'product':>11} | {'true':>11} | {'error':>8} | {'target':18} | verdict |")
    print(f"|{'-' * (width + 2)}|{'-' * 13}|{'-' * 13}|{'-' * 10}|{'-' * 20}|---------|")
    for figure in figures:
        verdict = {None: "", True: "PASS", False: "FAIL"}[figure.passed]
        cells = (_number(value) for value in (figure.product, figure.truth, figure.error))
        a, b, c = cells
        print(f"| {figure.name:{width}} | {a:>11} | {b:>11} | {c:>8} | {figure.target:18} | {verdict:7} |")


def verdict(figures: Sequence[Figure]) -> str:
    """How many of the figures that are judged pass."""
    judged = [figure.passed for figure in figures if figure.passed is not None]
    return f"{sum(judged)} of {len(judged)} pass"


def _number(value: float) -> str:
    """A number with about four digits; nothing where there is none."""
    if math.isnan(value):
        return ""
    size = abs(value)
    return f"{value:,.0f}" if size >= 1000 else f"{value:,.1f}" if size >= 100 else f"{value:.4g}"
