from itertools import combinations

import numpy as np
import pytest

from planning.levers.moves import Moves


def moves(prices, spends) -> Moves:
    at = np.arange(len(prices))
    return Moves(at, at, at, -np.array(prices, float)[:, None] * np.ones((1, 4)), np.array(spends, float))


def test_the_last_move_is_the_cheapest_that_is_enough_not_the_next_in_turn():
    # the second costs least for its spend, but ten times what is still missing
    found = moves([1, 12, 4], [100, 1000, 120]).until(200)
    assert sorted(found.spend) == [100, 120]


def test_where_all_shift_too_little_all_are_made():
    assert len(moves([1, 2], [100, 50]).until(1000).skus) == 2


@pytest.mark.parametrize("seed", range(20))
def test_the_moves_cost_little_more_than_the_best_of_all_sets(seed):
    rng = np.random.default_rng(seed)
    prices, spends = rng.uniform(0, 10, 8), rng.uniform(10, 100, 8)
    need = 0.4 * spends.sum()
    found = moves(prices, spends).until(need)
    assert found.spend.sum() >= need
    sets = [list(some) for size in range(1, 9) for some in combinations(range(8), size)]
    best = min(prices[some].sum() for some in sets if spends[some].sum() >= need)
    assert best - 1e-9 <= found.price.sum() <= 1.5 * best + 1
