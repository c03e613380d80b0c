"""Identity from an API key: checked by argon2 once a minute, looked up every two seconds, remembered in between."""

import logging
from collections.abc import Callable

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from configs.access import AccessConfig
from database.access.api_keys import ApiKey, find_key, note_use, reload_key
from database.access.approval import Approver
from database.access.secrets import digest
from serving.http.person import Person
from serving.http.problems import Problem
from serving.identity.limits import approver_of
from serving.identity.remembered import Remembered

log = logging.getLogger("purvey.serving")

CHECKED_SECONDS = 60.0
"""How long a key that argon2 has found right is known again by its SHA-256."""

FRESH_SECONDS = 2.0
"""How long a key is taken to be in force without another look: as long as one that is revoked still opens."""

MOST_FAILURES = 20
"""Wrong keys from one address in a minute before the next one is told to wait. Right ones never are: behind a proxy all
share an address, and a wrong key costs no more than a look into the table."""


class ApiKeys:
    """Finds the person of an API key; one for a process."""

    def __init__(self, engine: Callable[[], Engine]) -> None:
        self._engine = engine
        self._checked: Remembered[int] = Remembered(CHECKED_SECONDS)
        self._fresh: Remembered[Person] = Remembered(FRESH_SECONDS)
        self._failures: Remembered[int] = Remembered(60.0)

    def known(self, presented: str) -> Person | None:
        """Return the person of a key that was looked up just now; none where it has to be `find`."""
        return self._fresh.get(digest(presented))

    def find(self, presented: str, address: str, config: AccessConfig) -> Person:
        """Return the person who asks by a key from an address.

        Raises
        ------
        Problem
            401 when it is nobody's key, or opens no more; 429 when too many such came from there.
        """
        name = digest(presented)
        known = self._checked.get(name)
        key = find_key(self._engine(), presented) if known is None else reload_key(self._engine(), known)
        if key is None or key.barred:
            self._checked.forget(name)
            self._count_failure(address)
            why = "is not known" if key is None else f"pv_{key.prefix}… is {_why(key)}"
            raise Problem(401, "key_refused", f"the API key {why}; ask for a new one (`purvey keys`)")
        if known is None:
            self._checked.put(name, key.id)
            self._note_use(key)
        approver = _approver(key, config)
        person = Person(f"key:{key.prefix}", approver.name, frozenset(key.roles), "key", approver)
        self._fresh.put(name, person)
        return person

    def _count_failure(self, address: str) -> None:
        """Count a wrong key from an address.

        Raises
        ------
        Problem
            429 when there were too many lately.
        """
        failures = self._failures.get(address) or 0
        if failures >= MOST_FAILURES:
            raise Problem(
                429, "too_many_failures", "too many wrong keys came from there; try again in a minute"
            )
        self._failures.put(address, failures + 1)

    def _note_use(self, key: ApiKey) -> None:
        """Remember when the key was used; a database that is locked must not keep its owner out."""
        try:
            note_use(self._engine(), key.id)
        except SQLAlchemyError as error:
            log.warning("use of key pv_%s… not noted: %s", key.prefix, error)


def _approver(key: ApiKey, config: AccessConfig) -> Approver:
    """Within which limits a key approves: its own, else those of its roles; a person's key within theirs as well."""
    if key.owner is None:
        return approver_of(f"key {key.name}", key.roles, key.approval_limit, config)
    return approver_of(key.owner, key.roles, key.owner_limit, config).at_most(key.approval_limit)


def _why(key: ApiKey) -> str:
    return key.barred if key.barred in {"revoked", "expired"} else "out of force"
