"""A change played: the plan as it is and as it would be, SKU by SKU, in sums, and where they differ most."""

from dataclasses import dataclass, replace

import pandas as pd

from planning.inputs import PlanInputs
from planning.planner import Planner
from planning.what_if.change import Change
from planning.what_if.changed_inputs import changed_forecast, changed_inputs
from planning.what_if.changed_lead_times import ChangedLeadTimes
from planning.what_if.outcomes import COSTS, NUMBERS, outcomes

SUMMED = ("order_money", "tied_up", *COSTS)
"""Numbers that add up over SKUs, all money."""


@dataclass(frozen=True)
class WhatIf:
    """A change and what it comes to: `planning.what_if.outcomes.outcomes` before and after, with one index."""

    change: Change
    before: pd.DataFrame
    after: pd.DataFrame

    @property
    def difference(self) -> pd.DataFrame:
        """After − before, `NUMBERS` of each SKU; NaN where the change leaves a SKU without a plan."""
        return self.after[list(NUMBERS)] - self.before[list(NUMBERS)]

    @property
    def sums(self) -> pd.DataFrame:
        """Sums over the SKUs, columns before, after and difference: of the numbers that add up, and counts.

        `bought` SKUs are bought from the changed supplier, `ordered` ones are ordered today, `stockouts` are expected
        before an order placed today can arrive.
        """
        both = pd.DataFrame({"before": self._summed(self.before), "after": self._summed(self.after)})
        return both.assign(difference=both["after"] - both["before"])

    def moved_most(self, most: int) -> pd.DataFrame:
        """The SKUs that the change moves most, by their cost a year and then by today's order; at most `most`.

        Returns
        -------
        DataFrame
            unique_id, and every column of the outcomes twice, the earlier ones as `…_before`
        """
        gap = self.difference[["cost", "order_money"]].abs().fillna(0.0)
        moved = gap[(gap > 1e-9).any(axis=1) | (self.before["supplier_id"] != self.after["supplier_id"])]
        most_moved = moved.sort_values(["cost", "order_money"], ascending=False, kind="stable").index[:most]
        both = self.after.loc[most_moved].join(self.before.loc[most_moved].add_suffix("_before"))
        return both.reset_index()

    def _summed(self, table: pd.DataFrame) -> pd.Series:
        """Sums of one side of the change."""
        counts = {
            "bought": float((table["supplier_id"] == self.change.supplier_id).sum()),
            "ordered": float((table["order_quantity"] > 0).sum()),
            "stockouts": float(table["stockout_risk"].sum()),
        }
        return pd.concat([table[list(SUMMED)].sum(), pd.Series(counts)])


def play_change(planner: Planner, inputs: PlanInputs, change: Change) -> WhatIf:
    """Assess the planner's SKUs as they are and with the change; nothing that is given is changed.

    Raises
    ------
    WhatIfError
        When no plan can be made with the change.
    """
    today = planner.assess(inputs)
    before = outcomes(today)
    if change.changes_nothing:
        return WhatIf(change, before, before)
    lanes, policy = today.chosen_terms.lanes, planner.policy
    other = replace(
        planner,
        forecast=changed_forecast(planner.forecast, change.demand),
        lead_times=ChangedLeadTimes(planner.lead_times, change, inputs.as_of),
    )
    after = outcomes(other.assess(changed_inputs(inputs, planner.forecast, lanes, change, policy)))
    return WhatIf(change, before, after.reindex(before.index))
