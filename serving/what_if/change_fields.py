"""The fields of a change in a query and a form: what each means, its unit and its bounds."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from planning.policy.targets import LEAST_LEVEL, MOST_LEVEL
from planning.what_if.change import Amount
from serving.http.problems import Problem

MOST_DAYS = 365.0


@dataclass(frozen=True)
class ChangeField:
    """A field of a change: parameter, label, what is expected in it, and how it is read.

    Attributes
    ----------
    read : text → what the change has; ValueError where it is none, or out of bounds
    kind : of the form's input
    """

    name: str
    label: str
    expected: str
    read: Callable[[str], object]
    kind: str = "text"


def share(text: str) -> float:
    """Read a field that is a share: `0.98` or `98%`."""
    number, percent = _number(text)
    return _within(number / 100 if percent else number, LEAST_LEVEL, MOST_LEVEL)


def days(text: str) -> float:
    """Read a field that is days more or less: `3`, `+3`, `-2.5`."""
    number, percent = _number(text)
    if percent:
        raise ValueError(text)
    return _within(number, -MOST_DAYS, MOST_DAYS)


def factor(text: str) -> float:
    """Read a field that is a factor: `1.1`, or more or less in percent, which needs its sign: `+10%`, `-10%`."""
    number, percent = _number(text)
    if percent and not _signed(text):
        raise ValueError(text)  # 10% may mean a tenth, or a tenth more
    return _within(1 + number / 100 if percent else number, 0.0, 100.0)


def amount(text: str) -> Amount:
    """Read a field that is an amount in place of today's, or with `%` more or less than today's."""
    if text.rstrip().endswith("%"):
        return Amount(factor(text), relative=True)
    return Amount(_within(_number(text)[0], 0.0, 1e12))


def day(text: str) -> date:
    """Read a field that is a day: `2026-03-01`."""
    return date.fromisoformat(text.strip())


FIELDS = (
    ChangeField(
        "lead_time_days", "lead time, days more or less", "days from -365 to 365, such as 3 or -2", days
    ),
    ChangeField(
        "spread", "spread of the lead time, times", "a factor from 0 to 100, such as 1.5 or +50%", factor
    ),
    ChangeField("closed_until", "closed until", "a day such as 2026-03-01", day, "date"),
    ChangeField("price", "price a unit", "a price a unit, or more or less in percent, such as -5%", amount),
    ChangeField("moq", "MOQ, units", "units, or more or less in percent, such as -50%", amount),
    ChangeField(
        "order_multiple", "order multiple, units", "units, or more or less in percent, such as -50%", amount
    ),
    ChangeField(
        "target", "service target", f"a share from {LEAST_LEVEL} to {MOST_LEVEL}, such as 0.98 or 98%", share
    ),
    ChangeField("demand", "demand, times", "a factor from 0 to 100, such as 1.1 or +10%", factor),
)


def read_field(field: ChangeField, text: str) -> object:
    """Read what stands in a field.

    Raises
    ------
    Problem
        422 with the field, the text and what is expected.
    """
    try:
        return field.read(text)
    except ValueError:
        raise Problem(
            422, "invalid_request", f"{field.name} is {text.strip()!r:.60}, expected {field.expected}"
        ) from None


def _number(text: str) -> tuple[float, bool]:
    """Number of a field, and whether it is in percent. A `+` in an address arrives as a blank."""
    bare = text.strip().replace("−", "-")
    percent = bare.endswith("%")
    return float(bare.removesuffix("%").rstrip()), percent


def _signed(text: str) -> bool:
    """Whether a field's number has a sign: `+10%`, also where the plus of an address has become a blank."""
    return text[:1] == " " or text.strip()[:1] in {"+", "-", "−"}


def _within(value: float, lowest: float, highest: float) -> float:
    """A field's value, refused outside its bounds; what is no number is."""
    if not lowest <= value <= highest:
        raise ValueError(value)
    return value
