"""Verification of the audit log: what was edited, cut off, dated back or put in, as sentences that name the row."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, select

from database.audit.chain import START, AuditRow
from database.audit.files import AuditFileError, AuditFiles, HeadLine
from database.audit.record import FILES_OPTION
from database.audit.recorded_rows import row_problems
from database.audit.table import audit_log
from database.audit.triggers import weakened
from database.schema import utc_now


@dataclass(frozen=True)
class Verified:
    """What a verification came to.

    Attributes
    ----------
    rows : rows of the log that were read
    problems : what is wrong, the first bad row first; none when nothing was tampered with
    behind : sound rows newer than the head file, as a crash right after a transaction leaves them
    """

    rows: int
    problems: tuple[str, ...]
    behind: int

    @property
    def sound(self) -> bool:
        """Whether nothing was found."""
        return not self.problems


def verify(engine: Engine) -> Verified:
    """Verify the audit log against its hashes, its head file, the triggers and the rows it recorded.

    A head that is behind a sound log is written anew: a crash between the two is no tampering.

    Raises
    ------
    AuditFileError
        When the key is missing, without which nothing can be said.
    """
    files: AuditFiles = engine.get_execution_options()[FILES_OPTION]
    key = files.read_key()
    heads, head_problems = _read_heads(files)  # before the log, which may grow meanwhile
    with engine.connect() as connection:
        if connection.dialect.name != "sqlite":
            connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        chain = _Chain(key, heads)
        broken = list(chain.problems(connection))
        problems = broken + head_problems
        problems += [
            f"trigger {name}: is missing, off, or no longer what it was" for name in weakened(connection)
        ]
        problems += () if broken else row_problems(connection)
    behind = max(0, chain.rows - max((line.sequence for line in heads), default=0))
    if behind and not problems and chain.last is not None:
        files.append_head(chain.last)
    return Verified(chain.rows, tuple(problems), behind)


def _read_heads(files: AuditFiles) -> tuple[list[HeadLine], list[str]]:
    try:
        return files.read_head(), []
    except AuditFileError as error:
        return [], [str(error)]


class _Chain:
    """The chain of all rows, read one by one beside the heads that were written of them."""

    def __init__(self, key: bytes, heads: Sequence[HeadLine]) -> None:
        self._key = key
        self._heads: dict[int, set[str]] = {}
        for line in heads:
            self._heads.setdefault(line.sequence, set()).add(line.hash)
        self.rows = 0
        self.last: AuditRow | None = None

    def problems(self, connection: Connection) -> Iterator[str]:
        """What is wrong with the chain, a sentence each, the first bad row first."""
        for row in self._rows(connection):
            problem = self._problem(row)
            if problem:
                yield f"audit_log row {row.sequence}: {problem}"
            self.rows, self.last = self.rows + 1, row
        last = 0 if self.last is None else self.last.sequence
        lost = max(self._heads, default=0)
        if lost > last:
            yield (
                f"audit_log row {last + 1}: is missing with all after it; the head file has {lost} rows: "
                "the end was cut off, or an older database was put back"
            )
        elif not last:
            yield "audit_log row 1: is missing; the log is empty"

    def _rows(self, connection: Connection) -> Iterator[AuditRow]:
        """All rows in their order; one that cannot be read ends them, with a hash that is none."""
        query = select(audit_log).order_by(audit_log.c.sequence).execution_options(yield_per=1000)
        try:
            for found in connection.execute(query).mappings():
                yield AuditRow(**found)
        except (ValueError, TypeError, AttributeError):  # a value of another type than its column's
            before = 0 if self.last is None else self.last.sequence
            yield AuditRow(before + 1, utc_now(), "", "", "", "", "")

    def _problem(self, row: AuditRow) -> str:
        """What is wrong with one row after the last one, empty where nothing is."""
        before = self.last
        expected = 1 if before is None else before.sequence + 1
        if row.sequence != expected:
            return f"follows row {expected - 1}; what was between is missing"
        if row.hash != row.hash_under(self._key):
            return "is not as it was recorded"
        if row.previous != (START if before is None else before.hash):
            return "does not follow from the row before"
        if before is not None and row.at < before.at:
            return f"is dated {row.at:%Y-%m-%d %H:%M:%S}, before the row before"
        if self._heads.get(row.sequence, {row.hash}) != {row.hash}:
            return "is not the one that the head file has; the log was written anew or an older database was put back"
        return ""
