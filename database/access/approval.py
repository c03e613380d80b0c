"""Approval: whether somebody may approve what is worth so much, and who has to look as well."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Self

from configs.errors import DomainError
from database.access.secrets import name_key


class ApprovalError(DomainError):
    """An approval beyond what somebody may approve: says the limit, and who can."""


@dataclass(frozen=True)
class Approver:
    """Who approves, and within which limits.

    Attributes
    ----------
    may_approve : whether any of their roles approves at all
    limit : most money at once, none: no limit
    four_eyes_above : money above which it takes somebody who has not drafted or changed it, none: never
    """

    name: str
    may_approve: bool = True
    limit: float | None = None
    four_eyes_above: float | None = None

    def at_most(self, limit: float | None) -> Self:
        """The same, within another limit as well; none: the same."""
        if limit is None:
            return self
        lower = limit if self.limit is None else min(self.limit, limit)
        return replace(self, may_approve=self.may_approve and lower != 0, limit=lower)


def check_amount(approver: Approver, amount: float, what: str) -> None:
    """Refuse an approval of an amount of money beyond a person's limit.

    Raises
    ------
    ApprovalError
        When they approve nothing, or less than that.
    """
    if not approver.may_approve:
        raise ApprovalError(f"{what}: {approver.name} may not approve; this takes the role approver")
    if approver.limit is not None and amount > approver.limit:
        raise ApprovalError(
            f"{what} comes to {amount:,.2f}, {approver.name} may approve up to {approver.limit:,.2f}; "
            "somebody with a higher limit can"
        )


def check_four_eyes(approver: Approver, amount: float, changed_by: Collection[str], what: str) -> None:
    """Refuse an approval, of an amount that takes four eyes, by one of those who have drafted or changed it.

    Raises
    ------
    ApprovalError
        When they have.
    """
    above = approver.four_eyes_above
    if above is None or amount <= above:
        return
    if is_among(approver.name, changed_by):
        raise ApprovalError(
            f"{what} comes to {amount:,.2f}, more than {above:,.2f}: {approver.name} has drafted or changed it, so "
            "that somebody else has to approve it"
        )


def is_among(name: str, names: Collection[str]) -> bool:
    """Whether somebody is one of several people, however the name is spelled: who approves among who changed."""
    return name_key(name) in {name_key(each) for each in names}
