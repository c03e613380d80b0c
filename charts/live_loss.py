"""Chart of the live loss: how a model's forecasts do after its training, beside its backtest."""

import pandas as pd
from matplotlib.figure import Figure

from charts.canvas import ACCENT, INK, MUTED, WARN, new_figure, style


def live_loss_chart(periods: pd.DataFrame, *, title: str = "") -> Figure:
    """Chart of the forecast loss of each period since training, over the band of nine in ten of the backtest's losses.

    Parameters
    ----------
    periods : ds, scaled_pinball, usual, low, high (in naive errors; NaN without a backtest), alarm
    """
    with style():
        figure, axes = new_figure()
        axes.fill_between(
            periods["ds"],
            periods["low"],
            periods["high"],
            color=ACCENT,
            alpha=0.18,
            linewidth=0,
            label="nine in ten of the backtest",
        )
        axes.plot(periods["ds"], periods["usual"], color=MUTED, linewidth=1.2, label="middle of the backtest")
        axes.plot(
            periods["ds"],
            periods["scaled_pinball"],
            color=INK,
            linewidth=1.6,
            marker="o",
            markersize=3.5,
            label="since training",
        )
        alarms = periods[periods["alarm"]]
        if len(alarms):
            axes.plot(alarms["ds"], alarms["scaled_pinball"], "o", color=WARN, markersize=6, label="retrain")
        axes.set_ylim(bottom=0)
        axes.set_xticks(periods["ds"] if len(periods) <= 8 else periods["ds"].iloc[:: -(-len(periods) // 8)])
        axes.set_ylabel("loss, in naive errors")
        axes.set_title(title)
        axes.legend(loc="lower left", ncols=2)
    return figure
