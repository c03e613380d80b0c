"""The state table `api_keys`: keys of programs and of people, `pv_PREFIX_SECRET`, of which only hashes are kept."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hmac import compare_digest
from typing import Any

from sqlalchemy import Connection, Engine, RowMapping, Select, or_, select

from configs.access import Role
from database.access.secrets import (
    AccessError,
    clean_name,
    command_user,
    digest,
    hash_secret,
    name_key,
    new_secret,
    verify_secret,
)
from database.access.tables import api_keys, users
from database.access.users import checked_limit
from database.audit.access_rows import states
from database.audit.record import record
from database.engine import write_transaction
from database.schema import utc_now

_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"
_PREFIX_LENGTH = 8


@dataclass(frozen=True)
class ApiKey:
    """An API key, without its secret. A key with an `owner` asks in that person's name, while they may.

    Attributes
    ----------
    prefix : what it begins with, by which people know it again
    roles : what it may do; with an owner no more than they may
    approval_limit : most that is approved with it at once, none: that of its roles; with an owner no more than they may
    owner_limit : the owner's own limit in the place of their roles', none: they have none
    barred : why it opens nothing: revoked, expired, its owner disabled; empty where it does
    """

    id: int
    prefix: str
    name: str
    owner: str | None
    roles: tuple[Role, ...]
    approval_limit: float | None
    owner_limit: float | None
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    barred: str


def add_key(
    engine: Engine,
    name: str,
    roles: Sequence[Role],
    *,
    owner: str | None = None,
    expires_at: datetime | None = None,
    approval_limit: float | None = None,
) -> tuple[ApiKey, str]:
    """Add a key; returns it and its secret text, which is shown this once and kept nowhere.

    Raises
    ------
    AccessError
        When a key of that name is in use, or nobody is called like its owner.
    """
    name = clean_name(name)
    row = {"name": name, "roles": sorted(set(roles)), "approval_limit": checked_limit(approval_limit)}
    with write_transaction(engine) as connection:
        used = connection.execute(_query().where(api_keys.c.name == name)).mappings()
        if any(not _key(each).barred for each in used):
            raise AccessError(f"name: there is a key {name} already; `purvey keys rotate {name}` renews it")
        if owner is not None:
            found = connection.execute(select(users.c.id).where(users.c.name_key == name_key(owner))).scalar()
            if found is None:
                raise AccessError(f"owner: nobody is called {owner!r:.60}; add them by `purvey users add`")
            row["owner_id"] = found
        return _insert(connection, row | {"expires_at": expires_at}, "key.add")


def rotate_key(
    engine: Engine, name: str, *, keep_for: timedelta, expires_at: datetime | None = None
) -> tuple[ApiKey, str]:
    """Replace a key by a new one of the same name and roles; the old one opens for `keep_for` longer.

    Raises
    ------
    AccessError
        When no key of that name is in use.
    """
    with write_transaction(engine) as connection:
        found = connection.execute(_query().where(_is(name)).order_by(api_keys.c.id.desc())).mappings()
        open_keys = [row for row in found if not _key(row).barred]
        if not open_keys:
            raise AccessError(f"name: no key {name!r:.60} is in use; `purvey keys list` shows them")
        last = open_keys[0]
        until = utc_now() + keep_for
        ids = [row["id"] for row in open_keys if row["expires_at"] is None or row["expires_at"] > until]
        connection.execute(api_keys.update().where(api_keys.c.id.in_(ids)).values(expires_at=until))
        kept = {each: last[each] for each in ("name", "owner_id", "roles", "approval_limit")}
        return _insert(connection, kept | {"expires_at": expires_at}, "key.rotate", ids)


def revoke_key(engine: Engine, name: str) -> int:
    """Revoke all keys of a name, or the one with a prefix; returns how many were in use.

    Raises
    ------
    AccessError
        When there is none.
    """
    with write_transaction(engine) as connection:
        found = list(connection.execute(_query().where(_is(name))).mappings())
        if not found:
            raise AccessError(f"name: there is no key {name!r:.60}; `purvey keys list` shows them")
        ids = [row["id"] for row in found if row["revoked_at"] is None]
        connection.execute(api_keys.update().where(api_keys.c.id.in_(ids)).values(revoked_at=utc_now()))
        prefixes = [row["prefix"] for row in found if row["revoked_at"] is None]
        record(
            connection,
            who=command_user(),
            what="key.revoke",
            subject=f"api_keys/{name}",
            detail={"prefixes": prefixes} | states(connection, api_keys, ids),
        )
    return sum(not _key(row).barred for row in found)


def list_keys(engine: Engine) -> list[ApiKey]:
    """Return all keys, those that open nothing any more as well, by name and age."""
    with engine.connect() as connection:
        rows = connection.execute(_query().order_by(api_keys.c.name, api_keys.c.id)).mappings()
        return [_key(row) for row in rows]


def find_key(engine: Engine, presented: str) -> ApiKey | None:
    """Return the key whose text was presented, none where it is nobody's; `barred` says whether it opens.

    A wrong one costs one look into the table: only what agrees with 64 bits of the secret's SHA-256, and would open, is
    hashed slowly.
    """
    prefix, secret = _parts(presented)
    with engine.connect() as connection:
        row = connection.execute(_query().where(api_keys.c.prefix == prefix)).mappings().one_or_none()
    if row is None or not compare_digest(row["key_check"], digest(secret)[:16]):
        return None
    key = _key(row)
    return key if key.barred or verify_secret(row["key_hash"], secret) else None


def reload_key(engine: Engine, key_id: int) -> ApiKey | None:
    """Return a key as it stands now."""
    with engine.connect() as connection:
        row = connection.execute(_query().where(api_keys.c.id == key_id)).mappings().one_or_none()
    return None if row is None else _key(row)


def note_use(engine: Engine, key_id: int) -> None:
    """Remember that a key was used now."""
    with write_transaction(engine) as connection:
        connection.execute(api_keys.update().where(api_keys.c.id == key_id).values(last_used_at=utc_now()))


def _parts(presented: str) -> tuple[str, str]:
    """Prefix and secret of a key's text; empty where it is none."""
    kind, _, rest = presented.partition("_")
    prefix, _, secret = rest.partition("_")
    return (prefix, secret) if kind == "pv" and len(prefix) == _PREFIX_LENGTH and secret else ("", "")


