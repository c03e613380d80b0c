"""Open orders in a play belong to their lanes, come when they were agreed to, and count as far as they are likely to."""

from dataclasses import replace

import numpy as np
import pytest
from normal_forecast import normal_forecast
from plan_rows import offer_row, order_line

from configs.schema import PolicyConfig
from planning.planner import Planner
from planning.played_ahead.ahead_play import AheadPlay
from planning.played_ahead.changes import Changes
from planning.played_ahead.open_lines import OpenLines
from planning.protocols import SharedDelay

NAMES = ("sku00000", "sku00001", "sku00002")
UNITS = {NAMES[0]: (10.0, 11.0), NAMES[1]: (20.0,), NAMES[2]: (30.0, 31.0, 32.0)}
M = 256


@pytest.fixture(scope="module")
def assess(make_inputs, lead_times):
    """Three SKUs with two, one and three open orders of `far`, each a week older than the one before it."""

    def run(shared: SharedDelay | None = None):
        forecast = normal_forecast([70.0, 20.0, 40.0], [20.0, 8.0, 9.0], periods=60)
        orders = [
            order_line(
                order_id=f"{sku}-{k}", unique_id=sku, age=3.0 + 7 * k, quantity_open=units, unit_price=k + 1.0
            )
            for sku in NAMES
            for k, units in enumerate(UNITS[sku])
        ]
        offers = [offer_row(unique_id=sku) for sku in NAMES]
        inputs = make_inputs(NAMES, on_hand=[30.0] * 3, offers=offers, orders=orders)
        model = lead_times(never=0.1) if shared is None else lead_times(never=0.1, shared_delay=shared)
        return Planner(forecast, model, PolicyConfig()).assess(inputs)

    return run


@pytest.fixture(scope="module")
def pipeline(assess):
    return assess().pipeline


def lines_of(pipeline, skus) -> OpenLines:
    return OpenLines.of(pipeline, np.array(skus), pipeline.unit_price(np.full(3, 9.0)), M)


def test_each_lane_has_the_open_orders_of_its_sku_in_whatever_order_the_skus_come(pipeline) -> None:
    lines = lines_of(pipeline, [2, 0])
    assert lines.lane.tolist() == [0, 0, 0, 1, 1]
    assert sorted(lines.units[:3]) == [30, 31, 32]
    assert sorted(lines.units[3:]) == [10, 11]
    assert (pipeline.quantity[lines.row] == lines.units).all()
    assert (pipeline.never[lines.row] == lines.never).all()
    assert lines.of_lanes(3)[0].tolist() == [93, 21, 0]
    assert lines.of_lanes(3)[1].tolist() == [30 * 1 + 31 * 2 + 32 * 3, 10 * 1 + 11 * 2, 0]


def test_the_luck_of_an_order_is_its_own_whoever_is_played(pipeline) -> None:
    every, some = lines_of(pipeline, [0, 1, 2]), lines_of(pipeline, [2])
    assert (every.days[-3:] == some.days).all()
    assert len({tuple(days) for days in every.days}) == 6


def test_orders_of_one_sku_are_late_each_on_its_own(pipeline) -> None:
    lines = OpenLines.of(pipeline, np.arange(3), pipeline.unit_price(np.full(3, 9.0)), 2048)
    for sku in (0, 2):
        own = np.flatnonzero(lines.lane == sku)
        late = lines.days[own] > np.median(lines.days[own], axis=1, keepdims=True)
        both = np.corrcoef(late)[np.triu_indices(len(own), 1)]
        assert both == pytest.approx(np.zeros(len(both)), abs=0.08)


