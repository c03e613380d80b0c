"""Calibration chart: how far the quantiles of a forecast can be believed."""

from collections.abc import Mapping

from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from charts.canvas import MUTED, SERIES, new_figure, style


def calibration_chart(levels: ArrayLike, observed: Mapping[str, ArrayLike], *, title: str = "") -> Figure:
    """Calibration chart: share of outcomes up to each predicted quantile; a calibrated forecast lies on the diagonal.

    Parameters
    ----------
    levels : (Q,) nominal levels
    observed : name (all, or a demand class) → (Q,) share of outcomes below, from forecasts out of sample
    """
    with style():
        figure, axes = new_figure(4.6, 4.6)
        axes.plot([0, 1], [0, 1], color=MUTED, linewidth=1, linestyle=(0, (4, 3)), label="perfect")
        for i, (name, shares) in enumerate(observed.items()):
            axes.plot(
                levels,
                shares,
                color=SERIES[i % len(SERIES)],
                linewidth=2.0 if i == 0 else 1.2,
                marker="o",
                markersize=3.5 if i == 0 else 2.5,
                label=name,
            )
        axes.set_xlim(0, 1)
        axes.set_ylim(0, 1)
        axes.set_aspect("equal")
        axes.grid(visible=True, axis="both")
        axes.set_xlabel("predicted chance")
        axes.set_ylabel("share that came true")
        axes.set_title(title)
        axes.legend(loc="upper left")
    return figure
