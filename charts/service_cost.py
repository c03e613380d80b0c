"""Chart of what a promise of service costs: stock and waste at each service level, and the shortage that remains."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from charts.canvas import new_figure, style, thousands
from charts.legends import legend_below, part_colours

_PARTS = {"holding": ("safety_stock", "stock held"), "waste": ("spoilage", "waste")}
"""Column → the part of a cost whose colour it has, and what the legend calls it."""


def service_cost_chart(curve: pd.DataFrame, *, title: str = "") -> Figure:
    """Bars of stock and waste at each service level, stacked, and the shortage as a line; money a year.

    Parameters
    ----------
    curve : `promise` (a share, rising), `holding`, `waste` and `shortage`
    """
    colours = part_colours(["safety_stock", "spoilage", "shortage"])
    at = np.arange(len(curve))
    with style():
        figure, axes = new_figure()
        bottom = np.zeros(len(curve))
        for column, (part, label) in _PARTS.items():
            height = curve[column].fillna(0.0).to_numpy(float)
            if height.any():
                axes.bar(at, height, 0.62, bottom=bottom, color=colours[part], label=label)
                bottom = bottom + height
        axes.plot(
            at, curve["shortage"], color=colours["shortage"], marker="o", markersize=4, label="shortage"
        )
        axes.set_xticks(at, [f"{100 * promise:g}%" for promise in curve["promise"]])
        axes.yaxis.set_major_formatter(thousands)
        axes.set_ylim(bottom=0)
        axes.set_title(title)
        legend_below(figure)
    return figure
