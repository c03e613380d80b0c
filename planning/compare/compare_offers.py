"""Offers of one SKU compared, before any of them is taken: what a year of each costs, played on the same demand."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from configs.schema import PolicyConfig
from planning.actions.played_worth import HIGH, LOW
from planning.assessment import as_played
from planning.compare.break_even import break_even
from planning.compare.compared_demand import ComparedDemand
from planning.compare.split_offers import YEARS, SplitOffer, best_split
from planning.lanes.lane_terms import LaneTerms, PlanSetting, make_terms
from planning.played_year.compare_suppliers import SupplierOffer, gamma_lead_times, offer_lanes
from planning.played_year.year_play import YearCost, YearPlay
from planning.policy.normal_formulas import lead_time_demand_std, normal_safety_stock
from planning.policy.order_rules import OrderRules
from planning.simulation.engine.lane_play import PlayResult

QUANTILES = (0.5, 0.75, 0.9, 0.95, 0.99)
"""Chances at which lead-time demand is said."""

PARTS = ("price", "ordering", "stock", "pipeline", "shortage", "spoilage")
"""Parts of a year's cost, as `planning.played_year.year_play.YearCost` has them."""

_YEARS, _FEWER_YEARS, _FEW = 1024, 256, 5
"""Years that offers are played in: the first where there are at most so few of them."""


@dataclass(frozen=True)
class OfferComparison:
    """Offers of one SKU, compared on the same years.

    Attributes
    ----------
    offers : one row an offer: name, paid (money a unit at its order size), lead_time (days), order_size, reorder_point,
        order_up_to, safety_stock (as a plan would set it: the target met in play), formula_safety_stock (the exact
        mixture, every review an order), normal_safety_stock (z·√(L·σ_d² + d²·σ_L²) over the same interval),
        lead_time_demand and its quantiles `q0.50` … `q0.99` (units over lead time and review), service (kept in play,
        as the target counts it), fill_rate (in play), short (units a year), stock (units on hand on average), orders
        (a year); the cheapest first is not promised: as they were given
    costs : one row an offer and part, `total` last: name, part, mean, low, high, money a year
    pairs : as `planning.compare.break_even.break_even`
    years : played, of each offer
    split : two of them taken at once, as `planning.compare.split_offers.best_split`; none where none can be
    """

    offers: pd.DataFrame
    costs: pd.DataFrame
    pairs: pd.DataFrame
    years: int
    split: SplitOffer | None = None

    @property
    def cheapest(self) -> str:
        """Name of the offer whose year costs least on average."""
        total = self.costs[self.costs["part"] == "total"]
        return str(total.loc[total["mean"].idxmin(), "name"])

    def against_best_other(self) -> pd.DataFrame:
        """Of each offer the pair with the cheapest of the others, in the order of the offers."""
        total = self.costs[self.costs["part"] == "total"].set_index("name")["mean"]
        ranked = self.pairs.assign(of_other=self.pairs["against"].map(total)).sort_values(
            "of_other", kind="stable"
        )
        best = ranked.drop_duplicates("name").set_index("name")
        return best.loc[self.offers["name"]].drop(columns="of_other").reset_index()


