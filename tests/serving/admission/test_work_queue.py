import asyncio
import contextlib

import numpy as np
import pytest

from serving.admission import work_queue
from serving.admission.work_cost import LARGE
from serving.admission.work_queue import Overloaded, WorkQueue


def run(test):
    asyncio.run(test())


def started(*tickets):
    return [ticket.started for ticket in tickets]


def test_as_many_work_at_once_as_there_are_places_and_the_next_when_one_leaves():
    async def test():
        queue = WorkQueue(at_once=2, max_wait=60)
        first, second, third = (queue.enter(10, "a") for _ in range(3))
        assert started(first, second, third) == [True, True, False]
        queue.leave(second)
        assert third.started
        assert queue.running == [first, third]

    run(test)


def test_who_came_first_works_first():
    async def test():
        queue = WorkQueue(at_once=1, max_wait=60)
        running = queue.enter(10, "a")
        waiting = [queue.enter(10, "a") for _ in range(3)]
        for turn, expected in enumerate(waiting):
            queue.leave(running)
            assert started(*waiting) == [place <= turn for place in range(3)]
            running = expected

    run(test)


def test_the_caller_with_least_in_work_comes_before_who_came_first():
    async def test():
        queue = WorkQueue(at_once=2, max_wait=60)
        _, other = queue.enter(10, "greedy"), queue.enter(10, "other")
        again, modest = queue.enter(10, "greedy"), queue.enter(10, "modest")
        queue.leave(other)
        assert started(again, modest) == [False, True]

    run(test)


def test_one_large_request_works_at_a_time_and_small_ones_go_past_those_that_wait():
    async def test():
        queue = WorkQueue(at_once=2, max_wait=60)
        large, larger, small = queue.enter(LARGE + 1, "a"), queue.enter(LARGE + 2, "a"), queue.enter(10, "a")
        assert started(large, larger, small) == [True, False, True]
        queue.leave(large)
        assert larger.started

    run(test)


def test_who_would_wait_longer_than_the_limit_is_sent_away_with_the_seconds_that_it_takes():
    async def test():
        queue = WorkQueue(at_once=1, max_wait=1.0, speed=1.0)
        queue.enter(1_000, "a")  # half of it is taken to be done
        queue.enter(700, "a")
        with pytest.raises(Overloaded) as refused:
            queue.enter(10, "a")
        assert (refused.value.code, refused.value.retry_after) == ("overloaded", 2)
        assert len(queue.waiting) == 1

    run(test)


def test_a_slow_machine_has_a_shorter_queue():
    async def test():
        for speed, waits in ((1.0, True), (3.0, False)):
            queue = WorkQueue(at_once=1, max_wait=1.0, speed=speed)
            queue.enter(100, "a")
            queue.enter(300, "a")
            if waits:
                assert not queue.enter(10, "a").started
            else:
                with pytest.raises(Overloaded):
                    queue.enter(10, "a")

    run(test)


def test_however_large_a_request_it_may_wait_where_nobody_else_does():
    async def test():
        queue = WorkQueue(at_once=1, max_wait=1.0)
        queue.enter(10, "a")
        assert not queue.enter(50_000, "a").started
        assert len(queue.waiting) == 1

    run(test)


def test_the_caller_with_most_in_the_queue_gives_way_to_another():
    async def test():
        queue = WorkQueue(at_once=1, max_wait=1.0)
        queue.enter(10, "greedy")
        first, last = queue.enter(600, "greedy"), queue.enter(600, "greedy")
        modest = queue.enter(100, "modest")
        assert queue.waiting == [first, modest]
        with pytest.raises(Overloaded):
            last.turn.result()

    run(test)


def test_no_more_wait_than_may_wait(monkeypatch):
    monkeypatch.setattr(work_queue, "MAX_WAITING", 2)

    async def test():
        queue = WorkQueue(at_once=1, max_wait=60)
        for _ in range(3):
            queue.enter(0.1, "a")
        with pytest.raises(Overloaded):
            queue.enter(0.1, "a")

    run(test)


def test_work_that_takes_longer_than_expected_slows_the_queue_and_quicker_work_speeds_it():
    async def test():
        for seconds, slower in ((0.4, True), (0.05, False)):
            queue = WorkQueue(at_once=1)
            queue.leave(queue.enter(100, "a"), seconds)
            assert (queue.speed > 1.0) == slower

    run(test)


def refusal(ask, cost, caller):
    """Code and seconds with which the queue sends away, none where it does not."""
    try:
        ask(cost, caller)
    except Overloaded as error:
        return error.code, error.retry_after
    return None


def test_whoever_is_sent_away_beforehand_would_have_been_and_nobody_is_from_a_queue_with_room():
    async def test():
        rng, checked = np.random.default_rng(0), 0
        for _ in range(300):
            queue = WorkQueue(at_once=1, max_wait=0.5)
            for _ in range(rng.integers(1, 9)):
                with contextlib.suppress(Overloaded):
                    queue.enter(float(rng.integers(20, 300)), str(rng.choice(["a", "b", "c"])))
            cost, caller = float(rng.integers(20, 300)), str(rng.choice(["a", "b", "c", "new"]))
            room = queue.seconds_ahead(cost) <= queue.max_wait
            beforehand = refusal(queue.check, cost, caller)
            if beforehand is not None:
                assert not room
                assert beforehand == refusal(queue.enter, cost, caller)
                checked += 1
        assert checked > 50

    run(test)
