"""`python -m benchmarks.vn2`: the VN2 game on four past windows, beside the organisers' and the textbook rule."""

import os
from pathlib import Path

import numpy as np

from benchmarks.vn2_game import History, Order, Stock, organisers, play, starting_stock
from benchmarks.vn2_peers import textbook_order_up_to
from features.panel import Array

WINDOWS = (10, 20, 30, 52)
"""Weeks before the end of the history at which a window starts."""


def data_folder() -> Path:
    """Where the raw files should be: `PURVEY_DATA`/vn2, or ../shared/data/vn2 beside the repository."""
    here = Path(__file__).resolve().parents[1]
    return Path(os.environ.get("PURVEY_DATA", here.parent / "shared" / "data")) / "vn2"


def textbook(history: History) -> Order:
    """Play by forecast + z·σ·√(L+R)."""
    return lambda seen, stock: (
        textbook_order_up_to(history.demand[:, :seen], history.week_of_year) - stock.position
    )


def nothing(_seen: int, stock: Stock) -> Array:
    """Order nothing, for scale."""
    return np.zeros_like(stock.on_hand)


def main() -> None:
    """Play and print."""
    folder = data_folder()
    if not folder.is_dir():
        print(f"skipped: {folder} is not there; set PURVEY_DATA to the folder that holds vn2/")
        return
    history = History.of(folder)
    for back in WINDOWS:
        first = history.demand.shape[1] - back
        stock = starting_stock(history, first)
        scores = [
            play(history, first, stock, rule) for rule in (nothing, organisers(history), textbook(history))
        ]
        print(history.start(first).date(), *[f"{s.cost:9,.0f} {s.fill_rate:.3f}" for s in scores])


if __name__ == "__main__":
    main()
