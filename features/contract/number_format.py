"""Number formats: which of dot, comma, blank and apostrophe separates decimals and thousands, column by column."""

import re
from functools import cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from features.contract.notation import Ambiguity, Notation, Votes

_THOUSANDS = {
    ".": r"\.",
    ",": ",",
    " ": "[ \u00a0\u2007\u2009\u202f]",
    "'": "['\u2019]",
}
"""Separator as the config names it → regular expression; a blank stands for no-break and thin ones, too."""
_DECIMALS = (".", ",")
_BETWEEN, _NUMBER = re.compile("[:;]"), re.compile("[^:;]+")
_INFINITE = r"^[+-]?[iI][nN][fF](?:inity)?$"


def read_numbers(
    texts: list[str], notation: Notation
) -> tuple[NDArray[np.float64], NDArray[np.bool_], Ambiguity | None]:
    """Numbers that texts (n,) stand for, NaN where one stands for none; which do; and why they are not clear.

    The column as a whole is read in one format. Where every number with a separator fits two, `1.020` as 1.02 and
    1020, the config must state which; a dot alone is clear where the source says so.
    """
    column = pa.array(texts, pa.string())
    fits = pc.match_substring_regex(column, _pattern(".", ""))
    # most columns hold plain numbers, and distinct ones by the million: one look must do
    if pc.all(fits).as_py() and (_dot_decides(notation) or not _any(column, ".")):
        return _cast(column, fits), np.ones(len(texts), bool), None
    column = pc.replace_substring(column, "\u2212", "-")
    decimal, ambiguity = _decimal(column, texts, notation)
    fits = pc.match_substring_regex(column, _pattern(decimal, _thousands(decimal, notation)))
    for separator in _thousands(decimal, notation):
        column = pc.replace_substring_regex(column, _THOUSANDS[separator], "")
    return _cast(pc.replace_substring(column, ",", "."), fits), np.asarray(fits), ambiguity


def plain_numbers(texts: list[str], notation: Notation) -> tuple[list[str], Ambiguity | None]:
    """Texts of several numbers such as price breaks, `1.000:9,50;5.000:9,10`, with each number written `1000.0`.

    All numbers of all texts are read in one format; those that are none stay as they are.
    """
    parts = [[part.strip() for part in _BETWEEN.split(text)] for text in texts]
    numbers = sorted({part for each in parts for part in each} - {""})
    values, fits, unclear = read_numbers(numbers, notation)
    if unclear is not None:
        position = next(i for i, each in enumerate(parts) if numbers[unclear.position] in each)
        return texts, Ambiguity(position, f"and in it {numbers[unclear.position]}, {unclear.why}")
    plain = {
        number: str(value)
        for number, value, fitting in zip(numbers, values.tolist(), fits, strict=True)
        if fitting and not _says(number, value)
    }
    return [_NUMBER.sub(lambda found: plain.get(found[0].strip(), found[0]), text) for text in texts], None


def _says(text: str, value: float) -> bool:
    """Whether a text is the number as the contract writes it."""
    try:
        return float(text) == value
    except ValueError:
        return False


def _dot_decides(notation: Notation) -> bool:
    """Whether a dot is a decimal point, whatever the values."""
    stated = notation.stated_decimal
    return stated == "." or (stated is None and notation.dot_is_decimal)


def _decimal(column: pa.Array, texts: list[str], notation: Notation) -> tuple[str, Ambiguity | None]:
    """Decimal separator of a column of texts, and why it is not clear."""
    if notation.decimal is not None and notation.thousands is not None:
        return notation.decimal, None
    dot, comma = (
        np.asarray(pc.match_substring_regex(column, _pattern(decimal, _thousands(decimal, notation))))
        for decimal in _DECIMALS
    )
    separated = np.asarray(pc.match_substring_regex(column, "[.,]"))
    either = dot & comma & separated
    first, second = dot & ~comma & separated, comma & ~dot
    points = int(first.sum())
    if _dot_decides(notation):  # then 1.020 speaks for a decimal point; 1,020 is still open
        points += int((either & np.asarray(pc.match_substring(column, "."))).sum())
    stated = notation.stated_decimal
    votes = Votes(points, int(second.sum()), int(either.sum()))
    winner = votes.winner(None if stated is None else _DECIMALS.index(stated))
    if winner is None:
        return ".", _ambiguity(texts, first, second, either)
    return _DECIMALS[winner], None


def _ambiguity(
    texts: list[str], first: NDArray[np.bool_], second: NDArray[np.bool_], either: NDArray[np.bool_]
) -> Ambiguity:
    """Say why a column's decimal separator is not clear: values that fit both formats, or one of each."""
    example = int(np.flatnonzero(either)[0])
    if first.any() and second.any():
        one, other = (texts[int(np.flatnonzero(mask)[0])] for mask in (first, second))
        return Ambiguity(
            example,
            f"but other numbers of the column are {one}, with a decimal point, and {other}, with a decimal comma; "
            "write all in one way",
        )
    sign = "." if "." in texts[example] else ","
    whole = texts[example].replace(sign, "")
    decimal = texts[example].replace(",", ".").rstrip("0").rstrip(".")
    return Ambiguity(
        example,
        f"which is {whole} where the {'dot' if sign == '.' else 'comma'} separates thousands and {decimal} where it "
        'separates decimals, and the column\'s numbers do not tell which; set data.decimal in the config to "," or "."',
    )


def _thousands(decimal: str, notation: Notation) -> str:
    """Separators of thousands that may stand beside a decimal separator."""
    if notation.thousands is not None:
        return notation.thousands.replace(decimal, "")
    return "".join(_THOUSANDS).replace(decimal, "")


@cache
def _pattern(decimal: str, thousands: str) -> str:
    """Regular expression of the numbers with these separators: groups of three digits, with commas India's too."""
    point = _THOUSANDS[decimal]
    groups = [rf"[1-9]\d{{0,2}}(?:{_THOUSANDS[sign]}\d{{3}})+" for sign in thousands]
    if "," in thousands:
        groups.append(r"[1-9]\d?(?:,\d{2})+,\d{3}")
    grouped = rf"|(?:{'|'.join(groups)})(?:{point}\d*)?" if groups else ""
    return rf"^[+-]?(?:(?:\d+(?:{point}\d*)?|{point}\d+)(?:[eE][+-]?\d+)?{grouped})$|{_INFINITE}"


def _cast(column: pa.Array, fits: pa.BooleanArray) -> NDArray[np.float64]:
    # Arrow's cast reads the nearest double exactly; pandas' fast parser can be one ulp off, which a fingerprint sees.
    numbers = pc.cast(pc.if_else(fits, pc.utf8_lower(column), None), pa.float64())
    return np.asarray(numbers.to_numpy(zero_copy_only=False), float)


def _any(column: pa.Array, sign: str) -> bool:
    return bool(pc.any(pc.match_substring(column, sign)).as_py())
