"""Years of the demo company's lanes by brute force: draws of its own from the plan's distributions, costs by part."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtr

from benchmarks.decisions.brute_force import Offer, Outcome, Policy, simulate
from distributions.demand_forecast import DemandForecast
from distributions.distribution import Array, Distribution
from planning.assessment import Assessment
from planning.lanes.lane_terms import LaneTerms
from planning.protocols import SharedDelay

YEAR, WEEK = 365, 7
_LONGEST = 365
_TRIED = np.linspace(0.0, 0.95, 20)
_DRAWS = 4_000


@dataclass(frozen=True)
class BruteYear:
    """What a year of one lane costs in each of its years, arrays (M,), and what happened in it."""

    cost: Array
    outcome: Outcome


def brute_year(
    assessment: Assessment, lane: int, levels: tuple[float, float], *, years: int, seed: int
) -> BruteYear:
    """Play a year of a lane of the assessment, under s and S of today, in years of the brute force's own.

    The same seed gives all lanes of a SKU the same demand.
    """
    terms = assessment.lane_terms.select(np.array([lane]))
    row = int(terms.lanes["row"].iloc[0])
    warm_up = int(terms.lanes["warm_up"].iloc[0])  # the same weeks count for all lanes of a SKU
    days, forecast = warm_up + YEAR, assessment.forecast.select([row])
    weekly = weekly_demand(
        forecast, weeks=days // WEEK + 1, years=years, rng=np.random.default_rng([seed, 0])
    )
    demand = spread_over_days(forecast, weekly, np.random.default_rng([seed, 1]))[:days]
    lead = _lead_days(
        terms.lead_time, days, years, assessment.pipeline.shared_delay, np.random.default_rng([seed, 2, lane])
    )
    outcome = simulate(
        _offer(assessment, terms),
        demand,
        lead,
        _policy(assessment, terms, levels, days),
        warm_up=warm_up,
        seed=seed,
    )
    return BruteYear(_cost(assessment, terms, outcome), outcome)


def weekly_demand(forecast: DemandForecast, *, weeks: int, years: int, rng: np.random.Generator) -> Array:
    """Draw units a week (W, M) of a forecast's one SKU: its distributions, and after the horizon its season.

    Weeks hang together by a level that drifts away within a horizon, as strongly as the spread of the horizon's sum
    asks, and are as large as the mean of that sum asks. After the horizon a week has the distribution of the horizon's
    week whose expected demand is nearest, in proportion.
    """
    h = forecast.horizon
    own = Distribution(forecast.levels, forecast.quantiles[0])
    mean = np.diff(forecast.mean_until(np.arange(0.0, WEEK * weeks + 1, WEEK)[None]))[0]
    expected = np.diff(forecast.cumulative_mean[0], prepend=0.0)
    like = np.concatenate([np.arange(h), np.abs(expected - mean[h:, None]).argmin(axis=1)])[:weeks]
    size = _size(forecast, own)
    strength = _level_strength(forecast, own, size)
    scores = _scores(weeks, years, strength, h, rng)
    result = np.empty((weeks, years))
    whole = bool(forecast.whole_units[0])
    for k in range(weeks):
        drawn = size * own[like[k : k + 1]].quantile(ndtr(scores[k])[None])[0]
        if k >= h:
            drawn = drawn * mean[k] / max(expected[like[k]], 1e-9)
        result[k] = np.floor(drawn + rng.random(years)) if whole else drawn
    return result


def _size(forecast: DemandForecast, own: Distribution) -> float:
    """How large weeks are against their own distributions, for the horizon's sum to have its forecast mean."""
    wanted = float(Distribution(forecast.levels, forecast.cumulative[0]).mean()[-1])
    total = float(own.mean().sum())
    return min(max(wanted / total, 0.5), 2.0) if wanted > 0 and total > 0 else 1.0


def _level_strength(forecast: DemandForecast, own: Distribution, size: float) -> float:
    """Share of the spread that is the level's, found by trying: the horizon's sum has its forecast spread."""
    wanted = float(Distribution(forecast.levels, forecast.cumulative[0]).std()[-1])
    spread = []
    for strength in _TRIED:
        scores = _scores(
            forecast.horizon, _DRAWS, float(strength), forecast.horizon, np.random.default_rng(0)
        )
        spread.append(size * float(own.quantile(ndtr(scores)).sum(axis=0).std()))
    return float(_TRIED[np.abs(np.array(spread) - wanted).argmin()])


def _scores(weeks: int, years: int, strength: float, horizon: int, rng: np.random.Generator) -> Array:
    """Normal scores (W, M) of the weeks: a level that forgets within a horizon, and each week's own."""
    kept = float(np.exp(-1 / horizon))
    level, result = rng.standard_normal(years), np.empty((weeks, years))
    for k in range(weeks):
        result[k] = np.sqrt(strength) * level + np.sqrt(1 - strength) * rng.standard_normal(years)
        level = kept * level + np.sqrt(1 - kept**2) * rng.standard_normal(years)
    return result


