"""Limits of approval: how much a person with these roles approves, by what is configured and what is their own."""

from collections.abc import Collection

from configs.access import AccessConfig, Role
from database.access.approval import Approver

APPROVING: tuple[Role, ...] = ("buyer", "approver", "admin")
"""Roles that may have limits of approval above nothing."""


def approver_of(
    name: str, roles: Collection[Role], own_limit: float | None, config: AccessConfig
) -> Approver:
    """Within which limits somebody approves: their own, else the highest of their roles; none of them: not at all."""
    limits = [getattr(config.limits, role) for role in APPROVING if role in roles]
    if not limits:
        return Approver(name, may_approve=False)
    known = [limit for limit in limits if limit is not None]
    of_roles = max(known) if len(known) == len(limits) else None
    limit = of_roles if own_limit is None else own_limit
    return Approver(name, may_approve=limit != 0, limit=limit, four_eyes_above=config.four_eyes_above)
