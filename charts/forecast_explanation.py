"""Chart of a forecast's explanation: what its means are made of, period by period."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from charts.canvas import INK, MUTED, new_figure, style, thousands
from charts.legends import legend_below, part_colours

MOST_PARTS = 8
"""Parts told apart by colour; of more, the smallest are drawn together."""


def explanation_chart(table: pd.DataFrame, parts: Sequence[str], *, title: str = "") -> Figure:
    """Stacked bars of what each period's forecast is made of.

    What adds stands above the axis, what takes away below, the sum is a dot.

    Parameters
    ----------
    table : `ds`, `end`, `mean` and the columns named by `parts`, units per period
    parts : columns in drawing order; the first one is the base
    """
    drawn = _at_most(table[list(parts)], MOST_PARTS)
    with style():
        figure, axes = new_figure()
        width = (table["end"] - table["ds"]) * 0.72
        colours = part_colours(list(drawn.columns))
        above, below = np.zeros(len(table)), np.zeros(len(table))
        for i, name in enumerate(drawn.columns):
            height = drawn[name].to_numpy(float)
            axes.bar(
                table["ds"],
                height,
                width,
                np.where(height >= 0, above, below),
                align="center",
                color=colours[name],
                alpha=0.45 if i == 0 else 1.0,
                label=name.replace("_", " "),
            )
            above, below = above + np.maximum(height, 0), below + np.minimum(height, 0)
        axes.plot(table["ds"], table["mean"], "o", color=INK, markersize=4, label="expected")
        axes.axhline(0, color=MUTED, linewidth=0.8)
        axes.yaxis.set_major_formatter(thousands)
        axes.set_ylabel("units per period")
        axes.set_title(title)
        handles, _ = axes.get_legend_handles_labels()
        legend_below(figure, [*handles[1:], handles[0]])
    return figure


def _at_most(parts: pd.DataFrame, most: int) -> pd.DataFrame:
    """The parts with the smallest ones summed where there are more than `most`."""
    if parts.shape[1] <= most:
        return parts
    size = parts.iloc[:, 1:].abs().sum().sort_values(ascending=False, kind="stable")
    small = list(size.index[most - 2 :])
    return parts.drop(columns=small).assign(**{"all others": parts[small].sum(axis=1)})
