"""Login by name and password: slowed down by failures, and the same whether the name or the password is wrong.

Whoever is logged in changes their own password by it, under the same limits: an open session is not enough.
"""

from sqlalchemy import Engine

from configs.access import AccessConfig
from database.access.login_attempts import begin_attempt, forget_failures, note_failure, note_success
from database.access.secrets import PASSWORD_LENGTH, AccessError, verify_secret
from database.access.sessions import open_session
from database.access.users import Login, change_own_password, find_login
from serving.http.problems import Problem


def log_in(engine: Engine, name: str, password: str, *, address: str, config: AccessConfig) -> str:
    """Log somebody in from an address; returns the token of their new session.

    Raises
    ------
    Problem
        401 when name or password is wrong, 429 with how long to wait after too many failures.
    """
    attempt, found = _attempt(engine, name, password, address)
    if found is None:
        note_failure(engine, name, address)
        raise Problem(401, "login_refused", "name or password is wrong")
    note_success(engine, attempt, found.user.name)
    return open_session(engine, found.user, hours=config.session_hours, address=address)


def change_password(
    engine: Engine, name: str, old: str, new: str, *, address: str, config: AccessConfig
) -> str:
    """Change the password of somebody who is logged in; their sessions end, and the token of a new one is returned.

    Raises
    ------
    Problem
        403 when the old one is wrong, 422 when the new one cannot be used, 429 as `log_in`.
    """
    if new == old:
        raise Problem(422, "password_refused", "the new password is the old one; choose another")
    attempt, found = _attempt(engine, name, old, address)
    if found is None:
        note_failure(engine, name, address, who=name, what="user.password_refused")
        raise Problem(403, "password_refused", "the old password is wrong")
    forget_failures(engine, attempt)
    try:
        user = change_own_password(engine, found, new)
    except AccessError as error:
        raise Problem(422, "password_refused", str(error)) from None
    return open_session(engine, user, hours=config.session_hours, address=address)


def _attempt(engine: Engine, name: str, password: str, address: str) -> tuple[int, Login | None]:
    """Try a password: the attempt's number, and whose it is; none where it is wrong, or is not to be used.

    Raises
    ------
    Problem
        429 with how long to wait after too many failures.
    """
    attempt, wait = begin_attempt(engine, name, address)
    if wait:
        raise Problem(
            429, "login_slowed", f"too many failed logins; try again in {wait} s", retry_after_seconds=wait
        )
    found = find_login(engine, name)
    stored = None if found is None or found.user.disabled_at is not None else found.password_hash
    right = verify_secret(stored, password[: PASSWORD_LENGTH[1] + 1])
    return attempt, found if right else None
