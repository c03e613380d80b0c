"""Three buyers on eight past days of the demo: `python -m benchmarks.buyers [--work DIR] [--every N] [--days N]`.

One follows the list (its top 20 new actions a week, their effort counted), one the plan without it, one a textbook
desk. All meet the same demand, which really came, and the same luck of deliveries.
"""

import argparse
import tempfile
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.buyers.buyer_day import BUYERS, LIST, PLAN, TEXTBOOK, BuyerDay, play_buyers
from benchmarks.decisions.demo_day import demo_company, read_company
from benchmarks.decisions.past_days.truth import days_of

TOP = 20
"""New actions that the list's buyer carries out a week at most."""

_PROCESSES = 2
_MONEY = ("goods", "ordering", "stock", "pipeline", "shortage", "effort", "expediting", "total")


def main() -> None:
    """Play the days and print what each buyer came to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, help="folder of company and models, kept; else a new one")
    parser.add_argument("--every", type=int, default=2, help="every n-th SKU is played")
    parser.add_argument("--days", type=int, default=8, help="how many of the eight days, the last first")
    args = parser.parse_args()
    begin = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        work = args.work or Path(folder)
        company = read_company(work / "demo") if (work / "demo").exists() else demo_company(work)
        days = days_of(company, quick=False)[-args.days :]
        one = partial(play_buyers, company, work=work, every=args.every, most=TOP)
        with ProcessPoolExecutor(_PROCESSES, mp_context=get_context("spawn")) as pool:
            played = list(pool.map(one, days))
    _print(played)
    print(f"\n{time.monotonic() - begin:.0f} s")


def _print(played: list[BuyerDay]) -> None:
    """Print the table of the buyers, the difference of the list to the others, and what was carried out."""
    total = sum((day.table for day in played[1:]), played[0].table)
    served = 100 * (1 - total["missed"] / total["demand"])
    first, last = (f"{day.day:%Y-%m-%d}" for day in (played[0], played[-1]))
    print(f"\n{len(played)} days, {first} … {last}, played forward to the end of the year, sums of all\n")
    print(f"| {'':22} | " + " | ".join(f"{name:>10}" for name in BUYERS) + " |")
    print(f"|{'-' * 24}|" + "|".join(["-" * 12] * len(BUYERS)) + "|")
    rows = {name: total[name] for name in _MONEY}
    rows |= {"demand met, %": served, "units wasted": total["wasted"], "order lines": total["lines"]}
    rows |= {"interventions": total["interventions"]}
    for name, values in rows.items():
        digits = 1 if name.endswith("%") else 0
        print(f"| {name:22} | " + " | ".join(f"{values[buyer]:>10,.{digits}f}" for buyer in BUYERS) + " |")
    for other in (PLAN, TEXTBOOK):
        saved = np.array(
            [float(day.table.loc[other, "total"] - day.table.loc[LIST, "total"]) for day in played]
        )
        error = float(saved.std(ddof=1) * np.sqrt(len(saved))) if len(saved) > 1 else float("nan")
        share = saved.sum() / total.loc[other, "total"]
        print(f"\nthe list saves {saved.sum():,.0f} ± {error:,.0f} against the {other} ({share:.1%})")
    done = sum((Counter(day.actions[LIST]) for day in played), Counter())
    print("\ncarried out: " + ", ".join(f"{name} {count}" for name, count in done.most_common()))


if __name__ == "__main__":
    pd.set_option("display.width", 200)
    main()
