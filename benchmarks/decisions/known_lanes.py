"""Lanes whose distributions are known by name: Poisson or normal demand a day, gamma lead times; and draws of them."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from benchmarks.decisions.brute_force import Offer, Outcome, Policy, simulate
from configs.schema import PolicyConfig
from distributions.demand_forecast import DemandForecast
from distributions.distribution import Array
from distributions.levels import DEMAND_LEVELS
from planning.assessment import as_played
from planning.lanes.lane_terms import LaneTerms, PlanSetting, make_terms
from planning.played_year.compare_suppliers import SupplierOffer, lanes_of_offers
from planning.played_year.year_play import YearPlay
from planning.policy.order_rules import OrderRules

POISSON, LEAD = 6.0, (10.0, 3.0)
"""Units a day, and mean and deviation of the lead time in days."""

PRICE, SHORTAGE, YEARS = 10.0, 5.0, 4_000
DAYS, WARM_UP = 365, 84
_LONGEST = 120


@dataclass(frozen=True)
class KnownLanes:
    """Lanes of one SKU whose distributions are known, as the product has them."""

    terms: LaneTerms
    forecast: DemandForecast
    items: pd.DataFrame
    setting: PlanSetting

    def year(self, scenarios: int) -> YearPlay:
        """The product's year of the lanes."""
        return YearPlay.of(self.terms, self.forecast, self.items, self.setting, scenarios=scenarios)

    def played(self) -> LaneTerms:
        """The terms with the targets met in play, as a plan has them."""
        return as_played(self.terms, self.forecast, self.items, self.setting)


def poisson_lanes(policy: PolicyConfig, *, moq: float = 0.0, ordering_cost: float = 0.0) -> KnownLanes:
    """The lane of Poisson demand, 6 a day, and a lead time of 10 ± 3 days, counted in whole units."""
    forecast = _poisson_daily(POISSON)
    offer = SupplierOffer("A", PRICE, *LEAD, ordering_cost=ordering_cost, moq=moq)
    free = lanes_of_offers([offer], forecast, SHORTAGE, policy)
    items = pd.DataFrame({"unique_id": forecast.unique_ids, "shortage_cost": SHORTAGE})
    setting = PlanSetting(policy, OrderRules(), pd.Timestamp(forecast.starts[0]), elapsed=0.0)
    terms = make_terms(free.lanes.assign(whole=True), forecast, free.lead_time, items, setting)
    return KnownLanes(terms, forecast, items, setting)


def _poisson_daily(mean: float) -> DemandForecast:
    """Poisson demand of one SKU, independent from day to day, for a year."""
    k = np.arange(1, DAYS + 1)
    start = pd.Timestamp("2024-01-01")
    return DemandForecast(
        unique_ids=np.array(["sku0"], dtype=object),
        cutoff=start - pd.Timedelta(days=1),
        starts=pd.date_range(start, periods=DAYS + 1, freq="D").to_numpy(),
        levels=DEMAND_LEVELS,
        mean=np.full((1, DAYS), mean),
        quantiles=np.broadcast_to(
            stats.poisson.ppf(DEMAND_LEVELS, mean), (1, DAYS, len(DEMAND_LEVELS))
        ).copy(),
        cumulative_mean=np.asarray(mean * k, float)[None],
        cumulative=np.asarray(stats.poisson.ppf(DEMAND_LEVELS, mean * k[:, None]))[None],
        demand_class=np.array(["smooth"], dtype=object),
        reason=np.array([""], dtype=object),
    )


@dataclass(frozen=True)
class KnownWorld:
    """Years of demand (T, M) and of lead times (T, M) of the brute force, warm-up included."""

    demand: Array
    lead: NDArray[np.int64]

    def play(self, offer: Offer, reorder_point: float, order_up_to: float) -> Outcome:
        """Simulate a lane in these years with the same s and S all the time."""
        policy = Policy.constant(reorder_point, order_up_to, len(self.demand))
        return simulate(offer, self.demand, self.lead, policy, warm_up=WARM_UP, seed=0)


def poisson_world(years: int = YEARS, *, seed: int) -> KnownWorld:
    """Years of the Poisson lane."""
    rng = np.random.default_rng(seed)
    demand = rng.poisson(POISSON, (WARM_UP + DAYS, years)).astype(float)
    return KnownWorld(demand, gamma_days(LEAD, demand.shape, rng))


def gamma_days(
    lead_time: tuple[float, float], shape: tuple[int, ...], rng: np.random.Generator
) -> NDArray[np.int64]:
    """Whole days drawn from a gamma distribution of this mean and deviation."""
    mean, std = lead_time
    return np.minimum(np.round(rng.gamma((mean / std) ** 2, std**2 / mean, shape)), _LONGEST).astype(np.int64)


def with_level(policy: PolicyConfig, target: str, level: float) -> PolicyConfig:
    """The policy with another target."""
    return policy.model_copy(update={"target": target, "level": level})