def test_lanes_that_are_picked_keep_their_open_orders(pipeline) -> None:
    lines = lines_of(pipeline, [0, 1, 2])
    picked, shift = lines.select(np.array([1, 2, 1, 0]), 3)
    assert picked.lane.tolist() == [0, 1, 1, 1, 2, 3, 3]
    assert picked.row.tolist() == [2, 3, 4, 5, 2, 0, 1]
    assert (picked.units == lines.units[picked.row]).all()
    assert (picked.days == lines.days[picked.row]).all()
    # where a line of lane i has gone: its place before, and the shift of the lane
    assert shift.tolist() == [0 - 2, 1 - 3, 4 - 2, 5 - 0]


def test_orders_come_as_agreed_and_not_before_a_day_has_passed(pipeline) -> None:
    lines = replace(
        lines_of(pipeline, [0]),
        days=np.array([[0.4, 3.4, 10.0, np.inf], [2.0, 6.0, 729.0, 5.0]]),
        later=np.array([0.0, 2.0]),
    )
    assert lines.arrival_days().tolist() == [[0, 3, 10, -1], [4, 8, 730, 7]]
    half = replace(lines, share=np.array([0.25, 1.0])).arrival_days()
    assert half[0].tolist() == [0, 1, 2, -1], "no sooner than tomorrow, but where it comes today anyway"
    assert half[1].tolist() == [4, 8, 730, 7]
    assert (replace(lines, units=np.array([0.0, 1.0])).arrival_days()[0] == -1).all()


def test_an_order_counts_by_its_chance_to_come_in_time_given_that_it_is_still_open(pipeline) -> None:
    lines = lines_of(pipeline, [2])
    lines = replace(lines, later=np.array([0.0, 9.0, 0.0]), share=np.array([1.0, 1.0, 0.5]))
    reviews, interval = np.array([0.0, 7.0, 28.0, 300.0]), np.array([20.0, 30.0, 12.0])
    counted = lines.counted(reviews, interval)
    for k in range(3):
        for v, t in enumerate(reviews):

            def came(day: float, k: int = k) -> float:
                agreed = (day - lines.later[k]) / lines.share[k]
                return float(lines.remaining[k : k + 1].cdf(np.array([agreed]))[0]) if agreed >= 0 else 0.0

            never = lines.never[k]
            in_time = (1 - never) * (came(t + interval[k]) - came(t - 0.5))
            still_open = never + (1 - never) * (1 - came(t - 0.5))
            assert counted[k, v] == pytest.approx(lines.units[k] * in_time / still_open, abs=1e-9)


def test_an_order_never_comes_as_often_as_its_age_says(assess) -> None:
    shared = assess(SharedDelay(0.6, 28.0)).pipeline
    for pipeline in (assess().pipeline, shared):
        lines = OpenLines.of(pipeline, np.arange(3), pipeline.unit_price(np.full(3, 9.0)), 2048)
        assert np.isinf(lines.days).mean(axis=1) == pytest.approx(lines.never, abs=0.02)
        come = np.where(np.isfinite(lines.days), lines.days, np.nan)
        assert np.nanmean(come, axis=1) == pytest.approx(lines.remaining.mean(), rel=0.06)
    ranks = np.argsort(np.argsort(lines.days, axis=1), axis=1)
    age = shared.orders["age"].to_numpy(float)
    together = {gap: [] for gap in (0.0, 7.0, 14.0)}
    for a in range(6):
        for b in range(a):
            if shared.sku[a] != shared.sku[b]:
                together[abs(age[a] - age[b])].append(np.corrcoef(ranks[a], ranks[b])[0, 1])
    # those of one day share their supplier's luck, those of others what of today's was there already
    assert np.mean(together[0.0]) == pytest.approx(0.6, abs=0.08)
    assert np.mean(together[0.0]) > np.mean(together[7.0]) + 0.05
    assert np.mean(together[14.0]) > 0.1


