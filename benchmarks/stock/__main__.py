"""Stock needed to serve 95 % of demand from the shelf: `python -m benchmarks.stock [vn2 …] [--weeks 24]`.

The last weeks are played again: an order a week, two weeks under way, unmet demand waits. Every contender has one
free number (a fractile, a fill rate or a safety factor z), the same for all SKUs, that is moved until it serves 95 %
over all SKUs; then the stock held is compared. Nobody sees what comes later: Purvey trains every eight weeks on what
was before and forecasts each week, the single models are fitted anew every week.
"""

import argparse
import json
import sys
from collections.abc import Mapping
from pathlib import Path

from benchmarks.demand.data_sets import DATA_SETS, load_panel
from benchmarks.raw_data import is_available
from benchmarks.stock.contenders import contender_levels
from benchmarks.stock.simulate import OrderWeeks, StockHeld, past_demand, simulate_stock
from features.demand.panel import Panel

FILL_RATE = 0.95
LEAD_TIME = 2


def report(name: str, held: Mapping[str, StockHeld], panel: Panel) -> dict[str, dict[str, float]]:
    """Print the stock held at the fill rate, and what the first contender saves against each of the others."""
    print(f"\n{name}: {len(panel)} SKUs, stock at the end of a week for a fill rate of {FILL_RATE:.0%}")
    print(f"{'':34}{'units':>12}{'money':>12}{'Purvey holds less':>19}")
    stock = {contender: one.at(FILL_RATE) for contender, one in held.items()}
    first = next(iter(stock.values()))
    for contender, (units, money) in stock.items():
        print(f"{contender:34}{units:12,.0f}{money:12,.0f}{1 - first[0] / units:19.1%}")
    return {contender: {"units": units, "money": money} for contender, (units, money) in stock.items()}


def main(argv: list[str] | None = None) -> None:
    """Run the stock benchmark: simulate the past weeks with every contender and print the stock held."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.stock")
    parser.add_argument("names", nargs="*", metavar="DATA", help=f"of {', '.join(DATA_SETS)}; none: vn2")
    parser.add_argument("--weeks", type=int, default=24, help="past weeks to play (24)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there")
    given = parser.parse_args(argv)
    result = {}
    for name in given.names or ["vn2"]:
        if name not in DATA_SETS:
            parser.error(f"no data set {name!r}; there are {', '.join(DATA_SETS)}")
        if not is_available(name):
            continue
        panel = load_panel(name)
        weeks = OrderWeeks(panel, panel.periods - given.weeks, LEAD_TIME)
        print(f"{name}: {given.weeks} weeks", file=sys.stderr)
        past = past_demand(name, weeks)
        held = {
            contender: simulate_stock(past, levels)
            for contender, levels in contender_levels(name, weeks).items()
        }
        result[name] = report(name, held, panel)
    if given.json:
        given.json.write_text(json.dumps(result, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
