"""An override stored or ended, as of the business day."""

from collections.abc import Mapping
from typing import Any

from database import overrides
from database.access.secrets import NAME_LENGTH
from database.overrides import Override, OverrideConflictError, UnknownOverrideError
from serving.http.problems import Problem
from serving.overrides.read_override import TEXT_LENGTH, read_override
from serving.state.business_day import business_day
from serving.state.follower import Follower


def store_override(follower: Follower, fields: Mapping[str, Any], author: str) -> tuple[Override, bool]:
    """Store a new override; returns it and whether it is new: the same again is the one that stands already.

    Raises
    ------
    Problem
        422 where it breaks a rule; 503 when model or database are not usable.
    """
    served = follower.current()
    values = read_override(fields, served, author=author, today=business_day(served.run))
    return overrides.add_override(follower.engine, values)


def end_override(follower: Follower, override_id: str, *, who: str, reason: str) -> tuple[Override, bool]:
    """End an override; returns it and whether this ended it.

    Raises
    ------
    Problem
        404 when nobody ever entered it, 409 when it is of the company's table or somebody else has ended it.
    """
    if max(len(who) - NAME_LENGTH, len(reason) - TEXT_LENGTH) > 0 or "\x00" in who + reason:
        raise Problem(422, "invalid_override", f"reason: {TEXT_LENGTH:,} plain characters are the most")
    served = follower.current()
    given = None if served.snapshot is None else served.snapshot.overrides
    if given is not None and override_id in set(given["override_id"][given["source"] == "table"]):
        detail = "it comes from the company's table overrides; take its row out there, and plan again"
        raise Problem(409, "override_of_table", detail)
    number = int(override_id) if override_id.isdecimal() and len(override_id) < 10 else -1
    try:
        return overrides.end_override(follower.engine, number, who=who.strip(), reason=reason.strip())
    except UnknownOverrideError:
        detail = f"nobody ever entered an override {override_id:.60}"
        raise Problem(404, "unknown_override", detail) from None
    except OverrideConflictError as error:
        raise Problem(409, "ended_meanwhile", str(error)) from None
