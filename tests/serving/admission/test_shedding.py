import asyncio

from serving.admission.shedding import (
    BURST,
    CALM_SECONDS,
    MOST_DELAY,
    OVERLOADED,
    REFUSALS_A_SECOND,
    Shedder,
)


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


async def a_round(shedder: Shedder, asked: int) -> int:
    """How many of those asked in one round of the event loop are taken."""
    taken = sum(shedder.takes() for _ in range(asked))
    await asyncio.sleep(0)
    return taken


def rounds(shedder: Shedder, *asked: int) -> list[int]:
    async def all_of_them() -> list[int]:
        return [await a_round(shedder, each) for each in asked]

    return asyncio.run(all_of_them())


def test_a_burst_is_taken_whole_round_after_round():
    assert rounds(Shedder(Clock()), BURST, BURST, BURST) == [BURST, BURST, BURST]


def test_once_a_burst_is_too_large_few_are_taken_in_a_round_and_always_some():
    assert rounds(Shedder(Clock()), BURST + 1, BURST, 10, OVERLOADED) == [BURST, *[OVERLOADED] * 3]


def test_overload_ends_when_nothing_was_refused_for_a_while():
    clock = Clock()
    shedder = Shedder(clock)
    assert rounds(shedder, BURST + 1) == [BURST]
    clock.now += 0.9 * CALM_SECONDS
    assert rounds(shedder, OVERLOADED + 1) == [OVERLOADED]  # and begins anew
    clock.now += 0.9 * CALM_SECONDS
    assert rounds(shedder, OVERLOADED + 1) == [OVERLOADED]
    clock.now += 1.1 * CALM_SECONDS
    assert rounds(shedder, BURST) == [BURST]


def test_refusals_are_sent_one_after_another_the_first_at_once():
    shedder = Shedder(Clock())
    delays = [shedder.refusal_delay() for _ in range(3)]
    assert delays[0] == 0.0
    assert [round(REFUSALS_A_SECOND * delay) for delay in delays] == [0, 1, 2]


def test_no_refusal_waits_longer_than_the_bound():
    shedder = Shedder(Clock())
    delays = [shedder.refusal_delay() for _ in range(3 * int(REFUSALS_A_SECOND * MOST_DELAY))]
    assert max(delays) <= MOST_DELAY
