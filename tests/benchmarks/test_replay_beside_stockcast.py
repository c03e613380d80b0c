from dataclasses import replace

import numpy as np
import pytest

from benchmarks.replay import CASES, purvey, shop, stockcast


@pytest.fixture(scope="module")
def small():
    """Four SKUs over six weeks: stockcast takes its time for each period."""
    whole = shop(4)
    return replace(whole, demand=whole.demand[:42])


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_same_policy_costs_the_same_in_stockcast(case, small):
    assert purvey(small, case) == pytest.approx(stockcast(small, case), rel=1e-9)


def test_the_cases_differ_in_what_they_cost():
    whole = shop(30)
    assert len({round(float(np.sum(purvey(whole, case))), 2) for case in CASES}) == len(CASES)
