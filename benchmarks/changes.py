"""Are suppliers that change found, and those that do not left alone? `python -m benchmarks.changes`.

Simulated suppliers, so that the truth is known: five laws of lead times, orders at random days, 12 to 120 a year.
Steady ones are watched for six years (three where orders are many); false alarms are those after the first. The
others change after three years; found is who is flagged within 15 orders, of those not flagged already. Then the demo
company, whose eroding and improving suppliers drift over the year. The first table is where the limits in
`models.lead_time.change` are from.
"""

from collections.abc import Callable

import numpy as np
import pandas as pd

from models.lead_time.change import detect_changes, limits, settling
from models.lead_time.watch import Watch
from planning.distributions import Array

SUPPLIERS, WITHIN = 200, 15
FREQUENCIES = (12, 24, 52, 120)
Law = Callable[[np.random.Generator, tuple[int, int]], Array]


def lognormal(cv: float) -> Law:
    """Mean 30 days."""
    s = np.sqrt(np.log1p(cv**2))
    return lambda rng, shape: 30 * np.exp(rng.normal(-(s**2) / 2, s, shape))


def gamma(cv: float) -> Law:
    """Mean 30 days."""
    return lambda rng, shape: rng.gamma(1 / cv**2, 30 * cv**2, shape)


def two_mode(rng: np.random.Generator, shape: tuple[int, int]) -> Array:
    """Mean 30 days: 25, and one in four 45, each ± 15 %; coefficient of variation .34."""
    return np.where(rng.random(shape) < 0.25, 45.0, 25.0) * rng.normal(1, 0.15, shape)


LAWS: dict[str, Law] = {
    "lognormal CV .2": lognormal(0.2), "lognormal CV .3": lognormal(0.3), "lognormal CV .5": lognormal(0.5),
    "gamma CV .3": gamma(0.3), "two modes": two_mode,
}  # fmt: skip
CHANGES: dict[str, Callable[[Array], Array]] = {
    "+30 % mean": lambda days: 1.3 * days,
    "-30 % mean": lambda days: 0.7 * days,
    "x2 SD": lambda days: np.maximum(30 + 2 * (days - 30), 1.0),
}


def main() -> None:
    """Print all tables."""
    print_limits()
    print(
        f"\n{SUPPLIERS} suppliers a row; false alarms a supplier and year (target .33), found within {WITHIN} orders"
    )
    print(
        f"{'law':<17}{'orders a year':>14}{'false alarms':>14}" + "".join(f"{name:>12}" for name in CHANGES)
    )
    for name, law in LAWS.items():
        for number, frequency in enumerate(FREQUENCIES):
            rng = np.random.default_rng([7, number, len(name)])
            found = [found_share(law, change, frequency, rng) for change in CHANGES.values()]
            rate = false_alarms(law, frequency, rng)
            print(f"{name:<17}{frequency:>14}{rate:>14.2f}" + "".join(f"{share:>12.0%}" for share in found))
    print_demo()


def print_limits() -> None:
    """Orders between two false alarms at each limit."""
    print("limit   orders between two false alarms (standard normal scores, any law gives the same)")
    for limit in (3.25, 4.0, 5.0, 6.0, 7.5, 9.0, 10.5):
        days = np.random.default_rng(1).normal(10, 1, (500 if limit < 9 else 1500, 400))
        watch = Watch(days, np.zeros(days.shape, bool), np.full(len(days), limit)).run()
        late = sum(alarm.at >= 50 for alarm in watch.alarms)
        print(f"{limit:>5} {len(days) * 350 / max(late, 1):>12.0f}")


def false_alarms(law: Law, frequency: int, rng: np.random.Generator) -> float:
    """False alarms a supplier and year, from order lines as a company has them: whole days, the last ones open."""
    per, years = max(SUPPLIERS * 12 // frequency, 60), 6 if frequency <= 52 else 3
    days = np.maximum(np.rint(law(rng, (per, years * frequency))), 1.0)
    placed = np.sort(rng.integers(0, int(365.25 * years), days.shape), axis=1).astype(float)
    age = 365.25 * years - placed
    is_open = days > age
    orders = pd.DataFrame(
        {
            "supplier_id": np.repeat([f"s{k}" for k in range(per)], days.shape[1]),
            "unique_id": "a",
            "ordered_at": pd.Timestamp("2020-01-01") + pd.to_timedelta(placed.ravel(), "D"),
            "is_open": is_open.ravel(),
            "duration": np.minimum(days, age).ravel(),
        }
    )
    flags = detect_changes(orders).history
    return float((flags["flagged_at"] >= pd.Timestamp("2021-01-01")).sum() / (per * (years - 1)))


def found_share(
    law: Law, change: Callable[[Array], Array], frequency: int, rng: np.random.Generator
) -> float:
    """Share flagged by one of the `WITHIN` orders after the change, of those not flagged before it."""
    before = 3 * frequency
    days = law(rng, (SUPPLIERS, before + WITHIN))
    days[:, before:] = change(days[:, before:])
    days = np.maximum(np.rint(days), 1.0)
    nothing_open, rate = np.zeros(days.shape, bool), np.full(SUPPLIERS, float(frequency))
    already = Watch(days[:, :before], nothing_open[:, :before], limits(rate), settling(rate)).run().state > 0
    watch = Watch(days, nothing_open, limits(rate), settling(rate)).run()
    flags = {alarm.row for alarm in watch.alarms if alarm.at >= before}
    return float(np.isin(np.flatnonzero(~already), list(flags)).mean())


def print_demo() -> None:
    """Flags of the demo company beside the truth behind its suppliers."""
    from examples.demo import make
    from features.config import DataConfig
    from features.contract import RawTable
    from features.orders import order_history
    from features.quality import check_tables

    company, truth = make(7)
    checked = check_tables({name: RawTable(frame, name) for name, frame in company.items()}, DataConfig())
    changes = detect_changes(order_history(checked.tables, checked.as_of))
    law = truth["suppliers"].set_index("supplier_id")["law"]
    counts = changes.now.set_index("supplier_id")["judged"]
    print("\ndemo company, one year: flags by supplier (orders judged, day of change → day flagged)")
    for supplier, kind in law.items():
        flags = changes.history[changes.history["supplier_id"] == supplier]
        said = [f"{f.state} {f.since:%m-%d} → {f.flagged_at:%m-%d}" for f in flags.itertuples()]
        print(f"{supplier} {kind:<11}{counts.get(supplier, 0):>5}  {', '.join(said) or '-'}")


if __name__ == "__main__":
    main()
