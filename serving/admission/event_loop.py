"""How late the event loop is: what is answered in it without a queue waits unseen, in the loop's own."""

import asyncio

TICK = 0.02
"""Seconds between two looks at the clock."""


class LoopWatch:
    """Measures by how many seconds the event loop runs late, as a running mean of its last looks at the clock."""

    def __init__(self) -> None:
        self.late = 0.0

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
