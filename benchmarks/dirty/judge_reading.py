"""Whether reading was right: no good row lost or changed, every row counted, nothing wrong taken in silence."""

from collections.abc import Iterable, Iterator, Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchmarks.dirty.clean_company import CleanCompany, as_texts
from benchmarks.dirty.dirty_company import DirtyCompany
from benchmarks.dirty.dirty_table import DirtyTable, Verdict
from benchmarks.dirty.outcome import Failure
from benchmarks.dirty.table_files import lines
from features.contract.tables import KEYS, TABLES
from features.quality.check_result import CheckResult

Mask = NDArray[np.bool_]
_NTH = "nth of its key"


def judge_reading(company: DirtyCompany, clean: CleanCompany, checked: CheckResult) -> Iterator[Failure]:
    """Failures of what was read from a dirty company's directory."""
    words = new_words(clean.checked, checked)
    for table in company.tables.values():
        said, is_read = _said_of(table.name, words), table.name in checked.origins
        silent = not said and table.name not in checked.quarantine
        if silent and table.named and (table.named == "always" or not is_read):
            yield Failure("nothing said", table.name, "it was read" if is_read else "it was left out")
        if company.reads_otherwise or not is_read:
            continue
        if table.counted:
            yield from _judge_count(table, checked)
        yield from _judge_rows(table, checked, said=said)


def new_words(clean: CheckResult, checked: CheckResult) -> list[tuple[str, str]]:
    """Table and text of each warning, and of what is switched off, that the clean company does not have so."""
    before = {(warning.kind, warning.table): warning.count for warning in clean.warnings}
    found = [
        (warning.table, str(warning))
        for warning in checked.warnings
        if warning.count > before.get((warning.kind, warning.table), 0)
    ]
    off = [sentence for sentence in checked.switched_off if sentence not in clean.switched_off]
    return [*found, *(("", sentence) for sentence in off)]


def _said_of(table: str, words: Iterable[tuple[str, str]]) -> bool:
    return any(table in (of, *text.replace(".", " ").replace(":", " ").split()) for of, text in words)


def _judge_count(table: DirtyTable, checked: CheckResult) -> Iterator[Failure]:
    """Good rows, quarantined rows and those of later days are together all the rows there were."""
    good, bad = checked.rows(table.name), len(checked.quarantine.get(table.name, ()))
    unseen = checked.unseen.get(table.name, 0)
    if good + bad + unseen != len(table):
        yield Failure(
            "rows miscounted", table.name, f"{good} good + {bad} bad + {unseen} later, of {len(table)}"
        )


def _judge_rows(table: DirtyTable, checked: CheckResult, *, said: bool) -> Iterator[Failure]:
    """Every row has its values, or stands in quarantine, or something is said of what was changed in it."""
    read = _as_counted(getattr(checked.tables, table.name))
    if read.equals(table.meant) and not any(
        (cells == Verdict.WRONG).any() for cells in table.verdicts.values()
    ):
        return
    held = _held(table, checked)
    key = list(KEYS.get(table.name, [c for c in TABLES[table.name] if c in table.clean.typed]))
    if table.name in KEYS and read.duplicated(key).any():
        yield Failure(
            "silent wrong", f"{table.name} key", f"{read.duplicated(key).sum()} keys stand there twice"
        )
    place = _places(table.meant, read, key)
    key_verdict = np.max([table.verdicts[column] for column in key], axis=0)
    yield from _lost(table, key, (place < 0) & ~held & (key_verdict == Verdict.SAME), "lost row")
    touched = np.isin(key_verdict, [Verdict.MEANT]) & (place < 0) & ~held & (not said)
    yield from _lost(table, key, touched, "silent wrong")
    yield from _not_held(table, key, key_verdict, held, said=said)
    found = (place >= 0) & ~held & (key_verdict <= Verdict.MEANT)
    for column in [column for column in table.meant.columns if column in read.columns and column not in key]:
        got = read[column].reindex(place).reset_index(drop=True)
        differs = found & ~_equal(table.meant[column], got)
        if (
            column not in TABLES[table.name]
        ):  # of no kind by the contract: one word among numbers makes all words
            differs &= as_texts(table.meant[column]) != as_texts(got)
        yield from _judge_cells(table, column, got, {"differs": differs, "found": found}, said=said)


def _as_counted(read: pd.DataFrame) -> pd.DataFrame:
    """Stock as it was counted: it is rolled forward to the day of the data."""
    return read.assign(on_hand=read["counted"]) if "counted" in read and "on_hand" in read else read


def _held(table: DirtyTable, checked: CheckResult) -> Mask:
    """Whether each row stands in quarantine; where rows cannot be counted, any of them may."""
    if table.name not in checked.quarantine:
        return np.zeros(len(table), bool)
    held = lines(table).isin(checked.quarantine[table.name]["source_line"])
    return held if table.counted else np.ones(len(table), bool)


def _places(meant: pd.DataFrame, read: pd.DataFrame, key: list[str]) -> NDArray[np.int64]:
    """Position in `read` of each row of `meant` by its key, the nth of a key with the nth; −1: not there."""
    left = meant[key].assign(**{_NTH: meant.groupby(key, dropna=False).cumcount()})
    right = read[key].assign(
        **{_NTH: read.groupby(key, dropna=False).cumcount(), "place": np.arange(len(read))}
    )
    found = left.merge(right, "left", [*key, _NTH])["place"]
    return np.asarray(found.fillna(-1), np.int64)


def _lost(table: DirtyTable, key: list[str], rows: Mask, kind: str) -> Iterator[Failure]:
    if rows.any():
        first = int(np.flatnonzero(rows)[0])
        values = table.meant[key].iloc[first].tolist()
        yield Failure(kind, table.name, f"{rows.sum()} rows are neither good nor quarantined, first {values}")


def _not_held(
    table: DirtyTable, key: list[str], verdict: NDArray[np.int8], held: Mask, *, said: bool
) -> Iterator[Failure]:
    """A row whose key is wrong has to be quarantined."""
    rows = (verdict == Verdict.WRONG) & ~held
    if rows.any() and not said:
        first = int(np.flatnonzero(rows)[0])
        cells = [table.cells[column][first] for column in key if column in table.cells]
        yield Failure(
            "silent wrong", f"{table.name} key", f"{rows.sum()} rows are taken, first {cells!r}"[:200]
        )


def _judge_cells(
    table: DirtyTable, column: str, got: pd.Series, rows: Mapping[str, Mask], *, said: bool
) -> Iterator[Failure]:
    verdict, where = table.verdicts[column], f"{table.name}.{column}"
    changed = rows["differs"] & (verdict == Verdict.SAME)
    wrong = rows["differs"] & (verdict == Verdict.MEANT) & (not said)
    taken = rows["found"] & (verdict == Verdict.WRONG) & (not said)
    for kind, mask in (("changed row", changed), ("silent wrong", wrong), ("silent wrong", taken)):
        if mask.any():
            row = int(np.flatnonzero(mask)[0])
            written = table.cells[column][row] if column in table.cells else "no column"
            values = f"{written!r} read as {got.iloc[row]!r}, meant {table.meant[column].iloc[row]!r}"
            yield Failure(kind, where, f"{mask.sum()} rows, first {values}"[:300])


def _equal(meant: pd.Series, got: pd.Series) -> Mask:
    """Whether values are the same, missing ones included."""
    missing = meant.isna().to_numpy() & got.isna().to_numpy()
    with np.errstate(invalid="ignore"):
        same = (meant.astype(object) == got.astype(object)).fillna(False).to_numpy(bool)
    return np.asarray(missing | same)
