"""The chain of the audit log: each row's hash is over its content, its number and the hash of the row before."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

START = "0" * 64
"""What stands in the place of the hash before the first row."""


@dataclass(frozen=True)
class AuditRow:
    """One row of the table `audit_log`; `detail` is JSON text as `canonical_json` writes it."""

    sequence: int
    at: datetime
    who: str
    what: str
    subject: str
    detail: str
    previous: str
    hash: str = ""

    def signed(self, key: bytes) -> "AuditRow":
        """The row with its hash, as whoever has the key makes it."""
        return replace(self, hash=self.hash_under(key))

    def hash_under(self, key: bytes) -> str:
        """HMAC-SHA256 of all that the row says, in hex: without the key nobody makes a row that fits."""
        content = [
            self.sequence,
            utc_text(self.at),
            self.who,
            self.what,
            self.subject,
            self.detail,
            self.previous,
        ]
        return hmac.digest(key, canonical_json(content).encode(), hashlib.sha256).hex()


def canonical_json(value: Any) -> str:
    """JSON text on one line that is the same for equal values: keys sorted, ASCII only, what JSON lacks as text."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), default=_text)


def row_digest(row: Mapping[Any, Any]) -> str:
    """SHA-256 of all that a row of a table holds."""
    return hashlib.sha256(canonical_json(dict(row)).encode()).hexdigest()


def utc_text(at: datetime) -> str:
    """A moment as the chain hashes it: ISO 8601 in UTC, whatever zone it came in."""
    return at.astimezone(UTC).isoformat()


def _text(value: Any) -> str:
    return utc_text(value) if isinstance(value, datetime) else str(value)
