"""A data warning: rows that keep the contract but should not be believed as they are."""

from collections.abc import Iterable
from dataclasses import dataclass

from features.quality.identifiers.id_rules import shown

_NAMED = 5
"""Ids that a warning names; the others are counted."""


@dataclass(frozen=True)
class DataWarning:
    """Rows that keep the contract but should not be believed as they are.

    `kind` is stable for programs; `count` of `total` rows, orders or SKUs are concerned, as `message` says;
    `example` names one; `fix` says what to do.
    """

    kind: str
    table: str
    count: int
    total: int
    message: str
    example: str
    fix: str

    def __str__(self) -> str:
        example = f" For example {self.example}." if self.example else ""
        return f"{self.table}: {self.message}.{example} {self.fix}."


def named(ids: Iterable[object]) -> str:
    """The ids that a data warning is about, by name: the first five, and how many there are beside."""
    names = [shown(str(name)) for name in ids]
    beside = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" and {beside:,} more" if beside > 0 else "")
