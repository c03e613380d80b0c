"""The best set of things to do otherwise for each SKU, found by playing one after the other on top of those before.

The worth of each is what it adds to those chosen before it, so that the worth of a SKU's set is the sum of its parts.
"""

from dataclasses import dataclass, fields, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from distributions.distribution import Array
from distributions.parallel import map_in_threads, row_chunks
from distributions.take_rows import take_rows
from planning.assessment import Assessment
from planning.played_ahead.ahead_play import AheadCost, AheadPlay
from planning.played_ahead.changes import Changes

SCREENED, FINAL = 64, 512
"""Scenarios that candidates are compared in, and that the chosen ones are priced in."""

_MOST_A_SKU = 3
_LIKELY = 0.5
"""Chance of paying its effort from which a change is proposed, but for what is done against rare, dear shortages."""
_INSURES = ("expedite", "engage_early")
_FRACTION = 1e-6  # of a unit, that counts as missed
_NOTHING = -2  # chosen for a lane: −1 is something that is about no open order
_SKUS_AT_A_TIME = 100
_CANDIDATES_AT_A_TIME = 1_000


@dataclass(frozen=True)
class ChosenChanges:
    """k things to do otherwise, sorted by SKU and by the order in which they were chosen.

    Attributes
    ----------
    changes : what is done; its `lane` is the SKU's row in the assessment
    saved : array (k, M), money that each saves in each scenario beyond those of its SKU before it, less its cost
    missed_before, missed_after : arrays (k,), units missed over the days played without and with it
    first_day : array (k,), day on which the plan orders next without it, mean over the scenarios
    fewer_missed : array (k,), share of scenarios in which less is missed with it
    ordered_at : array (k, V), units that the plan orders at each review without it
    """

    changes: Changes
    saved: Array
    missed_before: Array
    missed_after: Array
    first_day: Array
    fewer_missed: Array
    ordered_at: Array

    def select(self, rows: NDArray[np.intp]) -> Self:
        """Some of them, `rows` (j,)."""
        picked: Self = take_rows(self, rows)
        return picked


def best_changes(assessment: Assessment, candidates: Changes, effort: float) -> ChosenChanges | None:
    """The candidates that together save most for each SKU, each more than its `effort` in money; None without any.

    Parameters
    ----------
    candidates : their `lane` is the SKU's row in the assessment
    """
    effort = max(effort, 0.0)

    def best(skus: NDArray[np.intp]) -> list[ChosenChanges]:
        own = candidates.select(np.flatnonzero(np.isin(candidates.lane, skus)))
        own = replace(own, lane=np.searchsorted(skus, own.lane))
        chosen = _compared(AheadPlay.of(assessment, skus, scenarios=SCREENED), own, effort)
        return _priced(assessment, skus, chosen, effort) if chosen else []

    chunks = row_chunks(np.unique(candidates.lane), _SKUS_AT_A_TIME)
    parts = [part for some in map_in_threads(best, chunks) for part in some]
    if not parts:
        return None
    merged = {
        part.name: np.concatenate([getattr(each, part.name) for each in parts])
        for part in fields(ChosenChanges)
        if part.name != "changes"
    }
    every = ChosenChanges(changes=Changes.concat([each.changes for each in parts]), **merged)
    return every.select(np.argsort(every.changes.lane, kind="stable"))


def _compared(play: AheadPlay, candidates: Changes, effort: float) -> list[Changes]:
    """The best candidates of each lane, one round after the other, each on top of those before it."""
    chosen: list[Changes] = []
    for _ in range(_MOST_A_SKU):
        if not len(candidates):
            break
        base, ordered = play.cost().total, play.order_today()
        worth = np.concatenate(
            [
                _worth(play, candidates.select(rows), base, ordered)
                for rows in row_chunks(np.arange(len(candidates)), _CANDIDATES_AT_A_TIME)
            ]
        )
        order = np.lexsort((-worth, candidates.lane))
        first = order[np.flatnonzero(np.diff(candidates.lane[order], prepend=-1))]
        best = first[worth[first] > effort]
        if not len(best):
            break
        taken = candidates.select(best)
        chosen.append(taken)
        play = play.merged(taken.lane, play.changed(taken))
        candidates = candidates.select(np.flatnonzero(_still_open(candidates, taken)))
    return chosen


def _worth(play: AheadPlay, candidates: Changes, base: Array, ordered: Array) -> Array:
    """Mean money (k,) that each candidate saves; −∞ for one after which the plan orders more today than without it."""
    changed = play.changed(candidates)
    saved = base[candidates.lane] - changed.cost().total
    undone = changed.order_today() > ordered[candidates.lane] + 1e-9
    undone &= np.isnan(candidates.ordered)
    return np.where(undone, -np.inf, saved.mean(axis=1) - candidates.cost)


def _still_open(candidates: Changes, taken: Changes) -> NDArray[np.bool_]:
    """Candidates (k,) of the lanes that something was chosen for, about another open order than that."""
    of_lane = np.full(candidates.lane.max() + 1, _NOTHING)
    of_lane[taken.lane] = taken.line
    line = of_lane[candidates.lane]
    return np.asarray((line != _NOTHING) & (candidates.line != line))


def _priced(
    assessment: Assessment, skus: NDArray[np.intp], chosen: list[Changes], effort: float
) -> list[ChosenChanges]:
    """The chosen changes priced in scenarios of their own, without those that are not worth their effort in these."""
    lanes = np.unique(np.concatenate([each.lane for each in chosen]))
    play = AheadPlay.of(assessment, skus[lanes], scenarios=FINAL)
    parts: list[ChosenChanges] = []
    for each in chosen:
        before = play.cost()
        own = replace(each, lane=np.searchsorted(lanes, each.lane))
        changed = play.changed(own)
        after = changed.cost()
        saved = before.total[own.lane] - after.total - own.cost[:, None]
        likely = (saved > effort).mean(axis=1) >= _LIKELY
        likely |= np.isin(own.kind.astype(str), _INSURES)
        kept = np.flatnonzero((saved.mean(axis=1) > effort) & likely)
        if not len(kept):
            continue
        own = own.select(kept)
        parts.append(_chosen(own, saved[kept], before, after, kept))
        parts[-1] = replace(parts[-1], changes=replace(own, lane=skus[lanes][own.lane]))
        play = play.merged(own.lane, play.changed(own))
    return parts


def _chosen(
    own: Changes, saved: Array, before: AheadCost, after: AheadCost, kept: NDArray[np.intp]
) -> ChosenChanges:
    """What is told about chosen changes, from the plays without them and with them."""
    without, lane = before.result, own.lane
    return ChosenChanges(
        changes=own,
        saved=saved,
        missed_before=without.missed[lane].mean(axis=1),
        missed_after=after.result.missed[kept].mean(axis=1),
        first_day=np.where(without.first_day[lane] < 0, without.days, without.first_day[lane]).mean(axis=1),
        fewer_missed=(without.missed[lane] - after.result.missed[kept] > _FRACTION).mean(axis=1),
        ordered_at=without.ordered_at[lane],
    )
