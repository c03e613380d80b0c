"""The outer tail: distributions continued beyond their outermost level, for targets that ask for more."""

import numpy as np

from distributions.distribution import Distribution

OUTER_LEVELS = np.array([0.998, 0.999, 0.9995, 0.9999])
"""Levels that an outer tail adds; the last of them is the most that any target is planned to."""

_FROM = 0.95


def with_outer_tail(distribution: Distribution) -> Distribution:
    """The distributions with `OUTER_LEVELS`, on an exponential tail as steep as from the 95 % quantile to the last one.

    The two outermost quantiles alone are too near each other to tell a tail: in whole units they are often equal, and
    then nothing would lie beyond them. Poisson demand of 60: 85 at 99.9 %, 90 at 99.99 %; continued, 86.6 and 94.6.
    """
    last = distribution.levels[-1]
    outer = OUTER_LEVELS[last < OUTER_LEVELS]
    over = np.log((1 - last) / (1 - outer))
    slope = (distribution.values[:, -1] - distribution.quantile(_FROM)) / np.log((1 - _FROM) / (1 - last))
    slope = np.maximum(slope, distribution.tail_scale)
    beyond = distribution.values[:, -1:] + slope[:, None] * over
    return type(distribution)(
        np.append(distribution.levels, outer), np.column_stack([distribution.values, beyond])
    )
