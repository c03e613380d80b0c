"""Load shedding: how many requests the event loop takes in one round, and how soon the others are told to come later.

To refuse costs a tenth of what a looked up answer does, so that ten times too much cannot be refused as fast as it
comes and leave time for answers. What is refused is therefore told so at a bounded rate: whoever asks again at once,
without waiting for `Retry-After`, waits for the next refusal instead.
"""

import asyncio
import time
from collections.abc import Callable

BURST = 32
"""Requests taken in one round of the event loop: some 15 ms of looked up answers. More is overload."""

OVERLOADED = 4
"""Requests taken in one round in overload: the core stays busy, and nobody waits behind more than these."""

CALM_SECONDS = 0.25
"""Overload lasts until nothing had to be refused for so long."""

REFUSALS_A_SECOND = 500
"""Refusals sent a second: 2 to 4 % of a core."""

MOST_DELAY = 1.0
"""Seconds within which a refusal is sent all the same."""


class Shedder:
    """Says of each request whether it is taken, by how many were in this round of the event loop.

    All that lies ready is read in one round, and worked on in the next: what was read is what each of it waits for.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.taken = 0
        self._clock = clock
        self._overloaded_until = 0.0
        self._next_refusal = 0.0

    def takes(self) -> bool:
        """Whether the request that was read just now, within the event loop, is taken."""
        now = self._clock()
        if self.taken >= (OVERLOADED if now < self._overloaded_until else BURST):
            self._overloaded_until = now + CALM_SECONDS
            return False
        if not self.taken:
            asyncio.get_running_loop().call_soon(self._begin_round)
        self.taken += 1
        return True

    def refusal_delay(self) -> float:
        """Seconds after which the next refusal is to be sent."""
        now = self._clock()
        due = min(max(self._next_refusal, now), now + MOST_DELAY)
        self._next_refusal = due + 1.0 / REFUSALS_A_SECOND
        return due - now

    def _begin_round(self) -> None:
        self.taken = 0
