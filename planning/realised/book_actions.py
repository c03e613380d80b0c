"""The booking: of every approved action its state, what it promised until today, and what it brought."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from scipy.special import ndtri

from distributions.distribution import Array
from planning.actions.played_worth import HIGH, LOW
from planning.realised.action_states import ActionState, state_of
from planning.realised.lane_replay import SCENARIOS
from planning.realised.line_effects import LINE_KINDS, Effect
from planning.realised.promise import Promise
from planning.realised.replay import SkuReplay, replay_sku
from planning.realised.what_came import WhatCame
from planning.simulation.engine.common_random_numbers import Luck, name_keys, stratified_levels

REPLAY_ERROR = 0.2
"""Standard deviation of what replays are off beside the luck they know, as a share of what they move, SKU by SKU: the
plan that they play is the one of the day of the decision, made again by the demand that came."""

NOT_REPLAYED = {
    "chase": "asking for a late line changes no terms; what it sped up is not in the data",
    "dual_source": "two suppliers of one SKU at a time are not replayed",
    "share_forecast": "how late orders would have been in times of high demand, had nobody been told, no order shows",
    "expedite_question": "what was paid for it is not in the data",
}
"""Kinds that no replay measures, with why: but an expedite question, where a price was agreed."""


@dataclass(frozen=True)
class Booking:
    """What became of an approved action until the day of the booking.

    Attributes
    ----------
    state : with its days and evidence
    promised, promised_low, promised_high : money promised for the days that are measured, with its range
    realised, low, high : money that it brought in them: mean, and the range that holds it in 80 of 100 plays of what
        would have been; NaN where it is not measured
    parts : part of the cost → money of `realised` saved there
    skus : unique_id and realised of each SKU
    measured_from, measured_until : days between which it is measured; none where it is not
    not_measured : why not; empty where it is
    """

    promise: Promise
    state: ActionState
    promised: float = 0.0
    promised_low: float = np.nan
    promised_high: float = np.nan
    realised: float = np.nan
    low: float = np.nan
    high: float = np.nan
    parts: dict[str, float] = field(default_factory=dict)
    skus: list[dict[str, object]] = field(default_factory=list)
    measured_from: pd.Timestamp | None = None
    measured_until: pd.Timestamp | None = None
    not_measured: str = ""


def book_actions(promises: Sequence[Promise], came: WhatCame) -> list[Booking]:
    """Book approved actions by what really came; each by itself, in the order of the promises."""
    return [_book(promise, came) for promise in promises]


def _book(promise: Promise, came: WhatCame) -> Booking:
    """The booking of one approved action."""
    act_by = promise.facts.get("act_by")
    state = state_of(promise, came, None if act_by is None else pd.Timestamp(act_by))
    if state.state == "lapsed":
        over = state.agreed_on + pd.Timedelta(days=promise.counts_for_days)
        return Booking(promise, state, *promise.until(state.agreed_on, over), realised=0.0, low=0.0, high=0.0)
    if state.state == "agreed":
        return Booking(promise, state, not_measured="not yet: it has not taken effect")
    why = _not_replayed(promise)
    if why:
        return Booking(promise, state, not_measured=f"not measurable: {why}")
    played = [_replayed(promise, effect, came, state) for effect in state.effects]
    measured = [each for each in played if isinstance(each, SkuReplay)]
    if not measured:
        return Booking(promise, state, not_measured=next(str(each) for each in played))
    return _booked(promise, state, measured)


def _not_replayed(promise: Promise) -> str:
    """Why no replay measures an action, empty where one does."""
    if promise.kind == "expedite_question" and "expedite_cost" in promise.agreed:
        return ""
    if promise.kind in NOT_REPLAYED:
        return NOT_REPLAYED[promise.kind]
    if not any(sku.get("after") or sku.get("line") or sku.get("ordered") for sku in promise.skus):
        return "it changes no term and no order that could be played"
    return ""


def _replayed(promise: Promise, effect: Effect, came: WhatCame, state: ActionState) -> SkuReplay | str:
    """The replay of one SKU: of orders from the decision on, of terms and vendors from where the ways part."""
    sku = next((sku for sku in promise.skus if sku["unique_id"] == effect.unique_id), None)
    if sku is None:
        return "not measurable: nothing in the data shows it"
    at_once = promise.kind in LINE_KINDS or promise.kind == "engage_early"
    begin = state.agreed_on if at_once else _parted(promise, effect, came)
    return replay_sku(promise, sku, came, begin=begin)


def _parted(promise: Promise, effect: Effect, came: WhatCame) -> pd.Timestamp:
    """The day from which the ways with and without the action part: the decision, or the last order as before it.

    Who is to buy elsewhere may wait for that, so the way without it begins before the first order elsewhere.
    """
    decided = pd.Timestamp(promise.decided_on)
    ordered = came.orders(effect.unique_id)["ordered_at"]
    before = ordered[(ordered >= decided) & (ordered < effect.on)]
    return decided if before.empty else before.max() + pd.Timedelta(days=1)


def _with_error(promise: Promise, played: Sequence[SkuReplay]) -> Array:
    """Money saved on all SKUs in each scenario, (M,), with what replays are off beside their luck, all alike."""
    key = name_keys(np.array([promise.action_id], object))
    scores = ndtri(stratified_levels(key, 1, SCENARIOS, Luck.LEVEL)[0, 0])
    moved = sum(abs(float(each.saved.mean())) for each in played)
    return np.asarray(np.sum([each.saved for each in played], axis=0) + REPLAY_ERROR * moved * scores)


def _booked(promise: Promise, state: ActionState, played: Sequence[SkuReplay]) -> Booking:
    """The booking of an action from the replays of its SKUs, added up play by play."""
    saved = _with_error(promise, played)
    low, high = np.quantile(saved, [LOW, HIGH])
    begin, end = min(each.begin for each in played), max(each.end for each in played)
    promised = promise.until(begin, end)
    parts: dict[str, float] = {}
    for each in played:
        for part, value in each.parts.items():
            parts[part] = round(parts.get(part, 0.0) + value, 2)
    return Booking(
        promise,
        state,
        *promised,
        realised=float(sum(each.saved.mean() for each in played)),
        low=float(low),
        high=float(high),
        parts=parts,
        skus=[
            {"unique_id": each.unique_id, "realised": round(float(each.saved.mean()), 2)} for each in played
        ],
        measured_from=begin,
        measured_until=end,
    )
