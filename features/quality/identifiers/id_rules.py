"""Rules for ids: no line breaks and invisible characters, nothing a spreadsheet or an encoding has spoilt."""

import re
import unicodedata
from collections.abc import Callable

import pyarrow as pa
import pyarrow.compute as pc

from features.contract.tables import TABLES
from features.quality.table_check import TableCheck

ID_COLUMNS = (
    *("unique_id", "supplier_id", "order_id", "line", "replaces", "override_id"),
    *("contract_id", "invoice_id", "lot_id", "site", "bin"),
)
LONGEST = 255
"""Characters of an id at most: longer ones are text that got into the wrong column."""

_BLANK_LETTERS = "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"
"""Characters that Unicode counts as letters or marks and fonts show as nothing."""
_JOINERS = "\u200c\u200d"
_SHORTENED = re.compile(r"\d([.,]\d+)?E\+\d\d")
_SUSPECT = rf"[\p{{Cc}}\p{{Cf}}\p{{Zl}}\p{{Zp}}\x{{FFFD}}{_BLANK_LETTERS}]|^\.+$|^\d([.,]\d+)?E\+\d\d$"


def check_ids(check: TableCheck) -> None:
    """Reject rows whose ids hide characters, were spoilt on their way, are too long, or are no address (`..`)."""
    for column in ID_COLUMNS:
        if column in TABLES[check.name] and column in check.raw.frame.columns:
            _check_column(check, column)


def _check_column(check: TableCheck, column: str) -> None:
    """Reject the rows whose id in `column` breaks a rule, by its distinct values."""
    # not pandas' `unique`: it takes texts for the same that differ after a NUL only
    names = pa.array(check.frame[column], pa.string(), from_pandas=True).unique()
    suspect = pc.or_(pc.match_substring_regex(names, _SUSPECT), pc.greater(pc.utf8_length(names), LONGEST))
    found = {name: _fault(name) for name in names.filter(suspect).to_pylist() if name is not None}
    for rule in sorted({fault[0] for fault in found.values() if fault}):
        what = {name: fault[1] for name, fault in found.items() if fault and fault[0] == rule}
        mask = check.frame[column].isin(list(what)).to_numpy(bool)
        check.reject(mask, f"{column} {rule}", _reason(check, column, what))
    if found:  # the row stays out, and is seen as one of the id that a reader sees
        seen = check.frame[column].map(lambda name: visible(name) or None if name in found else name)
        check.frame[column] = seen.astype(object)


def _reason(check: TableCheck, column: str, what: dict[str, str]) -> Callable[[int], str]:
    """The reason of a row: its id with everything visible, and what is wrong with it."""
    ids = check.frame[column].to_numpy(object)
    return lambda row: f"{column} is {shown(ids[row])}, {what[ids[row]]}"


def _fault(name: str) -> tuple[str, str] | None:
    """The rule that an id breaks, and what to do about it; none where it only looked like that."""
    if len(name) > LONGEST:
        return f"has at most {LONGEST} characters", f"{len(name):,} characters long; give the id alone"
    if _SHORTENED.fullmatch(name):
        return (
            "is written out",
            "a number that a spreadsheet has shortened; export the column as text, and the whole number",
        )
    if not name.strip("."):
        return "is more than dots", "which is no name of a web page; give another id"
    if "\ufffd" in name:
        return "is readable", "in which a character was lost; export the file as UTF-8"
    hidden = next((character for place, character in enumerate(name) if _is_hidden(name, place)), None)
    if hidden is None:
        return None
    return "has no invisible characters", f"with {_name(hidden)} in it; remove it"


def _is_hidden(name: str, place: int) -> bool:
    """Whether nobody sees the character at `place`; the joiners of emoji and of Persian and Indic words are seen."""
    character = name[place]
    if character in _JOINERS and 0 < place < len(name) - 1:
        return name[place - 1].isascii() or name[place + 1].isascii()
    return character in _BLANK_LETTERS or unicodedata.category(character) in ("Cc", "Cf", "Zl", "Zp")


def visible(name: str) -> str:
    """The id as it is seen: without the characters that nobody sees."""
    return "".join(character for place, character in enumerate(name) if not _is_hidden(name, place)).strip()


def _name(character: str) -> str:
    """An invisible character as a message names it: `a line break`, `U+200B (zero width space)`."""
    if character in "\n\r\u2028\u2029":
        return "a line break"
    if character == "\t":
        return "a tab"
    name = unicodedata.name(character, "control character").lower()
    return f"U+{ord(character):04X} ({name})"


def shown(name: str, *, ascii_only: bool = False) -> str:
    """An id as a message shows it: with escapes where it has anything that cannot be seen or typed."""
    visible = name.isprintable() and not any(character in _BLANK_LETTERS for character in name)
    if ascii_only or not visible:
        name = ascii(name)
    elif "  " in name:
        name = repr(name)
    return name if len(name) <= 60 else f"{name[:57]}…"
