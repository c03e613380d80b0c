"""How late the event loop is: what is answered in it without a queue waits unseen, in the loop's own."""

import asyncio

TICK = 0.02
"""Seconds between two looks at the clock."""

MAX_LATE = 0.25
"""Seconds that the event loop may be late before some of what it answers itself is sent away."""

MOST_SENT_AWAY = 0.5
"""Share that is sent away at most, at twice `MAX_LATE`: to send away costs half as much as to answer, so that a process
which sent everything away would be late for ever, and answer nothing."""


class LoopWatch:
    """Measures by how many seconds the event loop runs late, as a running mean of its last looks at the clock."""

    def __init__(self) -> None:
        self.late = 0.0
        self._owed = 0.0

    async def run(self) -> None:
        """Look at the clock for ever."""
        loop = asyncio.get_running_loop()
        while True:
            due = loop.time() + TICK
            await asyncio.sleep(TICK)
            self.observe(loop.time() - due)

    def observe(self, late: float) -> None:
        """Take one look at the clock into account: half of it, so that a single slow request does not count."""
        self.late += (max(late, 0.0) - self.late) / 2

    def sends_away(self) -> bool:
        """Whether the request that comes now is one of those that are sent away."""
        share = MOST_SENT_AWAY * min(max(self.late / MAX_LATE - 1.0, 0.0), 1.0)
        self._owed += share
        if self._owed < 1.0:
            return False
        self._owed -= 1.0
        return True
