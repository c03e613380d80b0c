import asyncio

import pytest

from distributions.cancellation import WorkCancelled, current_token
from serving.admission.turns import CallerGone, Visit, current_visit, in_turn
from serving.admission.work_queue import Overloaded, WorkQueue


class Caller:
    """A caller who stays until `leave`."""

    def __init__(self, name="a", seconds=60.0):
        self.name, self.seconds, self._gone = name, seconds, asyncio.Event()

    async def receive(self):
        await self._gone.wait()
        return {"type": "http.disconnect"}

    def leave(self):
        self._gone.set()

    async def ask(self, queue, work, cost=10.0):
        expires = asyncio.get_running_loop().time() + self.seconds
        current_visit.set(Visit(self.name, self.receive, expires))
        return await in_turn(queue, cost, work)


async def settled():
    for _ in range(5):
        await asyncio.sleep(0)


def test_work_is_done_and_its_place_is_given_back():
    async def test():
        queue = WorkQueue()

        async def work():
            assert len(queue.running) == 1
            return "answer"

        assert await Caller().ask(queue, work) == "answer"
        assert (queue.running, queue.waiting) == ([], [])

    asyncio.run(test())


def test_an_error_of_the_work_is_the_callers_and_gives_the_place_back():
    async def test():
        queue = WorkQueue()

        async def work():
            raise ValueError("wrong")

        with pytest.raises(ValueError, match="wrong"):
            await Caller().ask(queue, work)
        assert queue.running == []

    asyncio.run(test())


@pytest.mark.parametrize("left", ["while it waits", "when its wait is over"])
def test_work_of_a_caller_who_has_gone_or_waited_too_long_never_begins(left):
    async def test():
        queue = WorkQueue(at_once=1, max_wait=60.0 if left == "while it waits" else 0.01)
        place, begun, caller = queue.enter(1.0, "other"), [], Caller()

        async def work():
            begun.append(1)

        asked = asyncio.create_task(caller.ask(queue, work))
        await settled()
        assert len(queue.waiting) == 1
        if left == "while it waits":
            caller.leave()
        with pytest.raises(CallerGone if left == "while it waits" else Overloaded):
            await asked
        queue.leave(place)
        await settled()
        assert (begun, queue.running, queue.waiting) == ([], [], [])

    asyncio.run(test())


@pytest.mark.parametrize("why", ["gone", "late"])
def test_work_nobody_waits_for_is_told_and_keeps_its_place_until_it_stops(why):
    async def test():
        queue, caller = WorkQueue(at_once=1), Caller(seconds=60.0 if why == "gone" else 0.01)
        loop, stopped, go_on = asyncio.get_running_loop(), asyncio.Event(), asyncio.Event()

        async def work():
            token = current_token()
            try:
                await asyncio.shield(asyncio.Event().wait())
            except asyncio.CancelledError:  # as a thread, it does not stop at once
                await go_on.wait()
                with pytest.raises(WorkCancelled):
                    token.check()
                stopped.set()

        asked = loop.create_task(caller.ask(queue, work))
        await settled()
        if why == "gone":
            caller.leave()
        with pytest.raises(CallerGone if why == "gone" else TimeoutError):
            await asked
        assert len(queue.running) == 1
        go_on.set()
        await stopped.wait()
        await settled()
        assert queue.running == []

    asyncio.run(test())


def test_a_request_that_is_given_up_from_outside_leaves_no_place_taken():
    async def test():
        queue = WorkQueue(at_once=1)
        asked = [asyncio.create_task(Caller().ask(queue, asyncio.Event().wait)) for _ in range(2)]
        await settled()
        assert (len(queue.running), len(queue.waiting)) == (1, 1)
        for task in asked:
            task.cancel()
        await asyncio.gather(*asked, return_exceptions=True)
        await settled()
        assert (queue.running, queue.waiting) == ([], [])

    asyncio.run(test())
