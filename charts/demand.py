"""Charts of demand and stock over time: the fan chart of a demand forecast, and the stock projection."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from charts.canvas import ACCENT, GOOD, INK, MUTED, SERIES, WARN, mark_day, new_figure, style, thousands
from charts.legends import legend_below
from configs.formats import share
from distributions.levels import level_column

BANDS = ((0.05, 0.95, 0.18), (0.25, 0.75, 0.32))
"""Lower level, upper level and opacity of the fan's bands."""


def fan_chart(
    past: pd.DataFrame,
    future: pd.DataFrame,
    *,
    title: str = "",
    order_by: pd.Timestamp | None = None,
    actual: pd.DataFrame | None = None,
    year_before: pd.DataFrame | None = None,
) -> Figure:
    """Fan chart of a SKU: past demand, and the quantile bands of its forecast.

    Parameters
    ----------
    past : `ds`, `y` and optionally `in_stock`; periods out of stock are marked, since `y` is then a lower bound; and
        `forecast`, what was expected of each a period before, NaN where that is not known
    future : `ds`, `mean`, `q0.05`, `q0.25`, `q0.75`, `q0.95`, units per period
    order_by : the day by which to order, drawn as a line
    actual : `ds`, `y` of what really came, for backtests
    year_before : `ds`, `y` of the same season a year before, at the days to come
    """
    with style():
        figure, axes = new_figure()
        axes.plot(past["ds"], past["y"], color=INK, linewidth=1.3, label="demand")
        if "forecast" in past and past["forecast"].notna().any():
            colour = SERIES[2]
            axes.plot(
                past["ds"],
                past["forecast"],
                ".",
                color=colour,
                markersize=5,
                label="expected a period before",
            )
        if "in_stock" in past:
            out = past[~past["in_stock"].fillna(True).astype(bool)]
            if len(out):
                axes.plot(out["ds"], out["y"], "o", color=WARN, markersize=3.5, label="out of stock")
        for low, high, opacity in BANDS:
            axes.fill_between(
                future["ds"],
                future[level_column(low)],
                future[level_column(high)],
                color=ACCENT,
                alpha=opacity,
                linewidth=0,
                label=f"{share(high - low)} of outcomes",
            )
        axes.plot(future["ds"], future["mean"], color=ACCENT, linewidth=1.8, label="expected")
        if actual is not None:
            axes.plot(actual["ds"], actual["y"], color=SERIES[1], linewidth=1.3, label="what came")
        if year_before is not None and len(year_before):
            axes.plot(
                year_before["ds"],
                year_before["y"],
                color=SERIES[1],
                linewidth=1.3,
                linestyle=(0, (4, 2)),
                label="a year before",
            )
        if order_by is not None:
            mark_day(axes, order_by, f"order by {order_by:%d %b}", WARN)
        axes.set_ylim(bottom=0)
        axes.yaxis.set_major_formatter(thousands)
        axes.set_ylabel("units per period")
        axes.set_title(title)
        legend_below(figure)
    return figure


def stock_projection(
    projection: pd.DataFrame,
    *,
    title: str = "",
    reorder_point: float | None = None,
    order_by: pd.Timestamp | None = None,
    stockout: pd.Timestamp | None = None,
) -> Figure:
    """Chart of the stock projection: stock on the shelf as it runs down, if nothing is ordered and with an order.

    Parameters
    ----------
    projection : `ds`, `expected`, `low`, `high` units at the end of each period, open orders counted as they
        are likely to arrive; `with_expected`, `with_low`, `with_high` with what is ordered today, where it is there
    reorder_point : the level below which to order, in units of the inventory position
    order_by, stockout : days to mark
    """
    with style():
        figure, axes = new_figure()
        axes.fill_between(
            projection["ds"],
            projection["low"],
            projection["high"],
            color=ACCENT,
            alpha=BANDS[0][2],
            linewidth=0,
            label="90% of outcomes",
        )
        axes.plot(
            projection["ds"],
            projection["expected"],
            color=ACCENT,
            linewidth=1.8,
            label="if nothing is ordered",
        )
        if "with_expected" in projection:
            low, high = projection["with_low"], projection["with_high"]
            axes.fill_between(projection["ds"], low, high, color=GOOD, alpha=BANDS[0][2], linewidth=0)
            axes.plot(
                projection["ds"],
                projection["with_expected"],
                color=GOOD,
                linewidth=1.8,
                linestyle=(0, (6, 2)),
                label="with today's order",
            )
        axes.axhline(0, color=MUTED, linewidth=0.8)
        if reorder_point is not None and np.isfinite(reorder_point):
            axes.axhline(
                reorder_point, color=SERIES[2], linewidth=1.1, linestyle=(0, (1, 2)), label="reorder point"
            )
        if order_by is not None:
            mark_day(axes, order_by, f"order by {order_by:%d %b}", WARN)
        if stockout is not None:
            mark_day(axes, stockout, f"\nempty {stockout:%d %b}", INK)
        axes.set_ylabel("units")
        axes.yaxis.set_major_formatter(thousands)
        axes.set_title(title)
        legend_below(figure)
    return figure
