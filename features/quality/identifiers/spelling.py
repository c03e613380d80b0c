"""Spelling of ids: what two spellings of one id have in common, and by what they differ."""

import re
import unicodedata
from collections.abc import Callable

import pandas as pd

from features.quality.identifiers.id_rules import shown

_WHOLE = re.compile(r"0*(\d+?)(\.0+)?")
_VARIATION_SELECTORS = range(0xFE00, 0xFE10)


def _visible(text: str) -> str:
    """The text without characters of format, such as marks of direction, and without variants of a character."""
    return "".join(c for c in text if unicodedata.category(c) != "Cf" and ord(c) not in _VARIATION_SELECTORS)


def _number(text: str) -> str:
    """A whole number as it is counted, `007` and `7.0` as `7`; any other text as it is."""
    found = _WHOLE.fullmatch(text)
    return found[1] if found else text


_STEPS: tuple[tuple[str, Callable[[str], str]], ...] = (
    ("Unicode form", lambda text: unicodedata.normalize("NFKC", text)),
    ("invisible characters", _visible),
    ("blanks", lambda text: "".join(text.split())),
    ("case", str.casefold),
    ("leading zeros or decimals", _number),
)
"""Name of a difference that people do not mean → what removes it."""


def _folded(text: str, *, but: str = "") -> str:
    """The text without any of the differences, that called `but` excepted."""
    for name, step in _STEPS:
        if name != but:
            text = step(text)
    return text


def fold(name: str) -> str:
    """What all spellings of an id have in common: without case, blanks, leading zeros, Unicode forms and marks."""
    if name.isascii():  # nearly all are, and this is three times quicker
        return _number("".join(name.split()).lower())
    return _folded(name)


def difference(name: str, other: str) -> str:
    """By what two spellings of an id differ, in words: `case`, `blanks and case`."""
    found = [kind for kind, _ in _STEPS if _folded(name, but=kind) != _folded(other, but=kind)]
    return " and ".join(found) or "blanks"


def both_shown(name: str, other: str) -> tuple[str, str]:
    """Two spellings of an id as a message shows them: with escapes where they look the same."""
    look = unicodedata.normalize("NFKC", name) == unicodedata.normalize("NFKC", other)
    return shown(name, ascii_only=look), shown(other, ascii_only=look)


def spelled_alike(names: pd.Index, known: pd.Index) -> dict[str, str]:
    """Those ids of `names` that `known` has in another spelling, and that spelling."""
    if not len(names):
        return {}
    by_fold = {fold(other): other for other in reversed(known)}
    return {name: by_fold[fold(name)] for name in names if fold(name) in by_fold}
