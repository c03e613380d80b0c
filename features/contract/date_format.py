"""Date formats: ISO 8601, day or month first, and Excel's serial days, each column read in one of them."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from features.contract.local_dates import local_dates, whole_days
from features.contract.notation import Ambiguity, Notation, Votes
from features.contract.period_names import read_period_names

_ZONED = (
    r"^(?P<wall>\d{4}.{4,6}[T ]\d{2}[\d:.,]*)\s*(?P<zone>[zZ]|UTC|GMT|[+-]\d{2}(?::?\d{2})?)(?:\[[^\]]*\])?$"
)
_TIMED = r"\d[T ]\d+:\d|T\d"
_PARTS = (
    r"^(?P<one>\d{1,2})[./-]\s?(?P<two>\d{1,2})[./-]\s?(?P<year>\d{4})"
    r"(?:[T ,]+\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?\s*(?:[aApP]\.?[mM]\.?)?)?$"
)
_SERIAL = r"^\d{5}(?:\.\d+)?$"
_EXCEL_ZERO = np.datetime64("1899-12-30")
_FIRST_SERIAL, _LAST_SERIAL = 18264, 73415  # 1950 to 2100
_MIXED = 0.05
"""Share of a column's dates in another format than most, beyond which it is a mix and not a few typing errors."""

Days = NDArray[np.datetime64]


def read_dates(texts: list[str], notation: Notation) -> tuple[Days, Ambiguity | None]:
    """Dates (days, UTC where nothing else is known) that texts (n,) stand for, NaT where one stands for none.

    The column as a whole is read in one format, the one that most of its values have. Days and months below 13 are
    told apart by the column's other values, or by the config.
    """
    days, ambiguity = _read_iso(texts, notation)
    left = np.flatnonzero(np.isnat(days))
    if not len(left):
        return days, ambiguity
    rest = pa.array([texts[i] for i in left], pa.string())
    readings = [(days, ambiguity)]
    for found, unclear in (
        _read_parts(rest, notation),
        (_read_serial(rest), None),
        (read_period_names(rest.to_pylist()), None),
    ):
        there = np.full(len(texts), np.datetime64("NaT"), "datetime64[D]")
        there[left] = found
        readings.append((there, unclear and Ambiguity(int(left[unclear.position]), unclear.why)))
    first, second = sorted(readings, key=lambda reading: -_count(reading[0]))[:2]
    return first[0], _mixed(texts, first[0], second[0]) or first[1]


def _count(days: Days) -> int:
    return int((~np.isnat(days)).sum())


def _mixed(texts: list[str], most: Days, other: Days) -> Ambiguity | None:
    """Say that a column mixes two date formats, where `most` does not have almost all of its values."""
    if _count(other) <= max(1, _MIXED * (_count(most) + _count(other))):
        return None
    example, usual = (int(np.flatnonzero(~np.isnat(days))[0]) for days in (other, most))
    return Ambiguity(
        example, f"but other dates of the column are written like {texts[usual]}; write all in one way"
    )


def _read_iso(texts: list[str], notation: Notation) -> tuple[Days, Ambiguity | None]:
    """Read ISO 8601 texts as the local dates that they name; and what is unclear about whose dates they are."""
    column = pa.array(texts, pa.string())
    timed = np.asarray(pc.match_substring_regex(column, _TIMED))
    offsets = np.full(len(texts), np.nan)
    written: list[str] = texts
    if timed.any() and pc.any(pc.match_substring_regex(column, _ZONED)).as_py():
        zoned = pc.extract_regex(column, _ZONED)
        walls, zones = (pc.struct_field(zoned, name).to_pylist() for name in ("wall", "zone"))
        written = [text if wall is None else wall for text, wall in zip(texts, walls, strict=True)]
        minutes = {zone: _minutes(zone) for zone in set(zones)}
        offsets = np.array([minutes[zone] for zone in zones], float)
    stamps = pd.to_datetime(pd.Series(written, dtype=object), format="ISO8601", errors="coerce", utc=True)
    return local_dates(stamps.dt.tz_localize(None).to_numpy(), offsets, timed, notation)


def _minutes(zone: str | None) -> float:
    """Minutes ahead of UTC that an offset such as `+02:00` or `Z` stands for, NaN without one."""
    if zone is None:
        return np.nan
    if not zone.startswith(("+", "-")):
        return 0.0
    digits = zone[1:].replace(":", "")
    return (1 if zone[0] == "+" else -1) * (60 * int(digits[:2]) + int(digits[2:] or 0))


def _read_parts(texts: pa.Array, notation: Notation) -> tuple[Days, Ambiguity | None]:
    """Read texts such as 31.12.2024 and 12/31/2024, all with the day first or all with the month first."""
    parts = pc.extract_regex(texts, _PARTS)
    one, two, year = (
        pc.cast(pc.struct_field(parts, name), pa.int64()).fill_null(0).to_numpy(zero_copy_only=False)
        for name in ("one", "two", "year")
    )
    there = (one > 0) & (two > 0) & (one <= 31) & (two <= 31)
    first, second = there & (one > 12) & (two <= 12), there & (two > 12) & (one <= 12)
    either = there & (one <= 12) & (two <= 12) & (one != two)
    stated = None if notation.dayfirst is None else int(not notation.dayfirst)
    winner = Votes(int(first.sum()), int(second.sum()), int(either.sum())).winner(stated)
    day_first, month_first = _days(year, two, one), _days(year, one, two)
    if winner is None:
        return day_first, _unclear(day_first, month_first, int(np.flatnonzero(either)[0]))
    return month_first if winner else day_first, None


def _unclear(day_first: Days, month_first: Days, example: int) -> Ambiguity:
    """Say why it is not clear whether a column's dates begin with the day or with the month."""
    return Ambiguity(
        example,
        f"which is {day_first[example]} with the day first and {month_first[example]} with the month first, and the "
        "column's other dates do not tell which; set data.dayfirst in the config to true or false",
    )


def _days(year: NDArray[np.int64], month: NDArray[np.int64], day: NDArray[np.int64]) -> Days:
    """Days of the calendar, NaT for those that it does not have, such as 30 February."""
    valid = (month >= 1) & (month <= 12) & (day >= 1) & (day <= 31) & (year > 0)
    months = np.where(valid, 12 * (year - 1970) + month - 1, 0).astype("datetime64[M]")
    days = months.astype("datetime64[D]") + np.where(valid, day - 1, 0)
    return whole_days(np.where(valid & (days.astype("datetime64[M]") == months), days, np.datetime64("NaT")))


def _read_serial(texts: pa.Array) -> Days:
    """Read Excel's days since 30 December 1899, those from 1950 to 2100; a part of a day is its time."""
    numbers = pc.cast(
        pc.if_else(pc.match_substring_regex(texts, _SERIAL), texts, None), pa.float64()
    ).fill_null(0)
    serial = np.floor(numbers.to_numpy(zero_copy_only=False)).astype(np.int64)
    valid = (serial >= _FIRST_SERIAL) & (serial < _LAST_SERIAL)
    return np.where(valid, _EXCEL_ZERO + np.where(valid, serial, 0), np.datetime64("NaT"))
