import numpy as np
import orjson
import pytest

from planning.levers.ownership.kanban import kanban
from planning.levers.ownership.kanban_plays import cheapest_bins

SKU = np.zeros(1, np.intp)


def test_steady_goods_run_in_bins_for_half_the_ordering(plays):
    own = plays(ordering_cost=20)
    found = kanban(own)
    action, facts = found.actions.iloc[0], orjson.loads(found.actions["facts"][0])
    assert facts["bins"] >= 2
    assert facts["service"] >= 0.945
    assert action["quantity"] == facts["bin_size"]
    assert action["worth"] == pytest.approx(facts["total_now"] - facts["total_in_bins"], abs=0.01)
    # bins all but one cover what comes and goes until a delivery: 14 days of 10, and something for safety
    assert (facts["bins"] - 1) * facts["bin_size"] >= 140


def test_bins_of_another_number_or_size_cost_more_or_miss_the_target(plays):
    own = plays(ordering_cost=20)
    assessment, cost = own.assessment, np.array([10.0])
    best = cheapest_bins(assessment, SKU, cost)
    dear = cheapest_bins(assessment, SKU, 20 * cost)
    assert dear.size[0] > best.size[0]
    assert dear.total.mean() > best.total.mean()
    assert best.service[0] >= 0.945


def test_bins_come_in_the_lots_of_the_offer(plays):
    best = cheapest_bins(plays(order_multiple=64).assessment, SKU, np.array([10.0]))
    assert best.size[0] > 0
    assert best.size[0] % 64 == 0


def test_what_varies_rises_or_comes_late_is_not_for_bins(plays):
    assert kanban(plays(ordering_cost=20, spread=60.0)).actions.empty
    assert kanban(plays(ordering_cost=20, rise=0.05)).actions.empty
    assert kanban(plays(ordering_cost=20, late=5.0)).actions.empty
    assert kanban(plays(ordering_cost=20, effort=2000.0)).actions.empty
    assert kanban(plays()).actions.empty
