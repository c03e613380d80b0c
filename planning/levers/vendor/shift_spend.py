"""Shift spend: many small moves from one supplier to a better one, which share the effort of a switch.

Of a supplier whose scorecard has just got worse the moves are conditional: they are made if it stays so.
"""

from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import betaln, binom

from configs.formats import money, number, share
from planning.actions.action_table import act_by_next_order, action_rows, confidence
from planning.actions.played_worth import PlayedWorth
from planning.assessment import Assessment
from planning.levers.bundles import bundle_title, line_facts
from planning.levers.lever_lines import LeverResult, lever_lines
from planning.levers.lever_plays import LeverPlays
from planning.levers.moves import Moves, cheapest_moves, yearly_spend
from planning.levers.vendor.trial_order import received_before
from planning.names import Names

SHIFT, CONDITIONAL = "shift_spend", "conditional_sourcing"

_BETTER = 10.0
"""Points of the score, the perfect order rate at the worse end of its interval, that a better supplier has more."""

_SMALL = 0.02
"""Share of the effort that a SKU's move has to be worth to be part of it."""

_LINES = 10
"""Order lines by which it is judged whether a supplier stays late."""

_WORSE = ("eroding", "erratic")
_SURE = 1.645  # standard deviations from the middle of an interval of 90 % to its ends


def shift_spend(plays: LeverPlays) -> LeverResult:
    """Propose to buy SKUs of one supplier from another with a better scorecard: those whose move alone is too small.

    Each move saves in play, and the SKU was received from there before. Worth: what the years cost less, where it is
    more than the effort of one switch; of a supplier that has got worse, times the chance that it stays so.
    """
    assessment = plays.assessment
    cards = assessment.inputs.scorecard
    if cards.empty or "score" not in cards:
        return LeverResult()
    cards = cards.drop_duplicates("supplier_id").set_index("supplier_id")
    lanes = assessment.lane_terms.lanes
    score = lanes["supplier_id"].map(cards["score"]).to_numpy(float)
    sku = lanes["row"].to_numpy(np.intp)
    better = score >= score[assessment.chosen_lane[sku]] + _BETTER
    moves = cheapest_moves(
        plays, yearly_spend(assessment) > 0, better & received_before(assessment.inputs, lanes)
    )
    effort = plays.effort(SHIFT)
    mean = moves.saved.mean(axis=1)
    moves = moves.select(np.flatnonzero((mean > 0) & (mean >= _SMALL * effort) & (mean <= effort)))
    supplier_id = lanes["supplier_id"].to_numpy(object).astype(str)
    groups = pd.Series(np.arange(len(moves.skus))).groupby([supplier_id[moves.now], supplier_id[moves.there]])
    found = []
    for (now, there), rows in sorted(groups.indices.items()):
        some = moves.select(np.asarray(rows, np.intp))
        group = _Group(some, cards.loc[now], cards.loc[there], _stays_late(cards.loc[now]))
        if some.saved.sum(axis=0).mean() * group.chance > effort:
            found.append(_result(plays, group))
    if not found:
        return LeverResult()
    return LeverResult(
        pd.concat([result.actions for result in found], ignore_index=True),
        pd.concat([result.lines for result in found], ignore_index=True),
    )


@dataclass(frozen=True)
class _Lateness:
    """What makes a shift conditional: fewer than `least` of the next lines on time, with this chance."""

    least: int
    rate: float
    chance: float


@dataclass(frozen=True)
class _Group:
    """Moves (k,) between two suppliers with their scorecards; `late` where they are conditional."""

    moves: Moves
    now: pd.Series
    there: pd.Series
    late: _Lateness | None

    @property
    def chance(self) -> float:
        """Chance that the moves are made."""
        return 1.0 if self.late is None else self.late.chance


def _stays_late(card: pd.Series) -> _Lateness | None:
    """Whether a supplier has got worse, and how likely it stays under its usual share on time; none where it has not.

    The share on time is a beta distribution with the mean and the interval of the scorecard (of the last months, where
    these are known), and of the next lines a beta-binomial number is on time.
    """
    fallen = str(card.get("improving") or "") or str(card.get("state") or "") in _WORSE
    usual = _first(card, "on_time_before", "on_time_shrunk")
    rate = _first(card, "on_time_now", "on_time_shrunk")
    low, high = (
        _first(card, "on_time_now_low", "on_time_low"),
        _first(card, "on_time_now_high", "on_time_high"),
    )
    if not fallen or not 0 < rate < 1 or not high > low:
        return None
    spread = (high - low) / (2 * _SURE)
    trials = max(rate * (1 - rate) / spread**2 - 1, 1.0)
    least = int(np.ceil(usual * _LINES - 1e-9))
    chance = _chance_below(least, rate * trials, (1 - rate) * trials)
    return _Lateness(least, rate, chance)


def _chance_below(least: int, a: float, b: float) -> float:
    """Chance that fewer than `least` of the next lines are on time, beta-binomial with a and b."""
    good = np.arange(min(least, _LINES + 1))
    return float((binom(_LINES, good) * np.exp(betaln(good + a, _LINES - good + b) - betaln(a, b))).sum())


