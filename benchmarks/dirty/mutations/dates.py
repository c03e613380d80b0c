"""Mutations of dates: other formats, times and offsets beside the day, placeholders, days that there are not."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchmarks.dirty.dirty_company import DirtyCompany, NothingToDo, Rng, some_rows
from benchmarks.dirty.dirty_table import DirtyTable, Rows, Verdict

_FORMATS = (
    "%d.%m.%Y",
    "%d/%m/%Y",
    "%m/%d/%Y",
    "%Y/%m/%d",
    "%Y%m%d",
    "%d-%b-%Y",
    "%b %d, %Y",
    "%G-W%V-%u",
    "%d.%m.%y",
)
_TIMES = (
    "T00:00:00", " 00:00:00", "T00:00:00Z", "T00:00:00+02:00", "T00:00:00-05:00", " 13:45", "T23:59:59.999999",
    "T00:00:00.000000000", " 00:00:00 AM", "T12:00:00+14:00",
)  # fmt: skip
_PLACEHOLDERS = ("0001-01-01", "1900-01-01", "0000-00-00", "1899-12-30", "00.00.0000", "1753-01-01")
_IMPOSSIBLE = ("2017-02-30", "2017-13-01", "31/12/2017 25:00", "2017-00-10", "yesterday", "2017-", "20170230")
_FAR = ("2999-12-31", "9999-12-31", "2117-05-01", "10000-01-01", "2262-04-12")


def whole_column_in_a_format(company: DirtyCompany, rng: Rng) -> str:
    """All dates of a column in another format, the same in every row."""
    table, column = company.some_column(rng, "date")
    form = str(rng.choice(_FORMATS))
    _rewrite(table, column, table.filled(column), form)
    return f"{table.name}.{column}: all as {form}"


def whole_file_in_a_format(company: DirtyCompany, rng: Rng) -> str:
    """All dates of a file in another format."""
    table = company.some_table(rng)
    if not table.columns_of("date"):
        raise NothingToDo
    form = str(rng.choice(_FORMATS))
    for column in table.columns_of("date"):
        _rewrite(table, column, table.filled(column), form)
    return f"{table.name}: all dates as {form}"


def some_in_a_format(company: DirtyCompany, rng: Rng) -> str:
    """Some dates of a column in another format than the rest."""
    table, column = company.some_column(rng, "date")
    form = str(rng.choice(_FORMATS))
    rows = some_rows(rng, table.filled(column), float(rng.choice([0.03, 0.6])))
    _rewrite(table, column, rows, form)
    return f"{table.name}.{column}: {len(rows)} as {form}"


def excel_serials(company: DirtyCompany, rng: Rng) -> str:
    """All dates of a column, or some, as Excel's number of the day."""
    table, column = company.some_column(rng, "date")
    rows = table.filled(column)
    rows = rows if rng.random() < 0.7 else some_rows(rng, rows)
    days = (_days(table, column, rows) - np.datetime64("1899-12-30")).astype("timedelta64[D]").astype(int)
    tail = ".0" if rng.random() < 0.2 else ""
    table.put(rows, column, [f"{day}{tail}" for day in days], Verdict.MEANT)
    return f"{table.name}.{column}: {len(rows)} as Excel's numbers"


def time_of_day(company: DirtyCompany, rng: Rng) -> str:
    """A time beside the date, perhaps with an offset: the local day counts."""
    table, column = company.some_column(rng, "date")
    rows = table.filled(column)
    rows = rows if rng.random() < 0.6 else some_rows(rng, rows)
    time = str(rng.choice(_TIMES))
    table.put(rows, column, [f"{text}{time}" for text in table.cells[column][rows]], Verdict.MEANT)
    return f"{table.name}.{column}: {len(rows)} with {time!r}"


def offsets_of_the_season(company: DirtyCompany, rng: Rng) -> str:
    """Local midnights with the offset of winter and summer time."""
    table, column = company.some_column(rng, "date")
    rows = table.filled(column)
    zone = str(rng.choice(["Europe/Berlin", "America/New_York", "Australia/Sydney", "Asia/Kolkata"]))
    stamps = pd.DatetimeIndex(_days(table, column, rows)).tz_localize(zone)
    as_utc = rng.random() < 0.2
    shown = stamps.tz_convert("UTC") if as_utc else stamps
    verdict = Verdict.OPEN if as_utc else Verdict.MEANT  # what was local midnight, UTC no longer says
    table.put(rows, column, [stamp.isoformat() for stamp in shown], verdict)
    return f"{table.name}.{column}: midnights of {zone}{' in UTC' if as_utc else ''}"


