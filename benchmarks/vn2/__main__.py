"""`python -m benchmarks.vn2`: the VN2 game on four past windows, beside three rules that others would play.

Each window is played with what was known at its start: Purvey trains on the weeks before it and calibrates its
order rules on cycles before it. Of the peers only the LightGBM has a number to tune, on windows that are not scored.
All start from the same stock, the one that eight weeks of the organisers' rule leave behind, and the first two weeks
are the same for all, since no order can arrive in them.
"""

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.raw_data import is_there, raw_folder
from benchmarks.vn2.game import History, Order, Score, Stock, organisers, play, starting_stock
from benchmarks.vn2.lightgbm_peer import PlainLightGBM
from benchmarks.vn2.peers import textbook_order_up_to
from benchmarks.vn2.purvey_player import Purvey
from features.demand.panel import Array

WINDOWS = (10, 20, 30, 52)
"""Weeks before the end of the history at which a window starts."""


@dataclass(frozen=True)
class Window:
    """What every contender came to in one window."""

    start: str
    nothing: Score
    peers: Mapping[str, Score]
    purvey: Score
    train_seconds: float
    plan_seconds: list[float]

    def below(self, peer: str) -> float:
        """Share of the peer's cost that is saved."""
        return 1 - self.purvey.cost / self.peers[peer].cost


def textbook(history: History) -> Order:
    """Play by forecast + z·σ·√(L+R)."""
    return lambda seen, stock: (
        textbook_order_up_to(history.demand[:, :seen], history.week_of_year) - stock.position
    )


def nothing(_seen: int, stock: Stock) -> Array:
    """Order nothing, for scale."""
    return np.zeros_like(stock.on_hand)


def play_window(history: History, first: int, folder: Path, lightgbm: Order) -> Window:
    """Let all contenders play from week number `first`."""
    stock = starting_stock(history, first)
    purvey = Purvey(history, folder)
    rules = {"organisers": organisers(history), "textbook": textbook(history), "LightGBM": lightgbm}
    return Window(
        start=str(history.start(first).date()),
        nothing=play(history, first, stock, nothing),
        peers={name: play(history, first, stock, rule) for name, rule in rules.items()},
        purvey=play(history, first, stock, purvey.order),
        train_seconds=purvey.train_seconds,
        plan_seconds=purvey.plan_seconds,
    )


def main() -> None:
    """Play and print."""
    if not is_there("vn2"):
        return
    raw = raw_folder("vn2")
    history = History.of(raw)
    lightgbm = PlainLightGBM(history)
    factor = lightgbm.best_factor()
    print(f"VN2, cost over eight weeks (fill rate); the LightGBM orders up to D₃ + z·{factor:.1f}·√D₃")
    heads = ("organisers", "textbook", "LightGBM", "Purvey")
    print(f"{'start':<12}{'no orders':>12}{''.join(f'{head:>18}' for head in heads)}  train   plan")
    windows = []
    for back in WINDOWS:
        with tempfile.TemporaryDirectory(prefix="vn2-") as folder:
            first = history.demand.shape[1] - back
            window = play_window(history, first, Path(folder), lightgbm.order(factor))
        windows.append(window)
        scores = (*window.peers.values(), window.purvey)
        costs = "".join(f"{score.cost:10,.0f} ({score.fill_rate:.3f})" for score in scores)
        times = f"{window.train_seconds:6.0f} s{max(window.plan_seconds):5.1f} s"
        print(f"{window.start:<12}{window.nothing.cost:12,.0f}{costs}{times}", flush=True)
    for peer in windows[0].peers:
        savings = [window.below(peer) for window in windows]
        print(
            f"below {peer}: {np.mean(savings):.1%} on average ({', '.join(f'{one:.1%}' for one in savings)})"
        )


if __name__ == "__main__":
    main()
