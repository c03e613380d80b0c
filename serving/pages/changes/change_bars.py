"""Bars of a change: its parts by cause stacked right of the middle where they add, left of it where they take away."""

from collections.abc import Mapping
from dataclasses import dataclass

HALF = 80.0
"""Width of half a bar, in the drawing's units."""


@dataclass(frozen=True)
class BarPart:
    """A part of a bar: its cause, left edge and width in the drawing's units, and its units of the SKU."""

    cause: str
    left: float
    width: float
    units: float


def change_bar(parts: Mapping[str, float]) -> list[BarPart]:
    """The bar of a change from its parts, cause → units: as wide as the drawing where the longer side ends."""
    up = sum(units for units in parts.values() if units > 0)
    down = -sum(units for units in parts.values() if units < 0)
    if not parts or max(up, down) <= 0:
        return []
    scale, right, left, bar = HALF / max(up, down), HALF, HALF, []
    for cause, units in parts.items():
        width = abs(units) * scale
        if units > 0:
            bar.append(BarPart(cause, round(right, 2), round(width, 2), units))
            right += width
        else:
            left -= width
            bar.append(BarPart(cause, round(left, 2), round(width, 2), units))
    return bar
