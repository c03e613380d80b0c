"""Part `offers`: two suppliers compared before there is any data, A 10 ± 2 days and B 15 ± 5."""

import numpy as np

from benchmarks.decisions.brute_force import Offer, Outcome
from benchmarks.decisions.figures import Figure, near, shown
from benchmarks.decisions.known_lanes import DAYS, SHORTAGE, WARM_UP, YEARS, KnownWorld, gamma_days
from configs.schema import PolicyConfig
from distributions.distribution import Array
from planning.played_year.compare_suppliers import SCENARIOS, SupplierOffer, compare_suppliers

DEMAND = (20.0, 8.0)
OFFERS = (SupplierOffer("A", 10.10, 10, 2), SupplierOffer("B", 10.00, 15, 5))
_SEED = 1


def offers() -> list[Figure]:
    """Units short a year of both suppliers, and what the quicker one may charge more, beside brute force."""
    policy = PolicyConfig(level=0.95, capital_cost_rate=None)
    table = compare_suppliers(
        OFFERS, demand_mean=DEMAND[0], demand_std=DEMAND[1], shortage_cost=SHORTAGE, policy=policy
    )
    rng = np.random.default_rng(_SEED)
    demand = np.maximum(rng.normal(*DEMAND, (WARM_UP + DAYS, YEARS)), 0.0)
    found, figures = [], []
    for row, offer in enumerate(OFFERS):
        lead = gamma_days((offer.lead_time_mean, offer.lead_time_std), demand.shape, rng)
        s = float(table["reorder_point"].iloc[row])
        played = KnownWorld(demand, lead).play(Offer(review=round(policy.review_period_days)), s, s)
        found.append(played)
        figures.append(_short(offer.name, float(table["short"].iloc[row]), played))
        figures.append(shown(f"{offer.name}: cycle service %", 95.0, 100 * played.cycle_service))
    return [*figures, _premium(float(table["premium"].iloc[0]), found, policy)]


def _short(name: str, product: float, played: Outcome) -> Figure:
    """Units short a year; the product's own years are as uncertain, one for one, as those of the brute force."""
    error = played.missed.std() * np.sqrt(1 / YEARS + 1 / SCENARIOS)
    return near(f"{name}: units short a year", product, float(played.missed.mean()), float(error))


def _premium(product: float, found: list[Outcome], policy: PolicyConfig) -> Figure:
    """Break-even premium of A over B's price, in %: where A's year costs as much as B's."""
    held = [(each.stock_days + each.pipeline_days) / DAYS * policy.holding_cost_rate for each in found]
    short = [SHORTAGE * each.missed for each in found]
    price = OFFERS[1].unit_price
    dearer: Array = price * (found[1].demand + held[1]) + short[1] - short[0]
    slope = found[0].demand + held[0]
    even = dearer.mean() / slope.mean()
    spread = (dearer - even * slope).std() / slope.mean() / price
    error = 100 * spread * np.sqrt(1 / YEARS + 1 / SCENARIOS)
    return near("premium of A, %", 100 * product, 100 * (even / price - 1), float(error))