def spread_over_days(forecast: DemandForecast, weekly: Array, rng: np.random.Generator) -> Array:
    """Units of each day (7·W, M): as independent days fall that together make a week of this mean and variance.

    Whole units with more variance than Poisson ones come in negative binomial days, others in gamma ones; given the
    week's sum that is a Dirichlet(-multinomial) distribution of its days.
    """
    own = Distribution(forecast.levels, forecast.quantiles[0])
    mean, variance = float(own.mean().mean()), float((own.std() ** 2).mean())
    whole = bool(forecast.whole_units[0])
    beyond = variance - mean if whole else variance
    weeks, years = weekly.shape
    days = np.empty((WEEK * weeks, years))
    for k in range(weeks):
        share = np.full((years, WEEK), 1 / WEEK)
        if beyond > 0 and mean > 0:
            share = rng.dirichlet(np.full(WEEK, mean**2 / beyond / WEEK), size=years)
        if whole:
            days[WEEK * k : WEEK * (k + 1)] = rng.multinomial(weekly[k].astype(int), share).T
        else:
            days[WEEK * k : WEEK * (k + 1)] = (weekly[k][:, None] * share).T
    return days


def _lead_days(
    lead_time: Distribution, days: int, years: int, shared: SharedDelay, rng: np.random.Generator
) -> NDArray[np.int64]:
    """Whole days (T, M) that an order of each day takes, late together with the supplier's others."""
    common, scores = rng.standard_normal(years), np.empty((days, years))
    kept = float(np.exp(-1 / shared.days))
    for day in range(days):
        own = rng.standard_normal(years)
        scores[day] = np.sqrt(shared.strength) * common + np.sqrt(1 - shared.strength) * own
        common = kept * common + np.sqrt(1 - kept**2) * rng.standard_normal(years)
    drawn = lead_time.quantile(ndtr(scores).reshape(1, -1))[0].reshape(days, years)
    return np.asarray(np.clip(np.round(drawn), 0, _LONGEST), np.int64)


def _offer(assessment: Assessment, terms: LaneTerms) -> Offer:
    """The lane's offer as the brute force takes it."""
    prices, items = terms.costs.prices, assessment.inputs.items.set_index("unique_id")
    sku = terms.lanes["unique_id"].iloc[0]
    shelf_life = items["shelf_life_days"].get(sku, np.nan) if "shelf_life_days" in items else np.nan
    return Offer(
        review=round(assessment.setting.policy.review_period_days),
        moq=float(terms.limits.moq[0]),
        multiple=float(terms.limits.multiple[0]),
        maximum=float(terms.limits.maximum[0]),
        breaks=tuple(
            (float(start), float(price))
            for start, price in zip(prices.starts[0], prices.prices[0], strict=True)
            if np.isfinite(start)
        ),
        yearly=float(terms.demand.yearly[0]),
        holding=float(terms.costs.holding[0]),
        sellable=float(terms.sellable[0]),
        shelf_life=0 if pd.isna(shelf_life) else int(shelf_life),
        rejected=float(terms.lanes["rejected_share"].iloc[0]),
        lost_sales=assessment.setting.policy.lost_sales,
    )


def _policy(assessment: Assessment, terms: LaneTerms, levels: tuple[float, float], days: int) -> Policy:
    """The policy of today's s and S: on each day what is expected over the protection interval, and safety by its √.

    Whole units move from today's s by whole units, up or down at the half.
    """
    review = assessment.setting.policy.review_period_days
    row, interval = terms.lanes["row"].to_numpy(), terms.lead_time.mean() + review
    expected = np.empty(days)
    for day in range(days):
        if day % round(review):
            expected[day] = expected[day - 1]
        else:
            expected[day] = assessment.forecast.mean_until(interval, elapsed=float(day), rows=row)[0]
    now = expected[0]
    ratio = expected / now if now > 0 else np.ones(days)
    moved = expected + (levels[0] - now) * np.sqrt(ratio) - levels[0]
    lot = levels[1] - levels[0]
    if bool(terms.lanes["whole"].iloc[0]):
        moved, lot = np.round(moved), np.ceil(lot - 1e-6)
    point = np.maximum(levels[0] + moved, 0.0)
    return Policy(point, point + lot, expected / interval[0], float(interval[0]))


def _cost(assessment: Assessment, terms: LaneTerms, outcome: Outcome) -> Array:
    """Money that each year (M,) cost: goods asked for and wasted, orders, stock, goods on their way, shortages.

    Goods count on all demand, also on what is lost: the margin that a missed unit costs is what is lost beside them.
    """
    costs = terms.costs
    paid = np.where(outcome.ordered > 0, outcome.spent / np.maximum(outcome.ordered, 1e-9), costs.unit[0])
    sold = outcome.demand - (outcome.missed if assessment.setting.policy.lost_sales else 0.0)
    bought = sold + outcome.wasted
    days = costs.payment_days[0]
    prepaid = outcome.pipeline_days if np.isnan(days) else -bought * days
    held = (costs.holding[0] * outcome.stock_days + costs.capital[0] * prepaid) / YEAR
    result: Array = (
        paid * (outcome.demand + outcome.wasted)
        + costs.ordering[0] * outcome.orders
        + held
        + costs.shortage[0] * outcome.missed
    )
    return result
