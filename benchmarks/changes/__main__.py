"""Are suppliers that change found, and those that do not left alone? `python -m benchmarks.changes`.

Simulated suppliers, so that the truth is known: five distributions of lead times, orders at random days, 12 to 120 a
year. Steady ones are watched for six years (three where orders are many); false alarms are those after the first. The
others change after three years; found is who is flagged within 15 orders, of those not flagged already.

Beside it, how much can be found at all: an oracle that knows the distributions before and after the change, with a
limit set to .33 false alarms a supplier and year. The first one knows which of the changes will come, the second one
watches for all three and splits its false alarms among them.

Then the demo company, whose eroding and improving suppliers drift over the year. `--calibrate` prints instead,
on other draws, the orders between two false alarms by which `models.lead_time.changes.cusum_limits` sets its run
lengths.
"""

import sys

import numpy as np
import pandas as pd

from benchmarks.changes.oracle import oracle_cells, orders_between_alarms
from benchmarks.changes.simulated_suppliers import CHANGES, DISTRIBUTIONS, draw, whole_days
from distributions.distribution import Array
from models.lead_time.changes.control_charts import ControlCharts, settling_orders
from models.lead_time.changes.cusum_limits import FALSE_ALARM_YEARS, in_control_run_length
from models.lead_time.changes.detect import detect_changes

SUPPLIERS, WITHIN = 200, 15
FREQUENCIES = (12, 24, 52, 120)


def main() -> None:
    """Run the change benchmark: print the changes found and the false alarms, of simulated suppliers and the demo's."""
    if "--calibrate" in sys.argv[1:]:
        print_patience()
        return
    print(
        f"{SUPPLIERS} suppliers a row; false alarms a supplier and year (target .33); found within {WITHIN} orders:"
    )
    print("Purvey, an oracle that waits for this change alone, one that watches for all three\n")
    print(
        f"{'distribution':<17}{'orders a year':>14}{'false alarms':>14}"
        + "".join(f"{name:>19}" for name in CHANGES)
    )
    for number, (name, cdf) in enumerate(DISTRIBUTIONS.items()):
        stable = whole_days(cdf, lambda days: days)
        changed = [whole_days(cdf, change) for change in CHANGES.values()]
        rng = np.random.default_rng([57, number])
        between = [orders_between_alarms(stable, after, rng) for after in changed]
        for frequency in FREQUENCIES:
            cells = [
                f"{found_share(stable, after, frequency, rng):>9.0%}"
                + oracle_cells(stable, after, orders, frequency, within=WITHIN, rng=rng)
                for after, orders in zip(changed, between, strict=True)
            ]
            rate = false_alarms(stable, frequency, rng)
            print(f"{name:<17}{frequency:>14}{rate:>14.2f}" + "".join(cells), flush=True)
    print_demo()


def print_patience() -> None:
    """Print the orders between two false alarms, as set and as simulated, by how many orders came before."""
    print("orders a year, set between two false alarms, had after 20 to 60 and after 60 to 300 orders")
    for frequency in FREQUENCIES:
        alarms = np.zeros(2)
        for number, cdf in enumerate(DISTRIBUTIONS.values()):
            days = draw(whole_days(cdf, lambda days: days), np.random.default_rng([1, number]), (200, 300))
            rate = np.full(len(days), float(frequency))
            charts = ControlCharts(
                days, np.zeros(days.shape, bool), in_control_run_length(rate), settling_orders(rate)
            ).run()
            alarms += np.histogram([alarm.raised_at for alarm in charts.alarms], [20, 60, 300])[0]
        had = len(DISTRIBUTIONS) * 200 * np.array([40, 240]) / alarms
        print(
            f"{frequency:>13} {FALSE_ALARM_YEARS * frequency:>12.0f} {had[0]:>12.0f} {had[1]:>8.0f}",
            flush=True,
        )


def false_alarms(stable: Array, frequency: int, rng: np.random.Generator) -> float:
    """False alarms a supplier and year, from order lines as a company has them: whole days, the last ones open."""
    years = 6 if frequency <= 52 else 3
    days = draw(stable, rng, (SUPPLIERS, years * frequency))
    placed = np.sort(rng.integers(0, int(365.25 * years), days.shape), axis=1).astype(float)
    age = 365.25 * years - placed
    is_open = days > age
    orders = pd.DataFrame(
        {
            "supplier_id": np.repeat([f"s{k}" for k in range(SUPPLIERS)], days.shape[1]),
            "unique_id": "a",
            "ordered_at": pd.Timestamp("2020-01-01") + pd.to_timedelta(placed.ravel(), "D"),
            "is_open": is_open.ravel(),
            "duration": np.minimum(days, age).ravel(),
        }
    )
    flags = detect_changes(orders).history
    return float((flags["flagged_at"] >= pd.Timestamp("2021-01-01")).sum() / (SUPPLIERS * (years - 1)))


def found_share(stable: Array, changed: Array, frequency: int, rng: np.random.Generator) -> float:
    """Share flagged by one of the `WITHIN` orders after the change, of those not flagged before it."""
    before = 3 * frequency
    days = np.concatenate(
        [draw(stable, rng, (SUPPLIERS, before)), draw(changed, rng, (SUPPLIERS, WITHIN))], axis=1
    )
    nothing_open, rate = np.zeros(days.shape, bool), np.full(SUPPLIERS, float(frequency))
    already = (
        ControlCharts(
            days[:, :before], nothing_open[:, :before], in_control_run_length(rate), settling_orders(rate)
        )
        .run()
        .state
        > 0
    )
    charts = ControlCharts(days, nothing_open, in_control_run_length(rate), settling_orders(rate)).run()
    flags = {alarm.supplier for alarm in charts.alarms if alarm.raised_at >= before}
    return float(np.isin(np.flatnonzero(~already), list(flags)).mean())


def print_demo() -> None:
    """Print the changes flagged in the demo company beside the truth behind its suppliers."""
    from configs.schema import DataConfig
    from examples.demo import make
    from features.contract.tables import RawTable
    from features.orders.order_history import order_history
    from features.quality.check import check_tables

    company, truth = make(7)
    checked = check_tables({name: RawTable(frame, name) for name, frame in company.items()}, DataConfig())
    changes = detect_changes(order_history(checked.tables, checked.as_of))
    kinds = truth["suppliers"].set_index("supplier_id")["law"]
    counts = changes.now.set_index("supplier_id")["judged"]
    print("\ndemo company, one year: flags by supplier (orders judged, day of change → day flagged)")
    for supplier, kind in kinds.items():
        flags = changes.history[changes.history["supplier_id"] == supplier]
        notes = [f"{f.state} {f.since:%m-%d} → {f.flagged_at:%m-%d}" for f in flags.itertuples()]
        print(f"{supplier} {kind:<11}{counts.get(supplier, 0):>5}  {', '.join(notes) or '-'}")


if __name__ == "__main__":
    main()