def test_changes_touch_the_open_order_that_they_name_and_can_be_kept(assess) -> None:
    play = AheadPlay.of(assess(), np.arange(3), scenarios=32)
    changes = Changes.concat(
        [
            Changes.of("reduce", np.array([2]), line=np.array([4]), left=np.array([0.5])),
            Changes.of("push_back", np.array([0, 2]), line=np.array([1, 5]), later=np.array([14.0, 7.0])),
            Changes.of("expedite", np.array([1]), line=np.array([2]), share=np.array([0.5])),
            Changes.of("engage_early", np.array([1]), ordered=np.array([77.0])),
        ]
    )
    changed = play.changed(changes)
    assert changed.lines.lane.tolist() == [0, 0, 0, 1, 1, 2, 2, 2, 3, 4]
    assert changed.lines.row.tolist() == [3, 4, 5, 0, 1, 3, 4, 5, 2, 2]
    units = play.lines.units
    assert changed.lines.units.tolist() == [units[3], units[4] / 2, *units[[5, 0, 1, 3, 4, 5, 2, 2]]]
    assert changed.lines.later.tolist() == [0, 0, 0, 0, 14, 0, 0, 7, 0, 0]
    assert changed.lines.share.tolist() == [1, 1, 1, 1, 1, 1, 1, 1, 0.5, 1]
    assert np.nan_to_num(changed.ordered, nan=-1).tolist() == [-1, -1, -1, -1, 77]
    once, twice = changes.select(np.array([1])), changes.select(np.array([0]))
    kept = play.merged(np.array([0]), play.changed(once))
    assert kept.lines.later.tolist() == [0, 14, 0, 0, 0, 0]
    both = kept.changed(twice)
    kept = kept.merged(np.array([2]), both)
    assert kept.lines.later.tolist() == [0, 14, 0, 0, 0, 0]
    assert kept.lines.units.tolist() == [*units[:4], units[4] / 2, units[5]]


def test_what_is_split_off_an_order_comes_later_and_the_other_part_as_agreed(assess) -> None:
    play = AheadPlay.of(assess(), np.arange(3), scenarios=32)
    split = Changes.of(
        "split", np.array([2]), line=np.array([4]), left=np.array([0.25]), later=np.array([14.0])
    )
    apart = play.merged(np.array([2]), play.changed(split)).lines.apart()
    units, days = play.lines.units, play.lines.arrival_days()
    assert apart.units.tolist() == [*units[:4], 0.25 * units[4], 0.75 * units[4], units[5]]
    comes = days[4] >= 0
    assert (apart.arrival_days()[4] == days[4]).all()
    assert (apart.arrival_days()[5, comes] == days[4, comes] + 14).all()
    assert (apart.arrival_days()[5, ~comes] == -1).all()
    assert (apart.arrival_days()[6] == days[5]).all()


def test_what_comes_ahead_of_an_order_is_a_line_of_its_own_that_comes_and_counts_sooner(assess) -> None:
    lines = AheadPlay.of(assess(), np.arange(3), scenarios=32).lines
    some, m = np.arange(len(lines.row)) == 4, len(lines.row)
    lines = replace(lines, ahead=np.where(some, 0.3, 0.0), sooner=np.where(some, 0.5, 1.0))
    apart, whole, days = lines.apart(), lines.arrival_days(), lines.days
    assert apart.units.tolist() == [
        *lines.units[:4],
        0.7 * lines.units[4],
        0.3 * lines.units[4],
        lines.units[5],
    ]
    rest = np.r_[0:5, 6]
    assert (apart.arrival_days()[rest] == whole).all()
    comes = np.isfinite(days[4])
    assert (apart.arrival_days()[5, comes] == np.round(days[4, comes] / 2)).all()
    soon = np.full(m, 6.0)
    counted, before = (
        apart.counted(np.zeros(1), soon[np.r_[0:5, 4, 5]])[:, 0],
        lines.counted(np.zeros(1), soon)[:, 0],
    )
    assert counted[rest] == pytest.approx(before * np.where(some, 0.7, 1.0))
    twice = lines.counted(np.zeros(1), 2 * soon)[4, 0]
    assert counted[5] == pytest.approx(0.3 * twice, rel=1e-6)
    assert apart.apart().units.tolist() == apart.units.tolist()
