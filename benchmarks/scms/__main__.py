"""Lead times of the SCMS delivery history: `python -m benchmarks.scms`, peers and ours in one run.

New orders: trained on the orders placed before 2011-01-01 and 2012-01-01, judged on those of the year after.
Open orders: at every quarter end of 2011–2013, the total lead time of what was open and has arrived since.
Loss is the mean pinball loss in days over the levels .05 … .95; cover is how often the outcome lay between the
5 % and the 95 % quantile. Our model picks its shrinkage and weights inside each training snapshot.
"""

import sys
import time

import numpy as np
import pandas as pd

from benchmarks.raw_data import is_available, raw_folder
from benchmarks.scms import peers
from benchmarks.scms.delivery_history import closed_orders_placed, load_scms_tables
from benchmarks.scms.open_orders import print_open_orders
from benchmarks.scms.scores import LeadTimeScore
from features.contract.tables import Tables
from features.orders.order_history import order_history
from models.lead_time.snapshots import usable

ORIGINS = (pd.Timestamp("2011-01-01"), pd.Timestamp("2012-01-01"))
QUARTERS = pd.date_range("2011-03-31", "2013-12-31", freq="QE")
DAY = pd.Timedelta(days=1)

PEERS: dict[str, peers.Peer] = {
    "LogNormal AFT (lifelines)": peers.lognormal_aft,
    "Kaplan–Meier per supplier": peers.kaplan_meier,
    "normal per supplier": peers.normal,
    "per-supplier empirical": peers.supplier_empirical,
    "own empirical, however few": peers.own_empirical,
    "global empirical": peers.global_empirical,
}


def new_orders(data: Tables, last: pd.Timestamp) -> None:
    """Print the table of the SCMS benchmark for new orders: lead-time scores over all and over small suppliers."""
    final = order_history(data, last)
    scores: dict[str, list[LeadTimeScore]] = {}
    small = []
    for origin in ORIGINS:
        train = usable(order_history(data, origin - DAY))
        test = closed_orders_placed(final, origin, origin + pd.DateOffset(years=1))
        closed = train[~train["is_open"].astype(bool)].groupby("supplier_id").size()
        small.append(test["supplier_id"].map(closed).fillna(0).to_numpy() < peers.ENOUGH)
        forecasts = peers.purvey_quantiles(train, test) | {
            name: peer(train, test) for name, peer in PEERS.items()
        }
        for name, quantiles in forecasts.items():
            scores.setdefault(name, []).append(LeadTimeScore.of(quantiles, test["lead_time"].to_numpy(float)))
    counts = [len(s.loss) for s in scores["ours"]]
    print(f"New orders: {' + '.join(map(str, counts))} shipments (pinball loss in days, 90 % coverage)\n")
    header = "".join(f"{origin:%Y-%m-%d}".rjust(18) for origin in ORIGINS)
    print(f"{'':28}{'both':>16}{header}    suppliers with < {peers.ENOUGH} closed orders")
    is_small = np.concatenate(small)
    for name, parts in scores.items():
        whole = LeadTimeScore.concat(parts)
        columns = "    ".join(part.line for part in parts)
        print(f"{name:28}  {whole.line}    {columns}    {whole[is_small].line}  (n = {is_small.sum()})")


def open_orders(data: Tables, last: pd.Timestamp) -> None:
    """Print the table of the SCMS benchmark for open orders: lead-time scores at quarter ends."""

    def known_on(quarter: pd.Timestamp) -> tuple[pd.DataFrame, pd.DataFrame]:
        lines = usable(order_history(data, quarter))
        return lines, lines

    print_open_orders(QUARTERS, order_history(data, last), known_on, title="quarter ends", width=28)


def main() -> None:
    """Run the SCMS benchmark, both tables, on `PURVEY_DATA` (default: ../shared/data beside the repository)."""
    if not is_available("scms"):
        return
    started = time.perf_counter()
    data = load_scms_tables(raw_folder("scms"))
    received = data.purchase_orders["received_at"].max()
    new_orders(data, received)
    open_orders(data, received)
    print(f"\n{time.perf_counter() - started:.0f} s", file=sys.stderr)


if __name__ == "__main__":
    main()
