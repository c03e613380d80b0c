"""A data warning: rows that keep the contract but should not be believed as they are."""

from dataclasses import dataclass


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
