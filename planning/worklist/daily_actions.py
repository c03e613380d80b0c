"""How many new actions a day brings: no more than people can deal with, what brings most for its effort first."""

from collections.abc import Collection

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planning.worklist.one_plan import in_plan


def listed_today(
    actions: pd.DataFrame, known: Collection[str], *, most: int | None, already: int = 0
) -> NDArray[np.bool_]:
    """Which actions (n,) are on the list today: all that were before, and of the new ones as many as a day brings.

    The others wait for a later day, and their alternatives with them; alternatives themselves do not count.

    Parameters
    ----------
    actions : the action table of `planning.worklist.one_plan`, what brings most for its effort first
    known : action_ids that have been on the list before
    most : new ones a day; none: all
    already : new ones that today has brought by an earlier plan
    """
    seen = actions["action_id"].isin(set(known)).to_numpy(bool)
    if most is None:
        return np.ones(len(actions), bool)
    new = in_plan(actions) & ~seen
    first = new & (np.cumsum(new) <= max(most - already, 0))
    chosen = seen | first
    better = actions["alternative_to"].fillna("")
    beside = better.isin(actions.loc[chosen, "action_id"]).to_numpy(bool)
    return np.asarray(chosen | (beside & ~in_plan(actions)), bool)
