"""The budget of a search for boosting parameters: a time or a number of trials."""

import re
from dataclasses import dataclass
from typing import Self

from configs.errors import DomainError

_SECONDS = {"s": 1.0, "m": 60.0, "h": 3600.0}


class BudgetError(DomainError):
    """A budget that cannot be read: says what is expected."""


@dataclass(frozen=True)
class Budget:
    """Budget of a search, in seconds or in trials; the other is None.

    Only a number of trials gives the same result on any machine.
    """

    seconds: float | None = None
    trials: int | None = None

    @classmethod
    def parse(cls, text: str) -> Self:
        """Parse the search budget `90s`, `20m`, `1h` or `30trials`.

        Raises
        ------
        BudgetError
            When it is none of these.
        """
        found = re.fullmatch(r"([1-9]\d*) ?(s|m|h|trials?)", text.strip())
        if found is None:
            raise BudgetError(
                f"--tune {text}: expected a time such as 90s, 20m or 1h, or trials such as 30trials"
            )
        number, unit = int(found[1]), found[2]
        return cls(trials=number) if unit not in _SECONDS else cls(seconds=number * _SECONDS[unit])

    def share(self, seconds: float, trials: int) -> float:
        """Share of the budget that is used up, 0 … 1, after so many seconds and trials."""
        used = trials / self.trials if self.trials is not None else seconds / (self.seconds or 1.0)
        return min(used, 1.0)