def _first(card: pd.Series, *names: str) -> float:
    """The first of some measures of a scorecard that is known; NaN where none is."""
    values = [float(card[name]) for name in names if name in card and pd.notna(card[name])]
    return values[0] if values else float("nan")


def _result(plays: LeverPlays, group: _Group) -> LeverResult:
    """One action with its lines."""
    assessment, terms, moves = plays.assessment, plays.assessment.lane_terms, group.moves
    kind = SHIFT if group.late is None else CONDITIONAL
    saved = group.chance * moves.saved
    worth = PlayedWorth.of_saved(
        saved.sum(axis=0)[None], plays.effort(kind), common_error=assessment.inputs.common_error
    )
    seen = confidence(assessment, moves.there[[int(moves.saved.mean(axis=1).argmax())]], uses_shortage=True)
    if group.late is not None:
        seen = np.where(seen == "high", "medium", seen)
    lanes = terms.lanes.iloc[moves.now]
    names = assessment.names
    called = [names.sku(name) for name in lanes["unique_id"].tolist()]
    now, there = (str(terms.lanes["supplier_id"].iloc[each[0]]) for each in (moves.now, moves.there))
    head = pd.DataFrame(
        {
            "kind": [kind],
            "unique_id": "",
            "supplier_id": now,
            "alternative_supplier_id": there,
            "subject": "",
            "quantity": np.nan,
            "worth": worth.mean,
            "worth_period": "year",
            "act_by": act_by_next_order(assessment)[moves.skus].min(),
            "confidence": worth.confidence(seen),
        }
    )
    facts = pd.DataFrame([_facts(assessment, group, names, (now, there))]).assign(**worth.facts())
    facts["lines"] = [line_facts(lanes, saved.mean(axis=1), called, called)]
    actions = action_rows(assessment, head, facts, partial(_describe, assessment.inputs.currency))
    if group.late is not None:
        return LeverResult(actions)  # it changes nothing until the supplier has stayed late
    lines = lever_lines(lanes["unique_id"].tolist(), moves.there.tolist(), worth=saved.mean(axis=1))
    return LeverResult.of(actions, lines, [0] * len(lines))


def _facts(assessment: Assessment, group: _Group, names: Names, suppliers: tuple[str, str]) -> dict[str, Any]:
    """Numbers behind the evidence of a shift of spend."""
    now, there = (names.supplier(each) for each in suppliers)
    spend: NDArray[np.float64] = yearly_spend(assessment)
    bought_here = assessment.chosen_terms.lanes["supplier_id"].to_numpy(object).astype(str) == suppliers[0]
    ask = f"Shift spend from {now} to {there}"
    if group.late is not None:
        ask = f"If fewer than {group.late.least} of {now}'s next {_LINES} lines are on time, move to {there}"
    cards = {
        f"{name}_{end}": card.get(name, np.nan)
        for end, card in (("now", group.now), ("there", group.there))
        for name in ("score", "on_time_shrunk", "on_time_low", "on_time_high", "defect_rate_shrunk")
    }
    return {
        "ask": ask,
        "spend": float(group.moves.spend.sum()),
        "spend_share": float(group.moves.spend.sum()) / max(float(spend[bought_here].sum()), 1e-9),
        "chance_of_staying": group.chance,
        "on_time_recent": float("nan") if group.late is None else group.late.rate,
        "saved_if_moved": float(group.moves.saved.sum(axis=0).mean()),
        **{name: float(value) for name, value in cards.items()},
    }


def _describe(currency: str, a: Any) -> tuple[str, str]:
    """Title and evidence of a shift of spend, from the action's row."""
    skus = "1 SKU" if len(a.lines) == 1 else f"{len(a.lines)} SKUs"
    known = [
        f"{name} {share(rate)} of its lines (90 % sure: {share(low)} to {share(high)})"
        for name, rate, low, high in (
            (a.alternative, a.on_time_shrunk_there, a.on_time_low_there, a.on_time_high_there),
            (a.supplier, a.on_time_shrunk_now, a.on_time_low_now, a.on_time_high_now),
        )
        if np.isfinite(rate)
    ]
    on_time = f" On time by the first promise: {', '.join(known)}." if known else ""
    bought = f"{money(a.spend, currency)} a year and {share(a.spend_share)} of what {a.supplier} sells us"
    evidence = (
        f"{a.alternative} scores {number(a.score_there)}, {a.supplier} {number(a.score_now)} (perfect order rate at "
        f"the worse end of its interval).{on_time} {skus}, {bought}, cost {money(a.saved_if_moved, currency)} less "
        "from there, each too little for a switch of its own."
    )
    if a.kind == CONDITIONAL:
        evidence += (
            f" {a.supplier} has got worse lately ({share(a.on_time_recent)} on time) and may recover: the chance that "
            f"it stays below its usual share is {share(a.chance_of_staying)}, and the worth counts that much."
        )
    evidence += (
        f" Worth {money(a.worth, currency)} a year, in 80 of 100 years between {money(a.worth_low, currency)} and "
        f"{money(a.worth_high, currency)}."
    )
    return bundle_title(a.ask, a.lines), evidence
