"""Of each pair of offers: what one saves against the other, and how much dearer it may be before it saves nothing."""

import numpy as np
import pandas as pd

from distributions.distribution import Array
from planning.actions.played_worth import HIGH, LOW


def break_even(names: list[str], total: Array, slope: Array, price: Array) -> pd.DataFrame:
    """Every offer against every other one, on the same played years.

    The break-even price of i against j is p_i + (T_j − T_i) / T_i′: at that price both cost the same, on average over
    the years; the ends of its range are those of the years, each for itself.

    Parameters
    ----------
    names : of n offers
    total : array (n, M), what a year costs in each scenario, money
    slope : array (n, M), what one more unit of money on the price costs a year
    price : array (n,), paid today, money a unit

    Returns
    -------
    DataFrame
        One row an ordered pair: name, against, saves (money a year; negative: it costs more) with `saves_low` and
        `saves_high`, chance (share of the years in which it costs less), break_even_price, premium (over the other
        one's price, a share), premium_low, premium_high
    """
    first, second = (each.ravel() for each in np.indices((len(names), len(names))))
    first, second = first[(apart := first != second)], second[apart]
    saved, prices = total[second] - total[first], price[first]
    even = prices + saved.mean(axis=1) / slope[first].mean(axis=1)
    ends = np.quantile(prices[:, None] + saved / slope[first], [LOW, HIGH], axis=1)
    low, high = np.quantile(saved, [LOW, HIGH], axis=1)
    other = price[second]
    return pd.DataFrame(
        {
            "name": np.array(names, object)[first],
            "against": np.array(names, object)[second],
            "saves": saved.mean(axis=1),
            "saves_low": low,
            "saves_high": high,
            "chance": (saved > 0).mean(axis=1),
            "break_even_price": even,
            "premium": even / other - 1,
            "premium_low": ends[0] / other - 1,
            "premium_high": ends[1] / other - 1,
        }
    )
