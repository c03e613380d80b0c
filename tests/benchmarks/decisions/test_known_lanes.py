import numpy as np
import pytest

from benchmarks.decisions.brute_force import Offer
from benchmarks.decisions.known_lanes import gamma_days, poisson_lanes, poisson_world
from benchmarks.decisions.lots import lots
from benchmarks.decisions.offers import offers
from configs.schema import PolicyConfig


def test_lead_times_are_drawn_in_whole_days_with_their_mean_and_deviation():
    days = gamma_days((10, 3), (400, 100), np.random.default_rng(0))
    assert days.mean() == pytest.approx(10, abs=0.1)
    assert days.std() == pytest.approx(3, abs=0.1)


def test_the_products_lane_has_the_worlds_demand():
    known, world = poisson_lanes(PolicyConfig(level=0.95), ordering_cost=20.0), poisson_world(200, seed=1)
    assert known.terms.demand.yearly[0] == pytest.approx(world.demand.mean() * 365, rel=0.01)
    assert known.terms.lanes["whole"].all()
    assert known.terms.order_up_to[0] > known.terms.reorder_point[0]
    kept = world.play(Offer(), 139.0, 139.0)
    assert kept.cycle_service == pytest.approx(0.96, abs=0.02)


def test_the_product_agrees_with_brute_force_on_known_lanes():
    assert all(figure.passed is not False for figure in [*offers(), *lots()])
