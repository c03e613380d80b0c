"""The worklist: all sourcing actions of a day as one plan, what brings most for its effort first."""

from collections.abc import Callable

import pandas as pd

from planning.actions.action_table import ranked
from planning.actions.change_open_order import change_open_order
from planning.actions.chase import chase
from planning.actions.engage_early import engage_early
from planning.actions.expedite import expedite
from planning.actions.expedite_proposals import expedite_proposals
from planning.actions.open_order_needs import open_order_needs
from planning.actions.today_candidates import chosen_today
from planning.assessment import Assessment
from planning.levers.lever_lines import LeverResult
from planning.levers.lever_plays import LeverPlays
from planning.levers.terms.lower_moq import lower_moq
from planning.levers.vendor.switch_vendor import switch_vendor
from planning.worklist.joint_set import joint_set
from planning.worklist.one_plan import one_plan

YEARLY: tuple[Callable[[LeverPlays], LeverResult], ...] = (
    lambda plays: lower_moq(plays.assessment),
    lambda plays: switch_vendor(plays.assessment),
)
"""Levers that pay every year."""


def list_actions(assessment: Assessment) -> pd.DataFrame:
    """The worklist: sourcing actions worth at least the policy's minimum, with the columns of the action table.

    What excludes each other stands there with `alternative_to`: the rest is one plan, in which every yearly action is
    worth what it brings beside the better ones.
    """
    needs, proposals = open_order_needs(assessment), expedite_proposals(assessment)
    today = chosen_today(assessment, needs, proposals)
    parts = [
        engage_early(assessment, today),
        expedite(assessment, proposals, today),
        change_open_order(assessment, needs, today),
        chase(assessment),
    ]
    plays = LeverPlays(assessment)
    results = [lever(plays) for lever in YEARLY]
    yearly = joint_set(plays, results)
    return one_plan(ranked([*parts, yearly]), assessment)
