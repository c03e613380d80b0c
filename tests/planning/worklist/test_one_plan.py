import pandas as pd

from planning.actions.action_table import COLUMNS
from planning.worklist.one_plan import in_plan, one_plan


def test_talks_with_two_suppliers_about_several_skus_exclude_nothing(assess):
    talk = dict.fromkeys(COLUMNS, "") | {"kind": "lower_moq", "worth": 100.0, "worth_period": "year"}
    talk |= {"beside": "", "share_in_horizon": 1.0}
    actions = pd.DataFrame(
        [talk | {"action_id": "a", "supplier_id": "far"}, talk | {"action_id": "b", "supplier_id": "near"}]
    )
    assert in_plan(one_plan(actions, assess())).tolist() == [True, True]
    of_one = actions.assign(unique_id="sku00000")
    assert in_plan(one_plan(of_one, assess())).tolist() == [True, False]
