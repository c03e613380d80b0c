"""The worklist: all sourcing actions of a day, the most valuable first."""

import pandas as pd

from planning.actions.action_table import ranked
from planning.actions.chase import chase
from planning.actions.engage_early import engage_early
from planning.actions.expedite import expedite
from planning.actions.lower_moq import lower_moq
from planning.actions.push_back import push_back
from planning.actions.switch_vendor import switch_vendor
from planning.assessment import Assessment


def list_actions(assessment: Assessment) -> pd.DataFrame:
    """The worklist: sourcing actions worth at least the policy's minimum, with the columns of the action table."""
    return ranked(
        [
            propose(assessment)
            for propose in (engage_early, expedite, chase, push_back, lower_moq, switch_vendor)
        ]
    )
