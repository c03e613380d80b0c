"""The worklist: all sourcing actions of a day as one plan, what brings most for its effort first."""

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
from planning.levers.lever_plays import LeverPlays
from planning.levers.responsible.clear_stock import clear_stock
from planning.levers.yearly_levers import yearly_levers
from planning.realised.action_basis import action_bases
from planning.worklist.joint_set import joint_set
from planning.worklist.one_plan import one_plan


def list_actions(assessment: Assessment, plays: LeverPlays | None = None) -> pd.DataFrame:
    """The worklist: sourcing actions worth at least the policy's minimum, with the columns of the action table.

    What excludes each other stands there with `alternative_to`: the rest is one plan, in which every yearly action is
    worth what it brings beside the better ones. `basis` is what each is played by later (`planning.realised`). With the
    assessment's `plays` at hand, years that they know are not played again.
    """
    needs, proposals = open_order_needs(assessment), expedite_proposals(assessment)
    today = chosen_today(assessment, needs, proposals)
    parts = [
        engage_early(assessment, today),
        expedite(assessment, proposals, today),
        change_open_order(assessment, needs, today),
        chase(assessment),
        clear_stock(assessment),
    ]
    plays = LeverPlays(assessment.one_supplier_each) if plays is None else plays
    results = [lever(plays) for lever in yearly_levers(assessment.setting.policy.levers)]
    yearly = joint_set(plays, results)
    listed = one_plan(ranked([*parts, yearly]), assessment)
    return listed.assign(basis=action_bases(plays, listed, [result.lines for result in results]))
