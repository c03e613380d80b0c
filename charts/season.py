"""Chart of a SKU's season: how much each month sells against the year's average."""

import calendar

import pandas as pd
from matplotlib.figure import Figure

from charts.canvas import INK, SERIES, new_figure, style


def season_chart(profile: pd.DataFrame, *, title: str = "") -> Figure:
    """Bars of the season of each month; the line at 1 is an average day of the year.

    Parameters
    ----------
    profile : `month` (1 … 12) and `index`, demand a day as a multiple of the year's average
    """
    with style():
        figure, axes = new_figure(height=2.3)
        axes.bar(profile["month"], profile["index"], 0.72, color=SERIES[1])
        axes.axhline(1, color=INK, linewidth=1, linestyle=(0, (4, 3)))
        months = profile["month"].astype(int)
        axes.set_xticks(months, [calendar.month_abbr[month] for month in months])
        axes.set_ylim(bottom=0)
        axes.set_ylabel("× the average day")
        axes.set_title(title)
    return figure
