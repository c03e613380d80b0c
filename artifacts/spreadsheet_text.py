"""Text that a spreadsheet opens: the one function by which no cell is ever a formula, and the CSV files that use it."""

import re
import unicodedata
from pathlib import Path
from typing import Any

import pandas as pd

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_STARTS = frozenset("=+-@")
_BREAKS = ("\t", "\r", "\n")


def without_formula(value: Any) -> Any:
    r"""Return `value` with an apostrophe before a text that a spreadsheet would read as a formula.

    A supplier's name comes from outside; `=HYPERLINK(…)` in one must not run on a buyer's machine. Spreadsheets trim
    spaces of all kinds and read full-width signs as the plain ones. Numbers stay, and so do texts that are just one.
    """
    if not isinstance(value, str) or not value or _NUMBER.fullmatch(value):
        return value
    return f"'{value}" if value.startswith(_BREAKS) or _first_sign(value) in _STARTS else value


def without_formulas(table: pd.DataFrame) -> pd.DataFrame:
    """A table with days as texts, whose cells and headers are none that a spreadsheet would read as a formula."""
    shown = table.copy()
    for name in shown.columns:
        if pd.api.types.is_datetime64_any_dtype(shown[name]):
            shown[name] = shown[name].dt.strftime("%Y-%m-%d")
        elif not pd.api.types.is_numeric_dtype(shown[name]):  # texts, categories, and columns of mixed values
            shown[name] = shown[name].astype(object).map(without_formula)
    return shown.rename(columns=without_formula)


def csv_text(table: pd.DataFrame, *, lineterminator: str = "\n") -> str:
    """A table as the text of a CSV file in which no cell is a formula; missing values are empty."""
    text: str = without_formulas(table).to_csv(index=False, lineterminator=lineterminator)
    return text


def write_csv(table: pd.DataFrame, path: Path) -> None:
    """Write a table as a CSV file in which no cell is a formula."""
    path.write_text(csv_text(table), encoding="utf-8", newline="")


def _first_sign(text: str) -> str:
    """The first character that is seen, as the plain one that it stands for: ＝ is =, and spaces are none."""
    for character in text:
        if not (
            character.isspace() or unicodedata.category(character) in {"Cc", "Cf", "Cn", "Co", "Cs", "Zs"}
        ):
            return unicodedata.normalize("NFKC", character)[:1].replace("\N{MINUS SIGN}", "-")
    return ""
