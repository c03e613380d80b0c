import orjson
import pytest

from planning.levers.ownership.vmi import vmi


def test_a_predictable_supplier_of_many_lines_takes_half_of_what_they_cost(plays):
    own = plays(8, ordering_cost=4)
    action = vmi(own).actions.iloc[0]
    ordering = own.now(own.skus(vmi(own).lines)).parts["ordering"].sum()
    # and with smaller lots a little more
    assert ordering / 2 < action["worth"] < 1.2 * ordering / 2
    bears = orjson.loads(action["facts"])["bears"]
    assert bears["ordering"]["ours_now"] == pytest.approx(ordering, rel=1e-3)
    assert bears["ordering"]["ours_then"] == 0
    # half a line's cost, of more lines
    assert ordering / 2 <= bears["ordering"]["theirs_then"] < ordering
    assert action["confidence"] != "high"


def test_few_skus_few_lines_or_an_unpredictable_supplier_are_left(plays):
    assert vmi(plays(7, ordering_cost=4)).actions.empty
    assert vmi(plays(8, ordering_cost=400)).actions.empty  # 8 orders of each a year
    assert vmi(plays(8, ordering_cost=4, late=6.0)).actions.empty
    assert vmi(plays(8)).actions.empty
