from dataclasses import replace

import numpy as np
import pytest

from benchmarks.simulation_speed import CASES, make_skus, play_engine, play_purvey, play_stockcast


@pytest.fixture(scope="module")
def small():
    """Four SKUs over six weeks: play_stockcast takes its time for each period."""
    whole = make_skus(4)
    return replace(whole, demand=whole.demand[:42])


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_same_policy_costs_the_same_in_stockcast(case, small):
    theirs = pytest.approx(play_stockcast(small, case), rel=1e-9)
    assert play_purvey(small, case) == theirs
    assert play_engine(small, case) == theirs


def test_the_cases_differ_in_what_they_cost():
    whole = make_skus(30)
    assert len({round(float(np.sum(play_purvey(whole, case))), 2) for case in CASES}) == len(CASES)
