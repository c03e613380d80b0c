"""Key and head of the audit log, outside the database: whoever can write only one of the two is found out."""

import fcntl
import hashlib
import hmac
import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from configs.errors import DomainError
from database.audit.chain import AuditRow, canonical_json, utc_text


class AuditFileError(DomainError):
    """Key or head of the audit log that cannot be used: names the file and the fix."""


@dataclass(frozen=True)
class HeadLine:
    """One line of the head file: the number and the hash that a row of the log had when it was written."""

    sequence: int
    hash: str


@dataclass(frozen=True)
class AuditFiles:
    """Where key and head of an audit log are; every process that writes into one log has the same ones."""

    key: Path
    head: Path

    @classmethod
    def of_home(cls, home: Path, head: Path | None = None) -> "AuditFiles":
        """Key and head in a home; the head elsewhere where its file is named."""
        return cls(home / "audit.key", head or home / "audit.head")

    def make(self) -> None:
        """Make the key and an empty head file, only for their owner; those that are there stay."""
        self.key.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.head.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        incoming = self.key.with_name(f".{self.key.name}-{secrets.token_hex(8)}")
        try:
            _append(incoming, secrets.token_hex(32).encode() + b"\n")
            os.link(incoming, self.key)  # whole or not at all, and only the first process makes it
        except FileExistsError:
            pass
        finally:
            incoming.unlink(missing_ok=True)
        os.close(_open(self.head))
        for folder in {self.key.parent, self.head.parent}:
            _flush_folder(folder)

    def read_key(self) -> bytes:
        """The key that signs rows and heads.

        Raises
        ------
        AuditFileError
            When it is missing or no key.
        """
        fix = "put it back from a backup; without it nothing can be recorded or verified"
        try:
            return _key_bytes(self.key.read_text(encoding="ascii"))
        except OSError as error:
            raise AuditFileError(
                f"{self.key}: the audit log's key is missing ({error.strerror}); {fix}"
            ) from None
        except ValueError:
            raise AuditFileError(f"{self.key}: not a key of 64 hexadecimal digits; {fix}") from None

    def append_head(self, row: AuditRow) -> None:
        """Write the row as the log's head: signed and flushed, after what a crash left of a line is cut off."""
        facts = {"sequence": row.sequence, "at": utc_text(row.at), "hash": row.hash}
        line = canonical_json(facts | {"signature": _signature(self.read_key(), facts)})
        _append(self.head, line.encode() + b"\n")

    def read_head(self) -> list[HeadLine]:
        """All lines of the head file; a last one without its end is what a crash left, and is none.

        Raises
        ------
        AuditFileError
            When the file is missing, or a line is not one that was signed with the key.
        """
        try:
            lines = self.head.read_bytes().split(b"\n")[:-1]
        except OSError as error:
            raise AuditFileError(f"{self.head}: the audit log's head is missing ({error.strerror})") from None
        key = self.read_key()
        return [self._head_line(number, line, key) for number, line in enumerate(lines, start=1)]

    def _head_line(self, number: int, line: bytes, key: bytes) -> HeadLine:
        try:
            facts = json.loads(line)
            signature = facts.pop("signature")
            if hmac.compare_digest(signature, _signature(key, facts)):
                return HeadLine(int(facts["sequence"]), str(facts["hash"]))
        except (ValueError, KeyError, TypeError, AttributeError):
            pass
        raise AuditFileError(f"{self.head} line {number}: not as it was signed")


def _key_bytes(text: str) -> bytes:
    key = bytes.fromhex(text.strip())
    if len(key) != 32:
        raise ValueError
    return key


def _signature(key: bytes, facts: dict[str, object]) -> str:
    return hmac.digest(key, b"head " + canonical_json(facts).encode(), hashlib.sha256).hex()


def _open(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)


def _flush_folder(folder: Path) -> None:
    """Flush the names of new files to the disk."""
    file = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(file)
    finally:
        os.close(file)


def _append(path: Path, line: bytes) -> None:
    """Add a whole line to a file that several processes write, and flush it to the disk."""
    file = _open(path)
    try:
        fcntl.flock(file, fcntl.LOCK_EX)
        _cut_torn_line(file)
        written = os.write(file, line)
        if written != len(line):
            raise OSError(f"{path}: only {written} of {len(line)} bytes were written")
        os.fsync(file)
    finally:
        os.close(file)


def _cut_torn_line(file: int) -> None:
    """Cut off a last line without its end."""
    size = os.fstat(file).st_size
    tail = os.pread(file, min(size, 4096), max(0, size - 4096))
    if tail and not tail.endswith(b"\n"):
        os.ftruncate(file, size - len(tail) + tail.rfind(b"\n") + 1)
