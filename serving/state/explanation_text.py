"""The parts of a SKU's expected demand (level, trend, season, events), and sentences that say them."""

import numpy as np
import pandas as pd

from configs.formats import number, with_plus
from models.demand.attribution.explanation import KEYS, LEVEL, TREND

NO_EXPLANATION = "this model was trained before forecasts were explained; run `purvey train` again"

LEVEL_NOTES = {
    "new_from_category": "It has no past yet: what is expected is the level of its category.",
    "unknown_category": "It has no past and no category: what is expected is the level of all SKUs.",
    "short_history": "Its past is short: the level leans on its category's, and so the other parts are small.",
    "relaunched": "It was relaunched lately: the level leans on its own before the pause.",
    "carried_over": "It takes over from another SKU: the parts are those of their joint history.",
    "replaced": "Another SKU replaces it: what is left are its shares of their joint parts.",
    "dead": "It has had no demand in a long time: there is hardly anything to explain.",
}
"""Reason code of the forecast → what it means for the level and the other parts."""


def part_names(table: pd.DataFrame) -> list[str]:
    """Names of the parts that the text of an explanation can name, columns of its table."""
    return [str(name) for name in table.columns if name not in KEYS]


def present_parts(table: pd.DataFrame) -> list[str]:
    """Names of the parts worth a text in an explanation: those not zero in every period; the level always."""
    return [name for name in part_names(table) if name == LEVEL or table[name].any()]


def period_sentence(row: pd.Series) -> str:
    """Say the parts of a period's expected demand in a sentence, the level first, then the largest.

    `12.4 units in the week of 4 Dec 2023: level 9.8, season +1.9, promotion +0.7.`
    """
    mean = float(row["mean"])
    digits = 0 if mean >= 100 else 1 if mean >= 1 else 2
    names = [str(name) for name in row.index if name not in KEYS]
    others = sorted((name for name in names if name != LEVEL), key=lambda name: (-abs(row[name]), name))
    parts = [f"{LEVEL} {_units(row[LEVEL], digits)}"]
    parts += [
        f"{name.replace('_', ' ')} {_units(row[name], digits, sign='+')}"
        for name in others
        if round(float(row[name]), digits)
    ]
    return f"{_units(mean, digits)} units {_period(row['ds'], row['end'])}: {', '.join(parts)}."


def highlights(table: pd.DataFrame) -> list[str]:
    """Sentences on the first period of an explanation and on the one furthest from its level, if another."""
    if table.empty:
        return []
    moved = table[[name for name in part_names(table) if name not in (LEVEL, TREND)]].sum(axis=1).abs()
    chosen = dict.fromkeys([0, int(np.argmax(moved.to_numpy(float)))])
    return [period_sentence(table.iloc[at]) for at in chosen]


def _units(value: float, digits: int, *, sign: str = "") -> str:
    text = number(value, digits)
    return with_plus(text) if sign else text


def _period(start: pd.Timestamp, end: pd.Timestamp) -> str:
    """Name a forecast period as a person does: a day, a week, a month, or from when to when."""
    days, first = (end - start).days, f"{start.day} {start:%b %Y}"
    if days == 1:
        return f"on {first}"
    if days == 7:
        return f"in the week of {first}"
    if start.day == end.day == 1 and days < 32:
        return f"in {start:%B %Y}"
    last = end - pd.Timedelta(days=1)
    return f"from {first} to {last.day} {last:%b %Y}"
