"""Legends of charts that no figure clips, and the one colour that a part of a cost or a forecast has in every chart."""

import math
from collections.abc import Sequence
from typing import Any

from matplotlib.figure import Figure

from charts.canvas import ACCENT, GOOD, INK, MUTED, SERIES, WARN

PART_COLOURS = {
    "level": MUTED,
    "trend": ACCENT,
    "season": SERIES[1],
    "promotion": SERIES[2],
    "price": SERIES[3],
    "event": WARN,
    "neighbours": SERIES[5],
    "override": SERIES[6],
    "dearer_goods": ACCENT,
    "ordering": SERIES[1],
    "cycle_stock": SERIES[2],
    "safety_stock": SERIES[3],
    "pipeline": SERIES[5],
    "shortage": WARN,
    "spoilage": SERIES[6],
    "all others": INK,
}
"""Part of a forecast, or of a cost, → its colour in every chart's legend."""

_SPARE = (GOOD, SERIES[6], SERIES[5], SERIES[3], SERIES[2], WARN)
_ENTRY, _LETTER, _ROW = 0.62, 0.078, 0.19
"""Inches that an entry of a legend needs besides its text, a letter of it, and a row."""


def part_colours(parts: Sequence[str]) -> dict[str, str]:
    """Colour of each part in a legend: its own; one without gets a colour that no other part here has."""
    found = {name: PART_COLOURS[name] for name in parts if name in PART_COLOURS}
    for name in sorted(set(parts) - set(found)):
        free = [colour for colour in (*_SPARE, ACCENT, SERIES[1]) if colour not in found.values()]
        found[name] = free[0] if free else INK
    return found


def legend_below(figure: Figure, handles: Sequence[Any] | None = None) -> None:
    """Put the legend below a figure in as many columns as fit its width; the figure grows by the rows it takes."""
    if handles is None:
        handles = [handle for axes in figure.axes for handle in axes.get_legend_handles_labels()[0]]
    longest = max((len(str(handle.get_label())) for handle in handles), default=0)
    columns = max(min(int(figure.get_figwidth() / (_ENTRY + _LETTER * longest)), len(handles)), 1)
    rows = math.ceil(len(handles) / columns)
    figure.set_figheight(figure.get_figheight() + _ROW * max(rows - 1, 0))
    figure.legend(handles=list(handles), loc="outside lower left", ncols=columns)
