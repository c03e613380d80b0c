"""Worth of a yearly action as the difference of two plays: a mean, a range, and the chance that it pays its effort."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from distributions.distribution import Array
from distributions.parallel import map_in_threads, row_chunks
from planning.assessment import Assessment
from planning.lanes.lane_terms import LaneTerms
from planning.played_year.year_play import YearPlay

SCENARIOS = 128
MOST_PLAYED = 2_000
"""Actions of a kind that are played; where a large company has more, those that a closed form finds worth most."""

_CHUNK = 500  # lanes at a time, twice: their days in all scenarios are 125 MB

LOW, HIGH = 0.1, 0.9
"""Ends of the stated range: in 80 of 100 years the worth lies between them."""

_SURE, _LIKELY = 0.9, 0.7


@dataclass(frozen=True)
class PlayedYears:
    """Years of n lanes as they were played, arrays (n, M) over the scenarios, money.

    Attributes
    ----------
    total : cost of the year
    parts : part of the cost → its mean (n,)
    slope : array (n,), money a year that one more unit of money on the price costs: goods bought and stock held
    """

    total: Array
    parts: dict[str, Array]
    slope: Array


def played_years(assessment: Assessment, terms: LaneTerms) -> PlayedYears:
    """Play a year of lanes on their terms, with the luck that all plays of their SKUs and suppliers share.

    Of at least one lane.
    """
    return played_on_terms(assessment, [terms])[0]


def played_on_terms(assessment: Assessment, variants: Sequence[LaneTerms]) -> list[PlayedYears]:
    """As `played_years`, of the same lanes on each of several terms: the luck that they share is drawn once."""
    lanes = np.arange(len(variants[0].reorder_point))
    parts = map_in_threads(
        lambda rows: _played(assessment, [terms.select(rows) for terms in variants]),
        row_chunks(lanes, _CHUNK),
    )
    return [
        PlayedYears(
            total=np.concatenate([part.total for part in some]),
            parts={name: np.concatenate([part.parts[name] for part in some]) for name in some[0].parts},
            slope=np.concatenate([part.slope for part in some]),
        )
        for some in zip(*parts, strict=True)
    ]


def most_promising(worth: Array, most: int = MOST_PLAYED) -> NDArray[np.bool_]:
    """Which of n actions are played: as many as `most`, those with the highest closed-form `worth` (n,)."""
    chosen = np.zeros(len(worth), bool)
    chosen[np.argsort(-worth, kind="stable")[:most]] = True
    return chosen


def _played(assessment: Assessment, variants: Sequence[LaneTerms]) -> list[PlayedYears]:
    """Played years of a few lanes on each of their terms, whose demand fits in memory at once."""
    drawn = YearPlay.of(
        variants[0],
        assessment.forecast,
        assessment.inputs.items,
        assessment.setting,
        scenarios=SCENARIOS,
        shared=assessment.pipeline.shared_delay,
    )
    played = []
    for terms in variants:
        year = drawn.on_terms(terms)
        result = year.play(terms.reorder_point, terms.order_up_to)
        cost = year.cost(result)
        parts = {name: values.to_numpy() for name, values in cost.frame().items()}
        played.append(PlayedYears(cost.total, parts, year.price_slope(result)))
    return played


@dataclass(frozen=True)
class PlayedWorth:
    """Worth of n actions a year, arrays (n,), money.

    Attributes
    ----------
    mean, low, high : expected worth, and the range that holds it in 80 of 100 years
    chance : share of the years in which it is more than the action's effort
    """

    mean: Array
    low: Array
    high: Array
    chance: Array

    @classmethod
    def of(cls, before: Array, after: Array, effort: float) -> Self:
        """The worth of what turns years that cost `before` (n, M) into years that cost `after` (n, M)."""
        return cls.of_saved(before - after, effort)

    @classmethod
    def of_saved(cls, saved: Array, effort: float, *, common_error: float = 0.0) -> Self:
        """The worth of n actions that save so much in each scenario, (n, M).

        SKUs are played each with luck of its own, and an action on forty of them would seem surer than it is: it has
        in its range what all forecasts miss alike.

        Parameters
        ----------
        common_error : its standard deviation, as a share of demand
        """
        varied = saved * _common_errors(saved.shape[1], common_error)
        low, high = np.quantile(varied, [LOW, HIGH], axis=1) if len(saved) else np.zeros((2, 0))
        return cls(saved.mean(axis=1), low, high, (varied > effort).mean(axis=1))

    def select(self, rows: NDArray[np.intp]) -> Self:
        """The worth of some of the actions."""
        return type(self)(self.mean[rows], self.low[rows], self.high[rows], self.chance[rows])

    def facts(self) -> dict[str, Array]:
        """What the evidence says of the worth: the range's ends, and the chance that it is more than the effort."""
        return {"worth_low": self.low, "worth_high": self.high, "chance": self.chance}

    def confidence(self, seen: NDArray[np.object_]) -> NDArray[np.object_]:
        """Confidence in an action (n,): how likely it pays, and no higher than what was `seen` (n,) allows."""
        paying = np.select([self.chance >= _SURE, self.chance >= _LIKELY], ["high", "medium"], "low")
        rank = {"low": 0, "medium": 1, "high": 2}
        lower = [min(pair, key=rank.__getitem__) for pair in zip(paying.tolist(), seen.tolist(), strict=True)]
        return np.array(lower, dtype=object)


def _common_errors(scenarios: int, spread: float) -> Array:
    """Demand over its forecast (M,) in each scenario, of all SKUs together: mean 1, in an order of its own."""
    levels = (np.arange(scenarios) + 0.5) / scenarios
    return np.asarray(1 + spread * ndtri(np.random.default_rng(20261129).permutation(levels)))
