"""Costs of offers as bars, part by part: what each has above what its goods cost at the cheapest price."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from planning.compare.compare_offers import PARTS

WIDTH = 420.0
"""Width of all bars, in the drawing's units."""

GOODS = "dearer_goods"


@dataclass(frozen=True)
class CostPart:
    """A part of a bar: its part of the cost, left edge and width in the drawing's units, and its money a year."""

    part: str
    left: float
    width: float
    money: float


@dataclass(frozen=True)
class CostBars:
    """Bars of several offers on one scale, and where their zero is."""

    zero: float
    bars: dict[str, list[CostPart]]


def cost_bars(costs: pd.DataFrame) -> CostBars:
    """Bars of the offers: to the right what they cost, to the left what they save, as a credit for late payment.

    Parameters
    ----------
    costs : one row an offer, index its name; columns `PARTS`, money a year
    """
    extra = costs["price"] - costs["price"].min()
    parts = {
        str(name): {GOODS: float(extra[name])}
        | {part: float(costs.loc[name, part]) for part in PARTS if part != "price"}
        for name in costs.index
    }
    right = max(sum(max(money, 0.0) for money in own.values()) for own in parts.values())
    left = max(sum(max(-money, 0.0) for money in own.values()) for own in parts.values())
    scale = WIDTH / (right + left) if right + left > 0 else 0.0
    return CostBars(
        round(left * scale, 2), {name: _bar(own, left * scale, scale) for name, own in parts.items()}
    )


def _bar(parts: Mapping[str, float], zero: float, scale: float) -> list[CostPart]:
    """One bar, its parts stacked away from the zero."""
    bar, high, low = [], zero, zero
    for part, money in parts.items():
        width = abs(money) * scale
        if width < 0.05:
            continue
        if money < 0:
            low -= width
        bar.append(CostPart(part, round(high if money > 0 else low, 2), round(width, 2), money))
        if money > 0:
            high += width
    return bar