def compare_offers(
    offers: Sequence[SupplierOffer], demand: ComparedDemand, policy: PolicyConfig
) -> OfferComparison:
    """Play a year of each of several offers of one SKU: targets, lots, lead times and prices as in a plan.

    Examples
    --------
    The article's question: A takes 10 ± 2 days, B is cheaper and takes 15 ± 5; demand is 20 ± 8 a day, 95 %.

    >>> a, b = SupplierOffer("A", 10.10, 10, 2), SupplierOffer("B", 10.00, 15, 5)
    >>> found = compare_offers(
    ...     [a, b],
    ...     ComparedDemand.normal(20, 8, shortage_cost=5),
    ...     PolicyConfig(review_period_days=0),
    ... )
    >>> found.offers["normal_safety_stock"].round(2).tolist()
    [77.85, 172.2]

    Parameters
    ----------
    offers : at least two, of different names
    policy : target, level, review period, holding cost rate

    Raises
    ------
    PlanningError
        When an offer's lead time or price breaks cannot be.
    """
    years = _YEARS if len(offers) <= _FEW else _FEWER_YEARS
    setting = PlanSetting(
        policy.model_copy(update={"played_from": 0.0}), OrderRules(), demand.as_of, demand.elapsed
    )
    lanes = offer_lanes(offers, str(demand.forecast.unique_ids[0]), whole=demand.whole)
    formula = make_terms(lanes, demand.forecast, gamma_lead_times(offers), demand.items, setting)
    terms = as_played(formula, demand.forecast, demand.items, setting)
    year = YearPlay.of(terms, demand.forecast, demand.items, setting, scenarios=years)
    result = year.play(terms.reorder_point, terms.order_up_to)
    cost, paid = year.cost(result), terms.costs.prices.price(terms.order_size)
    names = [offer.name for offer in offers]
    table = _offer_table(names, terms, result).assign(
        paid=paid,
        formula_safety_stock=formula.safety_stock,
        normal_safety_stock=_normal_safety_stock(offers, terms, demand, policy),
    )
    pairs = break_even(names, cost.total, year.price_slopes(result), paid)
    fewer = YearPlay.of(terms, demand.forecast, demand.items, setting, scenarios=min(years, YEARS))
    split = best_split(terms, fewer, cost.total.mean(axis=1))
    return OfferComparison(table, _cost_table(names, cost), pairs, years, split)


def _offer_table(names: list[str], terms: LaneTerms, result: PlayResult) -> pd.DataFrame:
    """Levels of the offers, and what their stock came to in play, one row each."""
    demand, a_year = terms.demand.lead_time_demand, 365.0 / result.days
    return pd.DataFrame(
        {
            "name": names,
            "lead_time": terms.lead_time.mean(),
            "order_size": terms.order_size,
            "reorder_point": terms.reorder_point,
            "order_up_to": terms.order_up_to,
            "safety_stock": terms.safety_stock,
            "lead_time_demand": terms.demand.expected,
            **{f"q{p:.2f}": demand.quantile(p) for p in QUANTILES},
            "target": terms.targets.kind,
            "level": terms.targets.level,
            "service": result.fill_rate
            if (terms.targets.kind == "fill_rate").all()
            else result.cycle_service,
            "fill_rate": result.fill_rate,
            "short": result.missed.mean(axis=1) * a_year,
            "stock": result.stock_days.mean(axis=1) / result.days,
            "orders": result.orders.mean(axis=1) * a_year,
            "shortage_cost": terms.costs.shortage,
            "shortage_source": terms.costs.shortage_source,
        }
    )


def _normal_safety_stock(
    offers: Sequence[SupplierOffer], terms: LaneTerms, demand: ComparedDemand, policy: PolicyConfig
) -> np.ndarray:
    """What the textbook's normal formula would hold, (n,) units, at the level that each offer is planned to."""
    interval = terms.lead_time.mean() + policy.review_period_days
    mean, std = demand.daily(interval)
    spread = lead_time_demand_std(mean, std, interval, [offer.lead_time_std for offer in offers])
    return normal_safety_stock(terms.targets.level, spread)


def _cost_table(names: list[str], cost: YearCost) -> pd.DataFrame:
    """What the offers' years cost by part, mean and range, long."""
    parts = [(part, getattr(cost, part)) for part in (*PARTS, "total")]
    tables = []
    for part, values in parts:
        low, high = np.quantile(values, [LOW, HIGH], axis=1)
        columns = {"name": names, "part": part, "mean": values.mean(axis=1), "low": low, "high": high}
        tables.append(pd.DataFrame(columns))
    return pd.concat(tables, ignore_index=True)
