"""Charts of lead times: a supplier's histogram beside its promise, and when open orders are likely to arrive."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from numpy.typing import ArrayLike, NDArray

from charts.canvas import ACCENT, INK, MUTED, WARN, new_figure, style
from charts.lead_time_bins import lead_time_bins
from charts.legends import legend_below
from configs.formats import number


def lead_time_histogram(
    days: ArrayLike,
    *,
    title: str = "",
    promise: float | None = None,
    levels: ArrayLike | None = None,
    quantiles: ArrayLike | None = None,
) -> Figure:
    """Histogram of lead times seen, beside the promise and the learned distribution.

    Parameters
    ----------
    days : lead times of closed orders, in days
    promise : the usual promised or contract lead time, in days
    levels, quantiles : (Q,) each, the distribution used for the next order; drawn as its density in orders a bin
    """
    edges, counts = lead_time_bins(days)
    with style():
        figure, axes = new_figure()
        axes.bar(
            edges[:-1], counts, np.diff(edges) * 0.92, align="edge", color=MUTED, alpha=0.55, label="orders"
        )
        if levels is not None and quantiles is not None:
            _density(axes, np.asarray(levels, float), np.asarray(quantiles, float), edges, counts)
        if promise is not None and np.isfinite(promise):
            axes.axvline(promise, color=WARN, linewidth=1.6, label=f"promised: {number(promise)} days")
        axes.set_xlabel("days from order to receipt")
        axes.set_ylabel("orders")
        axes.yaxis.set_major_locator(MaxNLocator(integer=True))
        axes.set_title(title)
        legend_below(figure)
    return figure


def _density(
    axes: Axes,
    levels: NDArray[np.float64],
    quantiles: NDArray[np.float64],
    edges: NDArray[np.float64],
    counts: NDArray[np.int64],
) -> None:
    """Expected orders a bin under the learned distribution: its distribution function's steps × orders."""
    width = edges[1] - edges[0]
    last = max(edges[-1], quantiles[-1])
    grid = np.arange(np.floor(min(edges[0], quantiles[0])), last + 2 * width, width)
    # A certain lead time reaches many levels at one value: of equal quantiles the highest level is the cdf there.
    at, first = np.unique(quantiles[::-1], return_index=True)
    cdf = np.interp(grid, at, levels[::-1][first], left=0.0, right=1.0)
    expected = np.diff(cdf) * counts.sum()
    axes.plot((grid[1:] + grid[:-1]) / 2, expected, color=ACCENT, linewidth=1.8, label="next order, learned")


def arrivals_chart(orders: pd.DataFrame, *, as_of: pd.Timestamp, title: str = "") -> Figure:
    """Chart of open orders: when each is likely to arrive, beside its promise.

    Parameters
    ----------
    orders : `label`, `low`, `expected`, `high` (days of arrival; 90 % between low and high), `promised_at`
        (NaT: none), in the order to show
    as_of : today
    """
    with style():
        figure, axes = new_figure(height=1.0 + 0.32 * max(len(orders), 1))
        rows = np.arange(len(orders))[::-1]
        axes.hlines(
            rows,
            orders["low"],
            orders["high"],
            color=ACCENT,
            alpha=0.35,
            linewidth=7,
            label="90% of outcomes",
        )
        axes.plot(orders["expected"], rows, "o", color=ACCENT, markersize=6, label="likely arrival")
        promised = orders["promised_at"].notna().to_numpy()
        if promised.any():
            axes.plot(
                orders["promised_at"][promised],
                rows[promised],
                "|",
                color=WARN,
                markersize=13,
                markeredgewidth=2,
                label="promised",
            )
        axes.axvline(as_of, color=INK, linewidth=1, linestyle=(0, (4, 3)), label="today")
        axes.set_yticks(rows, orders["label"])
        axes.set_ylim(-0.7, len(orders) - 0.3)
        axes.grid(visible=True, axis="x")
        axes.grid(visible=False, axis="y")
        axes.set_title(title)
        legend_below(figure)
    return figure
