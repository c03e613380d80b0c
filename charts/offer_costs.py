"""Chart of offers compared by their yearly costs, part by part."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from charts.canvas import INK, new_figure, style, thousands
from charts.legends import legend_below, part_colours
from configs.formats import number


def offer_costs_chart(
    offers: pd.DataFrame,
    parts: Sequence[str],
    *,
    title: str = "",
    currency: str = "",
    names: Mapping[str, str] = MappingProxyType({}),
) -> Figure:
    """Yearly cost of each offer above what its goods cost at the cheapest price, part by part.

    The goods are most of the money and nearly the same everywhere; drawn whole they would hide the difference.

    Parameters
    ----------
    offers : `supplier_id`, `price` (money a year for the goods) and the columns named by `parts`, money a year
    parts : cost columns in drawing order
    names : what the legend calls them, where it is not the column's own name
    """
    extra = offers[["supplier_id"]].assign(dearer_goods=offers["price"] - offers["price"].min())
    columns = ["dearer_goods", *parts]
    costs = pd.concat([extra, offers[list(parts)]], axis=1)
    with style():
        figure, axes = new_figure(height=1.1 + 0.42 * max(len(offers), 1))
        rows = np.arange(len(costs))[::-1]
        right, left = np.zeros(len(costs)), np.zeros(len(costs))
        colours = part_colours(columns)
        for column in columns:
            width = costs[column].fillna(0.0).to_numpy(float)
            # A saving (safety stock below zero) is stacked to the left, so that it hides no cost.
            start = np.where(width >= 0, right, left)
            label = names.get(column, column.replace("_", " "))
            axes.barh(rows, width, 0.62, left=start, color=colours[column], label=label)
            right, left = right + np.maximum(width, 0), left + np.minimum(width, 0)
        for row, end, total in zip(rows, right, right + left, strict=True):
            axes.annotate(
                number(total), (end, row), (4, 0), textcoords="offset points", va="center", color=INK
            )
        axes.set_yticks(rows, costs["supplier_id"])
        axes.grid(visible=True, axis="x")
        axes.grid(visible=False, axis="y")
        axes.margins(x=0.08)
        axes.xaxis.set_major_formatter(thousands)
        axes.set_xlabel(f"{currency} a year above the cheapest goods".strip())
        axes.set_title(title)
        legend_below(figure)
    return figure
