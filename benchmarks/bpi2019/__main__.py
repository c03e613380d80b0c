"""Lead times of a coatings company's purchase orders: `python -m benchmarks.bpi2019`, peers and ours in one run.

New orders: at 2018-04-01 and 2018-05-01, trained on the lines placed before (those not received are censored at their
age, cancelled ones dropped), judged on those placed in the two months after and received by 2018-09-01. Open orders:
at the ends of April to July, the total lead time of what was open and has arrived since. Loss is the mean pinball loss
in days over the levels .05 … .95; cover is how often the outcome lay between the 5 % and the 95 % quantile.
"""

import sys
import time
from functools import partial

import pandas as pd

from benchmarks.bpi2019.purchase_orders import COVARIATES, LAST, load_bpi2019_tables
from benchmarks.raw_data import is_available, raw_folder
from benchmarks.scms import peers
from benchmarks.scms.delivery_history import closed_orders_placed
from benchmarks.scms.open_orders import print_open_orders
from benchmarks.scms.scores import LeadTimeScore
from features.contract.tables import COVARIATE, Tables
from features.orders.order_history import order_history
from models.lead_time.snapshots import usable

ORIGINS = (pd.Timestamp("2018-04-01"), pd.Timestamp("2018-05-01"))
MONTHS = pd.date_range("2018-04-30", "2018-07-31", freq="ME")
DAY = pd.Timedelta(days=1)

PEERS: dict[str, peers.Peer] = {
    "shrunk lognormal per supplier": peers.shrunk_lognormal,
    "per-supplier empirical": peers.supplier_empirical,
    "Kaplan–Meier per supplier": peers.kaplan_meier,
    "LogNormal AFT (lifelines)": partial(
        peers.lognormal_aft, texts=("supplier_id", *(COVARIATE + name for name in COVARIATES))
    ),
    "global empirical": peers.global_empirical,
}


def not_cancelled(history: pd.DataFrame) -> pd.DataFrame:
    """Order lines of BPI 2019 without those that were cancelled."""
    return usable(history[history["is_open"] | history["lead_time"].notna()])


def new_orders(data: Tables) -> None:
    """Print the table of the BPI 2019 benchmark for new orders: lead-time scores at each origin."""
    final = order_history(data, LAST)
    scores: dict[str, list[LeadTimeScore]] = {}
    for origin in ORIGINS:
        history = order_history(data, origin - DAY)
        train = not_cancelled(history)
        test = closed_orders_placed(final, origin, origin + pd.DateOffset(months=2))
        forecasts = peers.purvey_quantiles(history, test) | {
            name: peer(train, test) for name, peer in PEERS.items()
        }
        for name, quantiles in forecasts.items():
            scores.setdefault(name, []).append(LeadTimeScore.of(quantiles, test["lead_time"].to_numpy(float)))
    counts = [len(s.loss) for s in scores["ours"]]
    print(f"New orders: {' + '.join(map(str, counts))} lines (pinball loss in days, 90 % coverage)\n")
    print(f"{'':32}{'both':>16}" + "".join(f"{origin:%Y-%m-%d}".rjust(18) for origin in ORIGINS))
    for name, parts in scores.items():
        print(f"{name:32}  " + "    ".join(part.line for part in (LeadTimeScore.concat(parts), *parts)))


def open_orders(data: Tables) -> None:
    """Print the table of the BPI 2019 benchmark for open orders: lead-time scores at month ends."""

    def known_on(month: pd.Timestamp) -> tuple[pd.DataFrame, pd.DataFrame]:
        history = order_history(data, month)
        return history, not_cancelled(history)

    print_open_orders(MONTHS, order_history(data, LAST), known_on, title="month ends", width=32)


def main() -> None:
    """Run the BPI 2019 benchmark, both tables, on `PURVEY_DATA` (default: ../shared/data beside the repository)."""
    if not is_available("bpi2019"):
        return
    started = time.perf_counter()
    data = load_bpi2019_tables(raw_folder("bpi2019"))
    new_orders(data)
    open_orders(data)
    print(f"\n{time.perf_counter() - started:.0f} s", file=sys.stderr)


if __name__ == "__main__":
    main()
