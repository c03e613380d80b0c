"""Charts of demand and stock over time: the fan chart of a demand forecast, and the stock projection."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from charts.canvas import ACCENT, INK, MUTED, SERIES, WARN, mark_day, new_figure, style, thousands
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
) -> Figure:
    """Fan chart of a SKU: past demand, and the quantile bands of its forecast.

    Parameters
    ----------
    past : `ds`, `y` and optionally `in_stock`; periods out of stock are marked, since `y` is then a lower bound
    future : `ds`, `mean`, `q0.05`, `q0.25`, `q0.75`, `q0.95`, units per period
    order_by : the day by which to order, drawn as a line
    actual : `ds`, `y` of what really came, for backtests
    """
    with style():
        figure, axes = new_figure()
        axes.plot(past["ds"], past["y"], color=INK, linewidth=1.3, label="demand")
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
        if order_by is not None:
            mark_day(axes, order_by, f"order by {order_by:%d %b}", WARN)
        axes.set_ylim(bottom=0)
        axes.yaxis.set_major_formatter(thousands)
        axes.set_ylabel("units per period")
        axes.set_title(title)
        figure.legend(loc="outside lower left", ncols=5)
    return figure


def stock_projection(
    projection: pd.DataFrame,
    *,
    title: str = "",
    reorder_point: float | None = None,
    order_by: pd.Timestamp | None = None,
    stockout: pd.Timestamp | None = None,
) -> Figure:
    """Chart of the stock projection: stock on the shelf as it runs down when nothing more is ordered.

    Parameters
    ----------
    projection : `ds`, `expected`, `low`, `high` units at the end of each period, open orders counted as they
        are likely to arrive
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
            projection["ds"], projection["expected"], color=ACCENT, linewidth=1.8, label="expected stock"
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
        figure.legend(loc="outside lower left", ncols=4)
    return figure
