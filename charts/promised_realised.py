"""Promised against realised worth: how far what actions promise can be believed."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from charts.canvas import MUTED, SERIES, new_figure, style, thousands

_MOST_COLOURS = 6


def promised_realised_chart(actions: pd.DataFrame, *, title: str = "", currency: str = "") -> Figure:
    """Calibration chart of actions: what each promised and what it brought; a promise that was kept is on the diagonal.

    Parameters
    ----------
    actions : lever, promised, realised, low and high (money; the bar is the range of what would have been without it)
    """
    ends = actions[["promised", "realised"]].to_numpy(float)
    least, most = min(float(ends.min()), 0.0), max(float(ends.max()), 1.0)
    levers = actions["lever"].value_counts().index.tolist()
    with style():
        figure, axes = new_figure(6.2, 4.2)
        axes.plot(
            [least, most], [least, most], color=MUTED, linewidth=1, linestyle=(0, (4, 3)), label="as promised"
        )
        for i, name in enumerate(levers):
            some = actions[actions["lever"] == name]
            y = some["realised"].to_numpy(float)
            bars = np.nan_to_num(
                np.stack([y - some["low"].to_numpy(float), some["high"].to_numpy(float) - y])
            )
            axes.errorbar(
                some["promised"].to_numpy(float),
                y,
                yerr=np.maximum(bars, 0.0),
                fmt="o",
                markersize=4.5,
                linewidth=1,
                color=SERIES[min(i, _MOST_COLOURS)],
                label=name if i < _MOST_COLOURS else ("other levers" if i == _MOST_COLOURS else None),
            )
        axes.axhline(0, color=MUTED, linewidth=0.8)
        axes.grid(visible=True, axis="both")
        axes.xaxis.set_major_formatter(thousands)
        axes.yaxis.set_major_formatter(thousands)
        axes.set_xlabel(f"promised, {currency}".rstrip(", "))
        axes.set_ylabel(f"realised, {currency}".rstrip(", "))
        axes.set_title(title)
        axes.legend(loc="upper left")
    return figure
