"""Secrets: passwords and API keys hashed with argon2, new random ones, and names as they are compared."""

import getpass
import hashlib
import secrets
import threading
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from configs.errors import DomainError

PASSWORD_LENGTH = (12, 1_000)
"""Fewest and most characters of a password."""

NAME_LENGTH = 200

_MOST_SENT = 4 * NAME_LENGTH
"""Characters of a name that are looked at: up to four become one (NFC), and to put marks in order takes the square of
their number, so that a name of 60,000 would take a core for half a minute."""

_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
"""OWASP's parameters of argon2id: about 25 ms and 19 MiB each."""

_AT_ONCE = threading.BoundedSemaphore(2)
"""So many hashes are computed at once in a process: more only take memory."""

_NOBODYS = _HASHER.hash(secrets.token_urlsafe(16))
"""Hash of a password that nobody has, for the time that it takes to refuse a name nobody has."""


class AccessError(DomainError):
    """A user, key or password that cannot be used: says which, and what to give instead."""


def hash_secret(secret: str) -> str:
    """Return the argon2id hash of a secret, with its salt and parameters."""
    with _AT_ONCE:
        return _HASHER.hash(secret)


def verify_secret(stored: str | None, secret: str) -> bool:
    """Whether `secret` is the one whose hash is `stored`; takes the same time where there is none."""
    with _AT_ONCE:
        try:
            return _HASHER.verify(stored or _NOBODYS, secret) and stored is not None
        except (VerificationError, InvalidHashError):
            return False


def check_password(password: str) -> str:
    """Return a password that may be set.

    Raises
    ------
    AccessError
        When it is too short or too long.
    """
    least, most = PASSWORD_LENGTH
    if not least <= len(password) <= most:
        raise AccessError(f"password: has {len(password)} characters, expected {least} to {most:,}")
    return password


def new_secret() -> str:
    """Return a new random secret of 256 bits, in letters that stand in addresses and headers."""
    return secrets.token_urlsafe(32)


def digest(secret: str) -> str:
    """Return the SHA-256 of a random secret, by which it is found: nobody guesses it, so that this need not be slow."""
    return hashlib.sha256(secret.encode()).hexdigest()


def clean_name(text: str) -> str:
    """Return the name of a person or a key as it is kept and shown.

    Raises
    ------
    AccessError
        When it is empty, too long, or has characters that are not seen.
    """
    if len(text) > _MOST_SENT:
        raise AccessError(f"name: {text!r:.60} has {len(text):,} characters, expected 1 to {NAME_LENGTH}")
    name = unicodedata.normalize("NFC", text).strip()
    if not 1 <= len(name) <= NAME_LENGTH:
        raise AccessError(f"name: {name!r:.60} has {len(name)} characters, expected 1 to {NAME_LENGTH}")
    if any(unicodedata.category(letter).startswith("C") for letter in name):
        raise AccessError(f"name: {name!r:.60} has characters that are not seen; leave them out")
    return name


def name_key(name: str) -> str:
    """Return what two spellings of one name have in common: Ada, ADA and ａｄａ are one person."""
    folded = unicodedata.normalize("NFKC", name[:_MOST_SENT]).casefold()
    return unicodedata.normalize("NFKC", folded).strip()[:NAME_LENGTH]


def command_user() -> str:
    """Name of the system's user who runs a command, which keeps passwords and keys, for the audit log."""
    try:
        return f"{getpass.getuser()} (command line)"
    except (KeyError, OSError):  # a container's user without an entry
        return "command line"
