"""Fields of an order's forms as numbers and days, each with an error that names the SKU."""

import math
from datetime import date

from starlette.datastructures import FormData

from database.purchase_orders.records import OrderError

_DIGITS = 9


def quantity_of(form: FormData, name: str, sku: str) -> float | None:
    """Return the quantity in a field of a form, none where it is empty or absent.

    Raises
    ------
    OrderError
        When it is no number of units.
    """
    text = str(form.get(name) or "").strip().replace(",", "")
    if not text:
        return None
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value) or value < 0:
        raise OrderError(f"quantity: {text!r:.40} of {sku} is no number of units; enter one of 0 or more")
    return value


def day_of(form: FormData, name: str, sku: str) -> date | None:
    """Return the day in a field of a form, none where it is empty or absent.

    Raises
    ------
    OrderError
        When it is no date.
    """
    text = str(form.get(name) or "").strip()
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise OrderError(f"due: {text!r:.40} of {sku} is no date like 2026-03-09") from None


def integer_of(form: FormData, name: str) -> int | None:
    """Return the whole number in a hidden field of a form, none where there is none."""
    text = str(form.get(name) or "")
    return int(text) if text.isdecimal() and len(text) <= _DIGITS else None
