"""The stock from which a window of the VN2 game starts, the same for every contender."""

from dataclasses import replace

import numpy as np

from benchmarks.vn2.game import WEEKS, GameHistory, GameStock, play_game
from benchmarks.vn2.peers import organisers_rule, seasonal_moving_average

WARM_UP = 8
"""Weeks played before a window starts."""


def starting_stock(history: GameHistory, first: int) -> GameStock:
    """Stock with which every contender of the VN2 game starts in week `first`.

    The organisers' rule is played for the eight weeks before, from two weeks of its own forecast on hand and one
    week's in each of the two coming deliveries, so that the start bears the marks of a real past (in the
    published game the shops' own).
    """
    begin = first - WARM_UP
    week = np.round(seasonal_moving_average(history.demand[:, :begin], history.week_of_year, weeks=1))[:, 0]
    opening = replace(GameStock(week, week, week), on_hand=2 * week)
    return play_game(history, begin, opening, organisers_rule(history), orders=WEEKS).end