def _insert(
    connection: Connection, row: dict[str, Any], what: str, replaced: Sequence[int] = ()
) -> tuple[ApiKey, str]:
    """Add a key's row, with a new prefix and secret, and record it; `replaced`: ids of keys that end for it."""
    prefix = "".join(secrets.choice(_LETTERS) for _ in range(_PREFIX_LENGTH))
    secret = new_secret()
    hashes = {"prefix": prefix, "key_check": digest(secret)[:16], "key_hash": hash_secret(secret)}
    added = api_keys.insert().values(row | hashes | {"created_at": utc_now()}).returning(api_keys.c.id)
    key_id = connection.execute(added).scalar_one()
    found = connection.execute(_query().where(api_keys.c.id == key_id)).mappings().one()
    key = _key(found)
    detail = {"prefix": prefix, "roles": key.roles, "owner": key.owner, "expires_at": str(key.expires_at)}
    detail |= states(connection, api_keys, [*replaced, key_id])
    record(connection, who=command_user(), what=what, subject=f"api_keys/{key.name}", detail=detail)
    return key, f"pv_{prefix}_{secret}"


def _is(name: str) -> Any:
    """Condition of the keys of a name, or the one with that prefix."""
    return or_(api_keys.c.name == name, api_keys.c.prefix == name.removeprefix("pv_"))


def _query() -> Select[Any]:
    """Select keys with their owners."""
    owner = users.alias("owner")
    extra = [
        owner.c.name.label("owner"),
        owner.c.roles.label("owner_roles"),
        owner.c.approval_limit.label("owner_limit"),
        owner.c.disabled_at.is_not(None).label("owner_disabled"),
    ]
    return select(api_keys, *extra).select_from(api_keys.outerjoin(owner, owner.c.id == api_keys.c.owner_id))


def _key(row: RowMapping) -> ApiKey:
    """The key of a row, as it opens now."""
    roles = set(row["roles"])
    if row["owner_id"] is not None:
        roles &= set(row["owner_roles"])
    return ApiKey(
        id=row["id"],
        prefix=row["prefix"],
        name=row["name"],
        owner=row["owner"],
        roles=tuple(sorted(roles)),
        approval_limit=row["approval_limit"],
        owner_limit=row["owner_limit"],
        created_at=row["created_at"],
        expires_at=row["expires_at"],
        last_used_at=row["last_used_at"],
        barred=_barred(row),
    )


def _barred(row: RowMapping) -> str:
    """Why a key opens nothing, empty where it does."""
    if row["revoked_at"] is not None:
        return "revoked"
    if row["expires_at"] is not None and row["expires_at"] <= utc_now():
        return "expired"
    return f"its owner {row['owner']} is disabled" if row["owner_disabled"] else ""
