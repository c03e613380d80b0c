"""Common random numbers: levels in even slices, each dimension independent of the others."""

import numpy as np
import pytest

from planning.simulation.engine.common_random_numbers import (
    Luck,
    level_in_dimension,
    name_keys,
    stratified_levels,
)

KEYS = name_keys(np.array(["a", "b", "c"], object))


def test_a_level_in_one_dimension_is_that_of_all_dimensions() -> None:
    every = stratified_levels(KEYS, 6, 64, Luck.ORDER)
    for dimension in ([0, 0, 0], [5, 2, 0], [1, 4, 4]):
        some = level_in_dimension(KEYS, np.array(dimension), 64, Luck.ORDER)
        assert (some == every[np.arange(3), dimension]).all()


def test_each_dimension_has_one_level_in_each_slice() -> None:
    levels = stratified_levels(KEYS, 5, 64, Luck.DEMAND)
    assert levels.min() > 0
    assert levels.max() < 1
    gaps = np.diff(np.sort(levels, axis=2), axis=2)
    assert gaps == pytest.approx(np.full(gaps.shape, 1 / 64), abs=1e-5)


def test_dimensions_and_kinds_of_luck_are_independent() -> None:
    of_order = stratified_levels(KEYS, 8, 2048, Luck.ORDER)[0]
    others = [*of_order[1:], *stratified_levels(KEYS, 3, 2048, Luck.SUPPLIER)[0]]
    assert [np.corrcoef(of_order[0], other)[0, 1] for other in others] == pytest.approx([0] * 10, abs=0.07)
