"""`python -m benchmarks.vn2 [--windows 12]`: the VN2 game on past windows, beside four rules that others would play.

Each window is played with what was known at its start: Purvey trains on the weeks before it and calibrates its
order rules on cycles before it. The LightGBM's buffer is tuned on windows that are not scored, that of the strong one
on those that ended before. All start from the same stock, the one that eight weeks of the organisers' rule leave
behind, and the first two weeks are the same for all, since no order can arrive in them. Four windows late in the
history are played, or as many as are asked for, spread evenly from 40 weeks of history on.
"""

import argparse
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.raw_data import is_available, raw_folder
from benchmarks.vn2.game import WEEKS, GameHistory, GameScore, OrderRule, play_game
from benchmarks.vn2.lightgbm_peer import LightGBMPlayer
from benchmarks.vn2.peers import no_orders, organisers_rule, textbook_rule
from benchmarks.vn2.purvey_player import PurveyPlayer
from benchmarks.vn2.starting_stock import starting_stock
from benchmarks.vn2.strong_lightgbm import StrongLightGBM

WINDOWS = (10, 20, 30, 52)
"""Weeks before the end of the history at which a window starts, where no number of windows is asked for."""

LEAST_HISTORY = 40
"""Weeks of history before the first of many windows."""


@dataclass(frozen=True)
class WindowScores:
    """Scores of every contender in one window of the VN2 game."""

    start: str
    without_orders: GameScore
    peers: Mapping[str, GameScore]
    purvey: GameScore
    train_seconds: float
    plan_seconds: list[float]

    def saved_against(self, peer: str) -> float:
        """Share of the peer's cost that Purvey saves."""
        return 1 - self.purvey.cost / self.peers[peer].cost


def play_window(
    history: GameHistory, first: int, folder: Path, lightgbm: Mapping[str, OrderRule]
) -> WindowScores:
    """Scores of all contenders who play the VN2 game from week number `first`; `lightgbm`: the rules by LightGBM."""
    stock = starting_stock(history, first)
    purvey = PurveyPlayer(history, folder)
    rules = {"organisers": organisers_rule(history), "textbook": textbook_rule(history), **lightgbm}
    return WindowScores(
        start=str(history.start(first).date()),
        without_orders=play_game(history, first, stock, no_orders),
        peers={name: play_game(history, first, stock, rule) for name, rule in rules.items()},
        purvey=play_game(history, first, stock, purvey.order),
        train_seconds=purvey.train_seconds,
        plan_seconds=purvey.plan_seconds,
    )


def window_starts(weeks: int, count: int | None) -> list[int]:
    """Week numbers at which windows of the VN2 game start in a history of so many weeks, the first one first."""
    if count is None:
        return sorted(weeks - back for back in WINDOWS)
    return [int(week) for week in np.linspace(LEAST_HISTORY, weeks - WEEKS, count).round()]


def main(argv: list[str] | None = None) -> None:
    """Run the VN2 benchmark: play all windows of the game and print costs, fill rates and what Purvey saves."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.vn2", description=__doc__)
    parser.add_argument("--windows", type=int, metavar="COUNT", help="windows spread over the whole history")
    count = parser.parse_args(argv).windows
    if not is_available("vn2"):
        return
    history = GameHistory.of(raw_folder("vn2"))
    starts = window_starts(history.demand.shape[1], count)
    plain, strong = LightGBMPlayer(history), StrongLightGBM(history)
    factor = plain.best_factor()
    print(f"VN2, cost over eight weeks (fill rate); the LightGBM orders up to D₃ + z·{factor:.1f}·√D₃")
    heads = ("organisers", "textbook", "LightGBM", "strong LightGBM", "Purvey")
    print(f"{'start':<12}{'no orders':>12}{''.join(f'{head:>18}' for head in heads)}  train   plan")
    windows = []
    for first in starts:
        rules = {
            "LightGBM": plain.order(factor),
            "strong LightGBM": strong.order(strong.factor_before(first, starts)),
        }
        with tempfile.TemporaryDirectory(prefix="vn2-") as folder:
            window = play_window(history, first, Path(folder), rules)
        windows.append(window)
        scores = (*window.peers.values(), window.purvey)
        costs = "".join(f"{score.cost:10,.0f} ({score.fill_rate:.3f})" for score in scores)
        times = f"{window.train_seconds:6.0f} s{max(window.plan_seconds):5.1f} s"
        print(f"{window.start:<12}{window.without_orders.cost:12,.0f}{costs}{times}", flush=True)
    for peer in windows[0].peers:
        savings = [window.saved_against(peer) for window in windows]
        error = np.std(savings, ddof=1) / np.sqrt(len(savings)) if len(savings) > 1 else np.nan
        each = ", ".join(f"{one:.1%}" for one in savings)
        print(f"below {peer}: {np.mean(savings):.1%} ± {error:.1%} on average ({each})")


if __name__ == "__main__":
    main()