def placeholder(company: DirtyCompany, rng: Rng) -> str:
    """A date that stands for none."""
    table, column, rows = _some_dates(company, rng)
    text = str(rng.choice(_PLACEHOLDERS))
    table.put(rows, column, [text] * len(rows), Verdict.OPEN if column == "valid_from" else Verdict.WRONG)
    return f"{table.name}.{column}: {len(rows)} are {text}"


def impossible(company: DirtyCompany, rng: Rng) -> str:
    """A day that the calendar does not have."""
    table, column, rows = _some_dates(company, rng)
    text = str(rng.choice(_IMPOSSIBLE))
    table.put(rows, column, [text] * len(rows), Verdict.WRONG)
    return f"{table.name}.{column}: {len(rows)} are {text!r}"


def far_future(company: DirtyCompany, rng: Rng) -> str:
    """A date far ahead: open-ended where a validity ends, wrong elsewhere."""
    table, column, rows = _some_dates(company, rng)
    text = str(rng.choice(_FAR))
    table.put(
        rows, column, [text] * len(rows), Verdict.OPEN if column in ("valid_to", "until") else Verdict.WRONG
    )
    return f"{table.name}.{column}: {len(rows)} are {text}"


def wrong_year(company: DirtyCompany, rng: Rng) -> str:
    """Another year or century: a typing error that only the neighbours show."""
    table, column, rows = _some_dates(company, rng)
    year = int(rng.choice([17, 1017, 1917, 1971, 2007, 2016, 2018, 2071]))
    texts = [f"{year:04d}{text[4:]}" for text in table.cells[column][rows]]
    table.put(rows, column, texts, Verdict.OPEN)
    return f"{table.name}.{column}: {len(rows)} in the year {year}"


def day_and_month_swapped(company: DirtyCompany, rng: Rng) -> str:
    """Day and month changed places in some rows: what is written then is another date."""
    table, column = company.some_column(rng, "date")
    filled = table.filled(column)
    swappable = filled[[int(text[8:10]) <= 12 for text in table.cells[column][filled]]]
    rows = some_rows(rng, swappable)
    texts = [f"{text[:4]}-{text[8:10]}-{text[5:7]}" for text in table.cells[column][rows]]
    _as_written(table, column, rows, texts)
    return f"{table.name}.{column}: day and month swapped in {len(rows)} rows"


def days_off(company: DirtyCompany, rng: Rng) -> str:
    """Some dates, or all, a few days earlier or later: ends of periods, a weekend, another weekday."""
    table, column = company.some_column(rng, "date")
    rows = table.filled(column)
    rows = rows if rng.random() < 0.3 else some_rows(rng, rows)
    days = int(rng.choice([-7, -1, 1, 6, 30]))
    moved = _days(table, column, rows) + np.timedelta64(days, "D")
    _as_written(table, column, rows, [str(day) for day in moved])
    return f"{table.name}.{column}: {len(rows)} moved by {days} days"


def month_ends(company: DirtyCompany, rng: Rng) -> str:
    """Demand by the month, dated by month ends or starts, or a mix of months and weeks."""
    table = company.table("demand")
    if "ds" not in table.columns:
        raise NothingToDo
    rows = table.filled("ds")
    rows = rows if rng.random() < 0.5 else some_rows(rng, rows, 0.5)
    months = _days(table, "ds", rows).astype("datetime64[M]")
    day = (months + 1).astype("datetime64[D]") - 1 if rng.random() < 0.7 else months.astype("datetime64[D]")
    table.put(rows, "ds", [str(value) for value in day], Verdict.OPEN)
    table.judge_all(rows, Verdict.OPEN)
    return f"demand.ds: {len(rows)} are ends or starts of months"


def _some_dates(company: DirtyCompany, rng: Rng) -> tuple[DirtyTable, str, Rows]:
    table, column = company.some_column(rng, "date")
    return table, column, some_rows(rng, table.filled(column))


def _days(table: DirtyTable, column: str, rows: Rows) -> NDArray[np.datetime64]:
    """Days that the untouched cells of a column mean."""
    return np.array([text[:10] for text in table.cells[column][rows]], "datetime64[D]")


def _rewrite(table: DirtyTable, column: str, rows: Rows, form: str) -> None:
    days = pd.DatetimeIndex(_days(table, column, rows))
    table.put(rows, column, list(days.strftime(form)), Verdict.MEANT)


def _as_written(table: DirtyTable, column: str, rows: Rows, texts: list[str]) -> None:
    """Write other dates, which are then the right ones."""
    table.put(rows, column, texts, Verdict.MEANT)
    table.mean(rows, column, [pd.Timestamp(text) for text in texts])


MUTATIONS = (
    whole_column_in_a_format, whole_file_in_a_format, some_in_a_format, excel_serials, time_of_day,
    offsets_of_the_season, placeholder, impossible, far_future, wrong_year, day_and_month_swapped, days_off,
    month_ends,
)  # fmt: skip
