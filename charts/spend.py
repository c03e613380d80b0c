"""Chart of spend by month: what was spent, what is to come with its range, and the budget."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from charts.canvas import ACCENT, MUTED, SERIES, WARN, new_figure, style, thousands
from charts.legends import legend_below

_MOST_LABELS = 13


def spend_chart(months: pd.DataFrame, *, title: str = "") -> Figure:
    """Bars of money spent and forecast a month, the forecast's range as a line on top, the budget as steps.

    Parameters
    ----------
    months : `month`, `spent`, `forecast_low`, `forecast`, `forecast_high`, `budget`, rising by month
    """
    at = np.arange(len(months))
    spent, forecast = (months[name].fillna(0.0).to_numpy(float) for name in ("spent", "forecast"))
    known = months["forecast"].notna().to_numpy()
    with style():
        figure, axes = new_figure()
        axes.bar(at, spent, 0.7, color=ACCENT, label="spent")
        if known.any():
            axes.bar(at, forecast, 0.7, bottom=spent, color=SERIES[1], label="to come")
            low, high = (months[name].to_numpy(float) for name in ("forecast_low", "forecast_high"))
            axes.vlines(
                at[known],
                (spent + low)[known],
                (spent + high)[known],
                color=MUTED,
                linewidth=1.5,
                label="eight in ten",
            )
        if months["budget"].notna().any():
            axes.step(at, months["budget"], where="mid", color=WARN, label="budget")
        step = max(1, -(-len(months) // _MOST_LABELS))
        axes.set_xticks(at[::step], months["month"].iloc[::step])
        axes.yaxis.set_major_formatter(thousands)
        axes.set_ylim(bottom=0)
        axes.set_title(title)
        legend_below(figure)
    return figure
