"""How a model does after its training."""

import pandas as pd
from matplotlib.figure import Figure

from charts.canvas import ACCENT, INK, MUTED, WARN, new_figure, style


def loss_chart(periods: pd.DataFrame, *, title: str = "") -> Figure:
    """Loss of each period since training, over the band that nine in ten of the backtest's losses lay in.

    Parameters
    ----------
    periods : ds, scaled_pinball, usual, low, high (in naive errors; NaN without a backtest), alarm
    """
    with style():
        figure, axes = new_figure()
        axes.fill_between(
            periods["ds"], periods["low"], periods["high"], color=ACCENT, alpha=0.18, linewidth=0,
            label="nine in ten of the backtest",
        )  # fmt: skip
        axes.plot(periods["ds"], periods["usual"], color=MUTED, linewidth=1.2, label="middle of the backtest")
        axes.plot(
            periods["ds"], periods["scaled_pinball"], color=INK, linewidth=1.6, marker="o", markersize=3.5,
            label="since training",
        )  # fmt: skip
        loud = periods[periods["alarm"]]
        if len(loud):
            axes.plot(loud["ds"], loud["scaled_pinball"], "o", color=WARN, markersize=6, label="retrain")
        axes.set_ylim(bottom=0)
        axes.set_xticks(periods["ds"] if len(periods) <= 8 else periods["ds"].iloc[:: -(-len(periods) // 8)])
        axes.set_ylabel("loss, in naive errors")
        axes.set_title(title)
        axes.legend(loc="lower left", ncols=2)
    return figure
