"""The notation of a source: how it writes numbers and dates, as far as the config states or the source shows it."""

from dataclasses import dataclass

from configs.schema import DataConfig

_EVIDENCE = 0.02
"""Share of the values that must agree on a reading: fewer may be typing errors among values that fit both."""


@dataclass(frozen=True)
class Notation:
    """What is known of a source's notation before its columns are looked at; None: nothing.

    Attributes
    ----------
    decimal, thousands : separators of numbers that the config states
    dayfirst : whether the config states that 03/04/2024 is the third of April
    timezone : whose dates count for time stamps (IANA name)
    dot_is_decimal : whether a dot in a number is surely its decimal point: comma-separated files, Parquet, databases
    """

    decimal: str | None = None
    thousands: str | None = None
    dayfirst: bool | None = None
    timezone: str | None = None
    dot_is_decimal: bool = True

    @classmethod
    def of(cls, data: DataConfig, *, dot_is_decimal: bool) -> "Notation":
        """Notation of a source as the config states it; `dot_is_decimal` is what the source shows."""
        return cls(data.decimal, data.thousands, data.dayfirst, data.timezone, dot_is_decimal)

    @property
    def stated_decimal(self) -> str | None:
        """The decimal separator that the config states, or implies by the thousands separator."""
        implied = {".": ",", ",": "."}.get(self.thousands or "")
        return self.decimal or implied


@dataclass(frozen=True)
class Ambiguity:
    """A column that cannot be read in one way: the `position` of a value that shows it, and `why`, with the fix."""

    position: int
    why: str


@dataclass(frozen=True)
class Votes:
    """How many values of a column fit the first reading alone, the second alone, or either with another meaning."""

    first: int
    second: int
    either: int

    def winner(self, stated: int | None = None) -> int | None:
        """The reading that the column has: 0 the first, 1 the second, None where the values do not tell.

        A `stated` reading holds wherever it fits any value; where it fits none, the other is the only one left.
        Without it, values that fit either are read by those that fit one alone: these must be two in a hundred at
        least, and agree but for one typing error, or two in a hundred. Values outside the reading are bad rows.
        """
        alone = (self.first, self.second)
        if stated is not None:
            return stated if alone[stated] + self.either or not alone[1 - stated] else 1 - stated
        most, least = max(alone), min(alone)
        unclear = most < _EVIDENCE * self.either or least > max(1, _EVIDENCE * most) or most == least
        if self.either and unclear:
            return None
        return 0 if self.first >= self.second else 1
