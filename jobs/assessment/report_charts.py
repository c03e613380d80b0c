"""Charts of the assessment as SVG: levers, stock by cover, safety stock against need, lead times of suppliers."""

from collections.abc import Callable

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from charts.canvas import ACCENT, GOOD, INK, MUTED, WARN, new_figure, style, thousands, to_svg
from procurement.assessment.baseline import Baseline

_MOST = 12


def report_charts(baseline: Baseline, currency: str) -> dict[str, str]:
    """Section → its chart as an SVG element; sections of which nothing is known have none."""
    makers: dict[str, Callable[[Baseline, str], Figure | None]] = {
        "levers": levers_chart,
        "stock": cover_chart,
        "safety_stock": safety_stock_chart,
        "lead_times": lead_times_chart,
    }
    drawn = {name: make(baseline, currency) for name, make in makers.items()}
    return {name: _element(figure) for name, figure in drawn.items() if figure is not None}


def levers_chart(baseline: Baseline, currency: str) -> Figure | None:
    """What each lever brings a year, with its range."""
    table = baseline.finding("levers").tables.get("levers")
    if table is None or table.empty:
        return None
    with style():
        figure, axes = new_figure(height=1.0 + 0.4 * len(table))
        rows = np.arange(len(table))[::-1]
        middle = table["middle"].to_numpy(float)
        ends = np.array([middle - table["low"], table["high"] - middle])
        axes.barh(rows, middle, 0.6, color=ACCENT)
        axes.errorbar(middle, rows, xerr=ends, fmt="none", ecolor=INK, elinewidth=1.2, capsize=3)
        axes.set_yticks(rows, table["lever"])
        _across(axes, f"{currency} a year, with its range")
    return figure


def cover_chart(baseline: Baseline, currency: str) -> Figure | None:
    """Stock value by days of cover."""
    table = baseline.finding("stock").tables.get("by_cover")
    if table is None or not table["value"].sum() > 0:
        return None
    with style():
        figure, axes = new_figure(height=2.3)
        lies = table["cover"].isin(["over 365 days", "no demand"])
        axes.bar(np.arange(len(table)), table["value"], 0.65, color=np.where(lies, WARN, ACCENT).tolist())
        axes.set_xticks(np.arange(len(table)), table["cover"])
        axes.yaxis.set_major_formatter(thousands)
        axes.set_ylabel(f"{currency} of stock".strip())
    return figure


def safety_stock_chart(baseline: Baseline, currency: str) -> Figure | None:
    """Safety stock held beside what 90, 95 and 98 % need."""
    finding = baseline.finding("safety_stock")
    names = {"held": "held", "need_90": "needed at 90%", "need_95": "at 95%", "need_98": "at 98%"}
    values = [finding.value(name) for name in names]
    if not all(value.known for value in values):
        return None
    with style():
        figure, axes = new_figure(height=1.9)
        rows, middle = np.arange(len(values))[::-1], np.array([value.middle for value in values])
        ends = np.array([[each.middle - each.low, each.high - each.middle] for each in values]).T
        axes.barh(rows, middle, 0.6, color=[GOOD, *[ACCENT] * 3])
        axes.errorbar(middle, rows, xerr=ends, fmt="none", ecolor=INK, elinewidth=1.2, capsize=3)
        axes.set_yticks(rows, list(names.values()))
        _across(axes, f"{currency} of safety stock")
    return figure


def lead_times_chart(baseline: Baseline, _currency: str) -> Figure | None:
    """Mean lead time and its spread of the suppliers with most order lines, with the days promised."""
    table = baseline.finding("lead_times").tables.get("by_supplier")
    if table is None:
        return None
    table = table[table["mean"].notna()].head(_MOST)
    if table.empty:
        return None
    with style():
        figure, axes = new_figure(height=1.0 + 0.28 * len(table))
        rows, mean = np.arange(len(table))[::-1], table["mean"].to_numpy(float)
        spread = table["std"].to_numpy(float)
        axes.errorbar(
            mean,
            rows,
            xerr=[np.minimum(spread, mean), spread],
            fmt="o",
            color=ACCENT,
            capsize=3,
            label="mean ± σ",
        )
        if "promised" in table and table["promised"].notna().any():
            axes.plot(table["promised"], rows, "|", color=WARN, markersize=12, label="promised")
        axes.set_yticks(rows, table["supplier_id"])
        axes.legend(loc="lower right")
        _across(axes, "days")
    return figure


def _across(axes: Axes, label: str) -> None:
    """The look of a chart of rows: a grid across, numbers below."""
    axes.grid(visible=True, axis="x")
    axes.grid(visible=False, axis="y")
    axes.set_xlim(left=0)
    axes.xaxis.set_major_formatter(thousands)
    axes.set_xlabel(label.strip(), color=MUTED)


def _element(figure: Figure) -> str:
    """The figure as an element within a page: without the head of a file of its own, and hidden from screen readers.

    The tables beside it say the same.
    """
    svg = to_svg(figure)
    return svg[svg.index("<svg") :].replace("<svg", '<svg aria-hidden="true"', 1)
