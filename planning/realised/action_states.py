"""States of approved actions: agreed → in effect → realised or lapsed, each with its day and the evidence for it."""

from dataclasses import dataclass, field
from typing import Any, Literal

import pandas as pd

from planning.realised.effects import effects_of
from planning.realised.line_effects import LINE_KINDS, Effect
from planning.realised.promise import Promise
from planning.realised.what_came import WhatCame

State = Literal["agreed", "in_effect", "realised", "lapsed"]

SHOWN_WITHIN_DAYS = {True: 90, False: 30}
"""Days, from the later of decision and act-by day on, within which something has to show: of terms and vendors, and of
orders."""

_DAY = pd.Timedelta(days=1)


@dataclass(frozen=True)
class ActionState:
    """State of an approved action.

    Attributes
    ----------
    agreed_on, in_effect_on, ended_on : days on which it entered the states; none where it has not
    lapse_by : day by which something has to show in the data
    effects : evidence by SKU, that of the action having taken effect
    evidence : all that was found, as `unique_id`, `on` and `says`
    why : why it lapsed, in words; empty where it has not
    """

    state: State
    agreed_on: pd.Timestamp
    in_effect_on: pd.Timestamp | None
    ended_on: pd.Timestamp | None
    lapse_by: pd.Timestamp
    effects: tuple[Effect, ...] = ()
    evidence: list[dict[str, Any]] = field(default_factory=list)
    why: str = ""


def state_of(promise: Promise, came: WhatCame, act_by: pd.Timestamp | None = None) -> ActionState:
    """State of an approved action on the day that the tables describe."""
    agreed_on = pd.Timestamp(promise.decided_on)
    about_order = promise.kind in LINE_KINDS or promise.kind == "engage_early"
    due = max(agreed_on, act_by) if act_by is not None and pd.notna(act_by) else agreed_on
    lapse_by = due + SHOWN_WITHIN_DAYS[not about_order] * _DAY
    found = effects_of(promise, came)
    took = tuple(effect for effect in found if effect.took)
    told = [
        {"unique_id": effect.unique_id, "on": f"{effect.on:%Y-%m-%d}", "says": effect.says}
        for effect in found
    ]
    if took:
        begin = max(min(effect.on for effect in took), agreed_on)
        over = begin + promise.counts_for_days * _DAY
        state: State = "realised" if came.known_until >= over else "in_effect"
        ended = over if state == "realised" else None
        return ActionState(state, agreed_on, begin, ended, lapse_by, took, told)
    failed = [effect for effect in found if not effect.took and promise.kind in LINE_KINDS]
    if failed:
        last = max(failed, key=lambda effect: effect.on)
        return ActionState("lapsed", agreed_on, None, last.on, lapse_by, (), told, last.says)
    if came.as_of > lapse_by:
        why = found[-1].says if found else f"nothing of it showed in offers or orders by {lapse_by:%Y-%m-%d}"
        return ActionState("lapsed", agreed_on, None, lapse_by, lapse_by, (), told, why)
    return ActionState("agreed", agreed_on, None, None, lapse_by, (), told)
