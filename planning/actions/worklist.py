"""The worklist: all sourcing actions of a day as one plan, what brings most for its effort first."""

import pandas as pd

from planning.actions.action_table import ranked
from planning.actions.change_open_order import change_open_order
from planning.actions.chase import chase
from planning.actions.engage_early import engage_early
from planning.actions.expedite import expedite
from planning.actions.expedite_proposals import expedite_proposals
from planning.actions.lower_moq import lower_moq
from planning.actions.one_plan import one_plan
from planning.actions.open_order_needs import open_order_needs
from planning.actions.switch_vendor import switch_vendor
from planning.actions.today_candidates import chosen_today
from planning.assessment import Assessment


def list_actions(assessment: Assessment) -> pd.DataFrame:
    """The worklist: sourcing actions worth at least the policy's minimum, with the columns of the action table.

    What excludes each other stands there with `alternative_to`: the rest is one plan.
    """
    needs, proposals = open_order_needs(assessment), expedite_proposals(assessment)
    today = chosen_today(assessment, needs, proposals)
    parts = [
        engage_early(assessment, today),
        expedite(assessment, proposals, today),
        change_open_order(assessment, needs, today),
        chase(assessment),
        lower_moq(assessment),
        switch_vendor(assessment),
    ]
    return one_plan(ranked(parts), assessment)
