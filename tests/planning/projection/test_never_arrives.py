"""Chance that an open order never arrives, and what it leaves of its cover."""

import numpy as np
import pandas as pd
import pytest

from distributions.distribution import Distribution
from distributions.parametric import gamma_lead_time
from planning.projection.arrival_scenarios import scenarios_at_ranks, sorted_scenarios
from planning.projection.never_arrives import never_arrives
from planning.projection.open_orders import make_pipeline
from planning.protocols import Deliveries, NeverComing

FOURTEEN = Distribution.certain([14.0])  # beyond experience from 1.25 · 14 + 3 = 20.5 days on


def never(age: float, share: float = 0.1, beyond: float = 0.02, *, learned: bool = True, **columns) -> float:
    orders = pd.DataFrame({"age": [age], **{name: [value] for name, value in columns.items()}})
    chance = NeverComing(np.array([share]), np.array([beyond]), learned)
    return float(never_arrives(orders, FOURTEEN, chance)[0])


def test_the_chance_is_bayes_on_the_chance_of_being_open_still():
    assert never(5) == pytest.approx(0.1)
    assert never(20.6) == pytest.approx(0.1 / (0.1 + 0.9 * 0.02), rel=0.02)
    assert never(41) == pytest.approx(0.1 / (0.1 + 0.9 * 0.02 / 8))
    lead_time = gamma_lead_time(30, 6)
    age = 33.0
    still_open = 0.98 * (1 - lead_time.cdf((age - 3) / 1.25)[0]) + 0.02
    orders, chance = pd.DataFrame({"age": [age]}), NeverComing(np.array([0.1]), np.array([0.02]), True)
    found = never_arrives(orders, lead_time, chance)
    assert found == pytest.approx(0.1 / (0.1 + 0.9 * still_open))


def test_without_a_line_seen_that_never_came_only_older_ones_than_all_experience_are_doubted():
    assert never(20, learned=False) == 0
    assert never(21, learned=False) == never(21)


def test_an_order_promised_for_later_is_doubted_that_much_later():
    ordered_at = pd.Timestamp("2025-01-01")
    promised = {"ordered_at": ordered_at, "promised_at": ordered_at + pd.Timedelta(days=114)}
    assert never(141, **promised) == pytest.approx(never(41))
    early = {"ordered_at": ordered_at, "promised_at": ordered_at + pd.Timedelta(days=7)}
    assert never(41, **early) == never(41)
    assert never(41, **promised | {"promised_at": pd.NaT}) == never(41)


def test_cover_falls_with_the_chance_of_never_and_what_is_on_order_does_not():
    orders = pd.DataFrame({"quantity_open": [100.0, 100.0], "age": [5.0, 41.0]})
    chance = NeverComing(np.full(2, 0.1), np.full(2, 0.02), True)
    lead_time = Distribution.certain([14.0, 14.0])
    pipeline = make_pipeline(
        orders,
        np.array([0, 0]),
        lambda rows: lead_time[rows.index.to_numpy()],
        deliveries=Deliveries(np.array([1.0, 0.5]), chance),
    )
    never_of = dict(zip(pipeline.orders["age"], pipeline.never, strict=True))
    assert never_of == {5.0: pytest.approx(0.1), 41.0: pytest.approx(never(41))}
    assert pipeline.on_order(1) == pytest.approx([200])
    assert pipeline.cover(1, 30.0) == pytest.approx([90 + 50 * (1 - never(41))])
    assert pipeline.doubtful.tolist() == [True, False]
    assert pipeline.of_skus(np.array([0])).never.tolist() == pipeline.never.tolist()


def test_scenarios_in_which_it_never_arrives_are_as_many_as_its_chance():
    lead_time, chance = gamma_lead_time(30, 6, 2), np.array([0.25, 0.0])
    days = sorted_scenarios(lead_time, chance)
    assert np.isinf(days).sum(axis=1).tolist() == [32, 0]
    assert (np.diff(days[0, :96]) >= 0).all()
    assert days[0, :96].mean() == pytest.approx(30, abs=0.2)
    ranks = np.tile(np.arange(128), (2, 1))
    np.testing.assert_allclose(scenarios_at_ranks(lead_time, ranks, chance), days, rtol=1e-5)
    np.testing.assert_array_equal(
        scenarios_at_ranks(lead_time, ranks, chance)[1], scenarios_at_ranks(lead_time, ranks)[1]
    )
