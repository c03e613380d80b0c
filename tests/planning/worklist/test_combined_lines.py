import numpy as np
import pytest

from planning.levers.lever_lines import lever_lines
from planning.worklist.joint_set import combined


def test_what_is_set_anew_holds_and_the_rest_stays():
    before = lever_lines(["a", "b"], [1, 2], moq=[40.0, np.nan], payment_days=[30.0, 14.0])
    after = lever_lines(["a", "b"], [1, 2], moq=[20.0, 10.0])
    found = combined(before, after)
    assert found["moq"].tolist() == [20, 10]
    assert found["payment_days"].tolist() == [30, 14]


@pytest.mark.parametrize(
    ("term", "one", "other", "holds"),
    [("earlier_days", 3.0, 1.0, 3.0), ("spread_factor", 0.8, 0.5, 0.5), ("holding_factor", 0.6, 0.9, 0.6)],
)
def test_of_two_agreements_on_lead_time_or_holding_the_better_holds(term, one, other, holds):
    for first, second in ((one, other), (other, one)):
        before, after = (lever_lines(["a"], [1], **{term: [value]}) for value in (first, second))
        assert combined(before, after)[term].astype(float).tolist() == [holds]
    nothing = lever_lines(["a"], [1])
    assert combined(lever_lines(["a"], [1], **{term: [one]}), nothing)[term].astype(float).tolist() == [one]
