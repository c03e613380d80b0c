"""How many pairs for how long a pilot needs, from the company's own past: power by placebo pilots, not by a formula.

Power is the share of placebo pilots (`placebo_pilots`) in which the test finds an effect that was planted in them.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from configs.formats import share, signed
from features.contract.tables import DataError
from procurement.pilot.pair_differences import PairSides, Scale
from procurement.pilot.placebo_pilots import PastPilots, Placebos, past_pilots, past_windows, placebo_pilots

_LARGEST_FALL = -0.99
_LARGEST_RISE = 9.0
"""Effects between which the smallest detectable one is looked for: gone, and ten times as much."""
_HALVINGS = 14


@dataclass(frozen=True)
class PilotPlan:
    """What pilot is thought of.

    Attributes
    ----------
    effect : effect wanted, a share of the outcome; its sign says on which side effects are looked for
    pairs : numbers of pairs to look at
    before : periods before the start
    after : numbers of periods after the start to look at
    scale : see `pair_differences`
    power, alpha : chance to find the effect, and level of the two-sided test
    """

    effect: float
    pairs: tuple[int, ...]
    before: int
    after: tuple[int, ...]
    scale: Scale = "ratio"
    power: float = 0.8
    alpha: float = 0.05

    def __post_init__(self) -> None:
        if self.effect == 0 or not _LARGEST_FALL <= self.effect <= _LARGEST_RISE:
            raise DataError(f"pilot plan: effect is {self.effect}, expected a share such as -0.1, not zero")
        if min(self.pairs, default=0) < 2:
            raise DataError(f"pilot plan: pairs are {self.pairs}, expected numbers ≥ 2")
        if self.before < 1 or min(self.after, default=0) < 1:
            raise DataError(f"pilot plan: {self.before} periods before, {self.after} after; expected ≥ 1")
        if not (0 < self.alpha < self.power < 1):
            raise DataError(
                f"pilot plan: power {self.power} at alpha {self.alpha}; expected 0 < alpha < power < 1"
            )


@dataclass(frozen=True)
class PilotNeeds:
    """What the wanted effect needs.

    Attributes
    ----------
    grid : a row for each number of pairs and periods; see `pilot_power`
    needed : a row for each number of periods after: `after`, `pairs` the fewest that find the wanted effect (NaN: the
        pairs there are do not), `power` with all there are
    statement : that in a sentence
    """

    grid: pd.DataFrame
    needed: pd.DataFrame
    statement: str


def pilot_power(panel: pd.DataFrame, groups: pd.DataFrame, plan: PilotPlan, *, seed: int) -> PilotNeeds:
    """Power of pilots on the past outcome `panel` (`unit`, `ds`, `y`) with pairs out of `groups`: all there could be.

    The grid has `pairs`, `before`, `after`, `error` (standard error on the scale), `smallest_effect` (a share, found
    with the plan's power; NaN: none up to all of it), `smallest_amount` (that per unit and period), `power` of the
    wanted effect, `false_alarms` (share of placebos that find an effect where there is none), `starts` they were drawn
    from (few: little is known of how seasons and long shocks differ). NaN where the past is too short or has too few
    pairs.

    It is the power of pairs that last, with one effect for all units: plan more pairs where units will drop out, or
    where the effect will differ much between them.

    Raises
    ------
    DataError
        columns missing, a negative outcome on `log` or `ratio`
    """
    past = past_pilots(panel, groups, scale=plan.scale)
    rows, needed = [], []
    for after in plan.after:
        windows = past_windows(past, plan.before, after, scale=plan.scale)
        rows += [_grid_row(windows, pairs, after, plan, seed) for pairs in plan.pairs]
        needed.append(_fewest_pairs(windows, after, plan, seed))
    table = pd.DataFrame(needed, columns=["after", "pairs", "power"])
    return PilotNeeds(pd.DataFrame(rows), table, _statement(table, past, plan))


def _grid_row(
    windows: list[PairSides], pairs: int, after: int, plan: PilotPlan, seed: int
) -> dict[str, float]:
    """One row of the grid."""
    placebos = placebo_pilots(windows, pairs, seed=seed)
    row: dict[str, float] = {"pairs": pairs, "before": plan.before, "after": after}
    if placebos is None:
        names = ("error", "smallest_effect", "smallest_amount", "power", "false_alarms")
        return row | dict.fromkeys(names, np.nan) | {"starts": 0}
    found = placebos.estimated(plan.scale)
    smallest = _smallest_effect(placebos, plan)
    return row | {
        "error": float(np.sqrt(np.nanmean(found.estimate**2))),
        "smallest_effect": smallest,
        "smallest_amount": smallest * placebos.mean,
        "power": placebos.power(plan.scale, plan.effect, plan.alpha),
        "false_alarms": float((found.p_value() < plan.alpha).mean()),
        "starts": placebos.starts,
    }


def _smallest_effect(placebos: Placebos, plan: PilotPlan) -> float:
    """Least effect on the wanted side that is found with the plan's power; NaN where not even the largest is."""
    small, large = 0.0, _LARGEST_FALL if plan.effect < 0 else _LARGEST_RISE
    if placebos.power(plan.scale, large, plan.alpha) < plan.power:
        return np.nan
    for _ in range(_HALVINGS):
        middle = (small + large) / 2
        if placebos.power(plan.scale, middle, plan.alpha) < plan.power:
            small = middle
        else:
            large = middle
    return large


def _fewest_pairs(
    windows: list[PairSides], after: int, plan: PilotPlan, seed: int
) -> tuple[int, float, float]:
    """Periods after, fewest pairs that find the wanted effect with the plan's power, and the power of all pairs."""

    def power(pairs: int) -> float:
        placebos = placebo_pilots(windows, pairs, seed=seed)
        return 0.0 if placebos is None else placebos.power(plan.scale, plan.effect, plan.alpha)

    most = max((len(window.units) for window in windows), default=0)
    best = power(most)
    if best < plan.power:
        return after, np.nan, best
    few, many = 1, most
    while many - few > 1:
        middle = (few + many) // 2
        few, many = (few, middle) if power(middle) >= plan.power else (middle, many)
    return after, many, best


def _statement(needed: pd.DataFrame, past: PastPilots, plan: PilotPlan) -> str:
    """What is needed to find the wanted effect, or that it cannot be had."""
    wanted = f"An effect of {signed(plan.effect, 1)} is found with power {share(plan.power)}"
    reached = needed[needed["pairs"].notna()]
    if len(reached):
        ways = [f"{row.pairs:.0f} pairs over {row.after:.0f} periods" for row in reached.itertuples()]
        listed = ways[0] if len(ways) == 1 else f"{', '.join(ways[:-1])} or {ways[-1]}"
        return f"{wanted} by {listed}, after {plan.before} periods before the start."
    needs = plan.before + min(plan.after)
    if past.periods < needs:
        return (
            f"Nothing can be said: {past.periods} periods of the past are known, {needs} are needed; "
            "shorten the pilot or the time before it."
        )
    best = needed.sort_values("power", kind="stable").iloc[-1]
    return (
        f"{wanted.replace(' is found', ' cannot be found')}: all {past.pairs} pairs there are reach "
        f"{share(best['power'])} over {best['after']:.0f} periods; widen who is eligible, or look for a larger effect."
    )
