"""Numbers, money, shares and days as people write them: in sentences, on pages, in charts and in the terminal.

The minus is `−`, thousands have a comma, nothing is written `-0`, `8e-09` or, where it is less than that, 100%.
Files and JSON that programs read hold plain numbers instead.
"""

import math
from datetime import date, datetime
from typing import Any

import numpy as np
import pandas as pd

NOTHING = "–"
_NOISE = 1e-6
"""Magnitude below which a number is a rounding error of zero."""
_CERTAIN = 1e-9
"""Distance from 0 or 1 below which a share is that."""
_LARGE = 1e15
_PRECISE = 100.0
"""Money from which on nobody writes cents."""


def missing(value: Any) -> bool:
    """Whether a value to be written is missing: None, NaN or NaT."""
    return (
        value is None or value is pd.NaT or value is pd.NA or (isinstance(value, float) and math.isnan(value))
    )


def number(value: Any, digits: int = 0) -> str:
    """Write a number as `1,234.5`; where `digits` would show only zeros, one significant digit is kept: `0.03`."""
    if missing(value):
        return NOTHING
    if not math.isfinite(value):
        return "∞" if value > 0 else "−∞"
    text = f"{value:,.{digits}f}"
    if not text.strip("-0."):
        tiny = abs(value) < _NOISE
        text = "0" if tiny else np.format_float_positional(float(f"{value:.1g}"), trim="-")
    return _minus(text)


def significant(value: Any, digits: int = 3) -> str:
    """Write a number with `digits` significant ones, whole numbers whole: `0.0123`, `1.5`, `12,346`."""
    if missing(value) or not math.isfinite(value) or abs(value) < _NOISE:
        return number(value)
    decimals = max(digits - 1 - math.floor(math.log10(abs(value))), 0)
    return _minus(_without_zeros(f"{value:,.{decimals}f}"))


def signed_number(value: Any, digits: int = 0) -> str:
    """Write a difference with its sign: `+1,234`, `−3`, `0`."""
    return with_plus(number(value, digits))


def with_plus(text: str) -> str:
    """Put a plus before a written number that is above zero: `+0.012`."""
    return text if text in ("0", NOTHING) or text.startswith("−") else f"+{text}"


def quantity(value: Any) -> str:
    """Write units in a sentence: `1,234`, `9.5`, `less than 0.1`; a decimal below ten only."""
    if isinstance(value, float) and 10 <= value < _LARGE:  # most of them: a plan writes a few for every SKU
        return f"{value:,.0f}"
    if missing(value) or not math.isfinite(value) or abs(value) < _NOISE or abs(value) >= 10:
        return number(value)
    text = _without_zeros(f"{value:.1f}")
    if text == "0":
        return "less than 0.1"
    return "0" if text == "-0" else _minus(text)


def money(value: Any, currency: str = "") -> str:
    """Write an amount of money: `1,234 EUR`, `12.50 EUR`, `12 EUR`."""
    if missing(value) or not math.isfinite(value) or abs(value) < _NOISE or abs(value) >= _PRECISE:
        text = number(value)
    else:
        text = f"{value:.2f}" if abs(value) >= 0.01 else "less than 0.01"
    return _in_currency(_minus(text.removesuffix(".00")), currency)


def price(value: Any, currency: str = "") -> str:
    """Write the price of a unit: `9.50 EUR`, `1,250.00 EUR`, `0.0035 EUR`."""
    small = not missing(value) and math.isfinite(value) and 0 < abs(value) < 0.1
    return _in_currency(significant(value, 2) if small else number(value, 2), currency)


def share(value: Any, digits: int = 0) -> str:
    """Write a share as `12%`; what is not quite nothing or everything as `<1%` or `>99%`."""
    if missing(value):
        return NOTHING
    text, least = f"{100 * value:.{digits}f}", 10.0**-digits
    if float(text) == 0:
        return f"{0:.{digits}f}%" if value < _CERTAIN else f"<{least:.{digits}f}%"
    if float(text) == 100 and value < 1 - _CERTAIN:
        return f">{100 - least:.{digits}f}%"
    return _minus(f"{text}%")


def signed(value: Any, digits: int = 0) -> str:
    """Write a share with its sign: `+12%`, `−3%`, `0%`."""
    if missing(value):
        return NOTHING
    text = f"{100 * value:+.{digits}f}%"
    return _minus(text) if float(text[:-1]) else f"{0:.{digits}f}%"


def level(value: float) -> str:
    """Write a service level as somebody sets it: `95%`, `99.95%`, `99.99999%`, never 100% for less."""
    digits = 3 if value < 0.99 else 4
    while digits < 12 and value < 1 and float(f"{100 * value:.{digits}g}") == 100:
        digits += 1
    return f"{100 * value:.{digits}g}%"


def change(ratio: Any) -> str:
    """Write the ratio of a lead time to the one before: `38% longer`, `33% less`."""
    if missing(ratio):
        return "a time not yet known"
    percent = round(100 * (ratio - 1))
    return "as long as before" if percent == 0 else f"{abs(percent)}% {'longer' if percent > 0 else 'less'}"


def days(value: Any) -> str:
    """Write a length of time: `12 days`, `1 day`, `less than a day`."""
    if not missing(value) and 0 < value < 0.5:
        return "less than a day"
    text = number(value)
    return f"{text} {'day' if text == '1' else 'days'}"


def day(value: Any) -> str:
    """Write a day as `2026-03-02`."""
    return NOTHING if missing(value) else f"{pd.Timestamp(value):%Y-%m-%d}"


def moment(value: datetime | None) -> str:
    """Write a moment as `2026-03-02 09:30 UTC`."""
    return NOTHING if value is None else f"{value:%Y-%m-%d %H:%M} UTC"


def until(value: Any, today: date) -> str:
    """Write how far away a day is: `today`, `in 3 days`, `5 days ago`."""
    if missing(value):
        return ""
    ahead = (pd.Timestamp(value).date() - today).days
    if ahead == 0:
        return "today"
    return f"in {days(ahead)}" if ahead > 0 else f"{days(-ahead)} ago"


def plain(value: Any) -> str:
    """Write a value of which only its column's name is known, and which may be an id: `1208`, `0.25`, `yes`."""
    if missing(value):
        return NOTHING
    if isinstance(value, bool | np.bool_):
        return "yes" if value else "no"
    if isinstance(value, date | np.datetime64):
        return day(value)
    if isinstance(value, float | np.floating) and math.isfinite(value):
        return _minus(np.format_float_positional(float(f"{value:.10g}") + 0.0, trim="-"))
    return str(value)


def packs(quantity_of_packs: float, name: str | None, units_each: float) -> str:
    """Write an order in the supplier's unit, and in the SKU's own: `4 packs of 10 = 40`."""
    count = quantity(round(quantity_of_packs, 6))
    unit = _plural(name or "purchase unit") if count != "1" else name or "purchase unit"
    return f"{count} {unit} of {plain(units_each)} = {quantity(quantity_of_packs * units_each)}"


def _plural(name: str) -> str:
    """The plural of an English word; an abbreviation such as CTN, kg or pcs stays as it is."""
    if not (name.isascii() and name.replace(" ", "").isalpha() and name.islower()) or len(name) < 3:
        return name
    return name if name.endswith("s") else name + ("es" if name.endswith(("x", "ch", "sh")) else "s")


def _without_zeros(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text


def _in_currency(text: str, currency: str) -> str:
    return f"{text} {currency}".strip() if text != NOTHING else text


def _minus(text: str) -> str:
    return text.replace("-", "−")
