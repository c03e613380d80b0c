"""`python -m benchmarks.vn2`: the VN2 game on four past windows, beside the organisers' and the textbook rule.

Each window is played with what was known at its start: Purvey trains on the weeks before it and calibrates its
order rules on cycles before it. Peers need no tuning. All start from the same stock, the one that eight weeks of
the organisers' rule leave behind, and the first two weeks are the same for all, since no order can arrive in them.
"""

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.vn2_game import History, Order, Score, Stock, organisers, play, starting_stock
from benchmarks.vn2_peers import textbook_order_up_to
from benchmarks.vn2_purvey import Purvey
from features.panel import Array

WINDOWS = (10, 20, 30, 52)
"""Weeks before the end of the history at which a window starts."""


@dataclass(frozen=True)
class Window:
    """What every contender came to in one window."""

    start: str
    nothing: Score
    organisers: Score
    textbook: Score
    purvey: Score
    train_seconds: float
    plan_seconds: list[float]

    @property
    def saving(self) -> float:
        """Share of cost saved against the better of the two peers."""
        return 1 - self.purvey.cost / min(self.organisers.cost, self.textbook.cost)


def data_folder() -> Path:
    """Where the raw files should be: `PURVEY_DATA`/vn2, or ../shared/data/vn2 beside the repository."""
    beside = Path(__file__).resolve().parents[2] / "shared" / "data"
    return Path(os.environ.get("PURVEY_DATA", beside)) / "vn2"


def textbook(history: History) -> Order:
    """Play by forecast + z·σ·√(L+R)."""
    return lambda seen, stock: (
        textbook_order_up_to(history.demand[:, :seen], history.week_of_year) - stock.position
    )


def nothing(_seen: int, stock: Stock) -> Array:
    """Order nothing, for scale."""
    return np.zeros_like(stock.on_hand)


def play_window(history: History, first: int, folder: Path) -> Window:
    """Let all contenders play from week number `first`."""
    stock = starting_stock(history, first)
    purvey = Purvey(history, folder)
    return Window(
        start=str(history.start(first).date()),
        nothing=play(history, first, stock, nothing),
        organisers=play(history, first, stock, organisers(history)),
        textbook=play(history, first, stock, textbook(history)),
        purvey=play(history, first, stock, purvey.order),
        train_seconds=purvey.train_seconds,
        plan_seconds=purvey.plan_seconds,
    )


def main() -> None:
    """Play and print."""
    raw = data_folder()
    if not raw.is_dir():
        print(f"skipped: {raw} is not there; set PURVEY_DATA to the folder that holds vn2/")
        return
    history = History.of(raw)
    print("VN2, cost over eight weeks (fill rate)")
    heads = ("organisers", "textbook", "Purvey")
    print(
        f"{'start':<12}{'no orders':>12}{''.join(f'{head:>18}' for head in heads)}{'saving':>9}  train   plan"
    )
    savings = []
    for back in WINDOWS:
        with tempfile.TemporaryDirectory(prefix="vn2-") as folder:
            window = play_window(history, history.demand.shape[1] - back, Path(folder))
        scores = (window.organisers, window.textbook, window.purvey)
        costs = "".join(f"{score.cost:10,.0f} ({score.fill_rate:.3f})" for score in scores)
        times = f"{window.train_seconds:6.0f} s{max(window.plan_seconds):5.1f} s"
        print(f"{window.start:<12}{window.nothing.cost:12,.0f}{costs}{window.saving:9.1%}{times}", flush=True)
        savings.append(window.saving)
    print(f"average saving against the better peer: {np.mean(savings):.1%}")


if __name__ == "__main__":
    main()
