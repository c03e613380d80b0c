"""Login by name and password: slowed down by failures, and the same whether the name or the password is wrong."""

from sqlalchemy import Engine

from configs.access import AccessConfig
from database.access.login_attempts import begin_attempt, note_failure, note_success
from database.access.secrets import PASSWORD_LENGTH, verify_secret
from database.access.sessions import open_session
from database.access.users import find_login
from serving.http.problems import Problem


def log_in(engine: Engine, name: str, password: str, *, address: str, config: AccessConfig) -> str:
    """Log somebody in from an address; returns the token of their new session.

    Raises
    ------
    Problem
        401 when name or password is wrong, 429 with how long to wait after too many failures.
    """
    attempt, wait = begin_attempt(engine, name, address)
    if wait:
        raise Problem(
            429, "login_slowed", f"too many failed logins; try again in {wait} s", retry_after_seconds=wait
        )
    found = find_login(engine, name)
    stored = None if found is None or found.user.disabled_at is not None else found.password_hash
    right = verify_secret(stored, password[: PASSWORD_LENGTH[1] + 1])
    if found is None or not right:
        note_failure(engine, name, address)
        raise Problem(401, "login_refused", "name or password is wrong")
    note_success(engine, attempt, found.user.name)
    return open_session(engine, found.user, hours=config.session_hours, address=address)
