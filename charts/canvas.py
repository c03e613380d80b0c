"""The canvas of all charts: one look, light and dark, and how a Matplotlib figure becomes SVG or PNG.

Figures are made without pyplot, so they belong to nobody but their caller. A chart is drawn in the light palette;
`to_svg` swaps the palette for CSS variables, so that a picture on a page follows the reader's light or dark mode.
"""

import io
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from configs.formats import significant

INK, MUTED, GRID, PAPER = "#1c2733", "#5d6b7a", "#dde3e9", "#fefefe"
ACCENT, WARN, GOOD = "#0f6e79", "#b4480f", "#3d7a35"
SERIES = (ACCENT, "#c98a1b", "#7a5aa6", "#4f83c4", WARN, "#8a9199", "#b5567f")
"""Colours of categories, told apart by lightness too."""

DARK = {
    INK: "#e6ebf0",
    MUTED: "#97a5b3",
    GRID: "#2c3845",
    PAPER: "#141b22",
    ACCENT: "#4fb7c2",
    WARN: "#f08a4b",
    GOOD: "#7cc06f",
    SERIES[1]: "#e3b04b",
    SERIES[2]: "#b297dd",
    SERIES[3]: "#86b3ea",
    SERIES[5]: "#a8b0b8",
    SERIES[6]: "#dd8fb0",
}
"""Light colour → dark colour."""

_STYLE: dict[Any, Any] = {
    "axes.axisbelow": True,
    "axes.edgecolor": GRID,
    "axes.facecolor": PAPER,
    "axes.grid": True,
    "axes.grid.axis": "y",
    "axes.labelcolor": MUTED,
    "axes.labelsize": 9,
    "axes.spines.left": False,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlecolor": INK,
    "axes.titlelocation": "left",
    "axes.titlesize": 10.5,
    "axes.titleweight": "bold",
    "date.converter": "concise",
    "figure.facecolor": PAPER,
    "font.family": ["DejaVu Sans"],
    "font.size": 9,
    "grid.color": GRID,
    "grid.linewidth": 0.8,
    "legend.fontsize": 8.5,
    "legend.frameon": False,
    "legend.labelcolor": INK,
    "svg.fonttype": "none",
    "svg.hashsalt": "purvey",
    "text.color": INK,
    "xtick.color": MUTED,
    "xtick.labelsize": 8.5,
    "xtick.major.size": 0,
    "ytick.color": MUTED,
    "ytick.labelsize": 8.5,
    "ytick.major.size": 0,
}

_LOCK = threading.RLock()
"""Matplotlib's settings are global: one thread draws at a time."""

_FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif"


@contextmanager
def style() -> Iterator[None]:
    """Draw Matplotlib figures in the house style while the block runs, one thread at a time."""
    with _LOCK, mpl.rc_context(_STYLE):
        yield


def new_figure(width: float = 6.8, height: float = 2.9) -> tuple[Figure, Axes]:
    """Empty Matplotlib figure of `width` × `height` inches and its axes; call inside `style()`."""
    figure = Figure(figsize=(width, height), layout="constrained")
    return figure, figure.add_subplot()


def to_svg(figure: Figure) -> str:
    """The Matplotlib figure as a standalone SVG that follows the reader's light or dark mode."""
    buffer = io.BytesIO()
    with style():
        figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    svg = buffer.getvalue().decode("utf-8")
    names = {light: f"var(--c{i})" for i, light in enumerate(DARK)}
    svg = re.sub("|".join(DARK), lambda found: names[found[0]], svg, flags=re.IGNORECASE)
    svg = svg.replace("'DejaVu Sans'", _FONT)
    return re.sub(r"(<svg[^>]*>)", lambda found: found[1] + _colours(), svg, count=1)


def _colours() -> str:
    """CSS in a chart's SVG: its colours as variables, of the light and the dark palette."""
    light = "".join(f"--c{i}:{colour};" for i, colour in enumerate(DARK))
    dark = "".join(f"--c{i}:{colour};" for i, colour in enumerate(DARK.values()))
    return f"<style>:root{{{light}}}@media (prefers-color-scheme:dark){{:root{{{dark}}}}}</style>"


def to_png(figure: Figure, *, dpi: int = 144) -> bytes:
    """The Matplotlib figure as PNG bytes in the light palette."""
    buffer = io.BytesIO()
    with style():
        figure.savefig(buffer, format="png", dpi=dpi, metadata={"Software": None})
    return buffer.getvalue()


def thousands(value: float, _position: float = 0.0) -> str:
    """Text of a tick on the axes of a chart, with a comma between thousands."""
    return significant(value, 10)


def mark_day(axes: Axes, day: Any, label: str, colour: str) -> None:
    """Draw a labelled vertical line at `day` on the axes of a chart over time."""
    axes.axvline(day, color=colour, linewidth=1.4, linestyle=(0, (4, 3)))
    axes.annotate(
        label,
        xy=(day, 1.0),
        xycoords=("data", "axes fraction"),
        xytext=(4, -3),
        textcoords="offset points",
        va="top",
        color=colour,
        fontsize=8.5,
    )
