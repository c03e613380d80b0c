"""The ensemble against its members, on rolling origins."""

from dataclasses import replace

import numpy as np
import pytest

from distributions.levels import DEMAND_LEVELS
from models.demand.backtest.demand_backtest import DemandBacktest
from training.evaluation.member_comparison import compare_members

ORIGINS, N, H = 6, 200, 4


@pytest.fixture(scope="module")
def past():
    """Demand 10 ± 1; one member is off by noise of 1, another by independent noise of 1, a third by 5."""
    rng = np.random.default_rng(0)
    shape = (ORIGINS, N, H)
    y = 10 + rng.normal(0, 1, shape)
    members = {name: 10 + rng.normal(0, s, shape) for name, s in (("a", 1.0), ("b", 1.0), ("bad", 5.0))}
    quantiles = np.zeros((*shape, len(DEMAND_LEVELS)))
    days = np.datetime64("2024-01-01") + 7 * np.arange(ORIGINS + H + 1)
    return DemandBacktest(
        unique_ids=np.array([f"s{i}" for i in range(N)], object),
        cutoffs=days[:ORIGINS],
        starts=np.stack(
            [days[o + 1 : o + H + 2] if o + H + 2 <= len(days) else days[: H + 1] for o in range(ORIGINS)]
        ),
        window=np.repeat([0, 1, 2], 2),
        y=y,
        in_stock=np.ones(shape, bool),
        sold=y,
        demand_class=np.full((ORIGINS, N), "smooth", object),
        mean=np.full(shape, 10.0),
        quantiles=quantiles,
        cumulative_mean=np.full(shape, 10.0),
        cumulative=quantiles,
        members=members,
    )


def test_a_mixture_of_two_good_members_beats_both_beyond_chance(past):
    table = compare_members(past).set_index("member")
    assert (table.loc[["a", "b"], "high"] < 0).all()
    assert table.loc["bad", "loss"] > 5 * table.loc["a", "loss"]
    assert table["best"].sum() == 1
    assert not table.loc["bad", "best"]


def test_weights_are_judged_on_windows_they_have_not_seen(past):
    lucky = past.members["bad"].copy()
    lucky[past.window == 2] = past.y[past.window == 2]  # perfect where its weight cannot come from
    without = past.members["bad"].copy()
    table = compare_members(replace(past, members={"a": past.members["a"], "lucky": lucky}))
    plain = compare_members(replace(past, members={"a": past.members["a"], "lucky": without}))
    got, expected = (t.set_index("member").loc["a", "ensemble_loss"] for t in (table, plain))
    assert got > expected


def test_one_window_says_nothing(past):
    assert compare_members(replace(past, window=np.zeros(ORIGINS, int))).empty
