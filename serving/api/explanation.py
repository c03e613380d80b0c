"""Why a forecast is what it is: the parts of one SKU's expected demand, as numbers and in a sentence."""

from typing import Any

import numpy as np
import pandas as pd

from models.demand.attribution.explanation import KEYS, LEVEL, TREND
from serving.api.forecast import header, known_rows
from serving.http.problems import Problem
from serving.state.served import Served

NO_EXPLANATION = "this model was trained before forecasts were explained; run `purvey train` again"

BORROWED = {
    "new_from_category": "It has no past yet: what is expected is the level of its category.",
    "unknown_category": "It has no past and no category: what is expected is the level of all SKUs.",
    "short_history": "Its past is short: the level leans on its category's, and so the other parts are small.",
    "relaunched": "It was relaunched lately: the level leans on its own before the pause.",
    "carried_over": "It takes over from another SKU: the parts are those of their joint history.",
    "replaced": "Another SKU replaces it: what is left are its shares of their joint parts.",
    "dead": "It has not been asked for in a long time: there is hardly anything to explain.",
}
"""Reason code of the forecast → what it does to the parts."""


def sku_explanation(served: Served, unique_id: str) -> pd.DataFrame:
    """One row per period: ds, end, mean and the parts in units a period; no rows where nothing explains it.

    Raises
    ------
    Problem
        404 when there is no forecast for the SKU.
    """
    rows, _ = known_rows(served, [unique_id])
    if served.explanation is None:
        return pd.DataFrame(columns=list(KEYS[1:]))
    table = served.explanation.select(rows).frame().drop(columns="unique_id")
    return table.assign(mean=served.forecast.mean[rows[0]])  # the served number to its last bit


def part_names(table: pd.DataFrame) -> list[str]:
    """Names of the parts in `table`."""
    return [str(name) for name in table.columns if name not in KEYS]


def present_parts(table: pd.DataFrame) -> list[str]:
    """The parts that are not zero in every period; the level always."""
    return [name for name in part_names(table) if name == LEVEL or table[name].any()]


def sentence(row: pd.Series) -> str:
    """`12.4 units in the week of 4 Dec 2023: level 9.8, season +1.9, promotion +0.7.`, largest parts first."""
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


def telling(table: pd.DataFrame) -> list[str]:
    """Sentences on the first period and on the one that its parts move furthest from the level, if another."""
    if table.empty:
        return []
    moved = table[[name for name in part_names(table) if name not in (LEVEL, TREND)]].sum(axis=1).abs()
    wanted = dict.fromkeys([0, int(np.argmax(moved.to_numpy(float)))])
    return [sentence(table.iloc[at]) for at in wanted]


def explanation_answer(served: Served, unique_id: str, ds: str | None) -> dict[str, Any]:
    """Answer `/v1/forecast/{unique_id}/explanation`: all periods, or the one that holds the day `ds`.

    Raises
    ------
    Problem
        404 when the SKU is unknown or its model cannot explain, 422 when `ds` is no day the forecast covers.
    """
    table = sku_explanation(served, unique_id)
    if table.empty:
        raise Problem(404, "no_explanation", NO_EXPLANATION)
    row = served.row_of[unique_id]
    chosen = table if ds is None else _holding(table, ds)
    names = part_names(table)
    return header(served, []) | {
        "unique_id": unique_id,
        "demand_class": served.forecast.demand_class[row],
        "reason": served.forecast.reason[row],
        "parts": names,
        "periods": [
            {
                "ds": f"{period['ds']:%Y-%m-%d}",
                "mean": period["mean"],
                "parts": {name: period[name] for name in names},
                "sentence": sentence(period),
            }
            for _, period in chosen.iterrows()
        ],
    }


def _holding(table: pd.DataFrame, text: str) -> pd.DataFrame:
    day = pd.to_datetime(text, format="%Y-%m-%d", errors="coerce")
    found = table[(table["ds"] <= day) & (day < table["end"])]
    if found.empty:
        first, last = table["ds"].iloc[0], table["end"].iloc[-1] - pd.Timedelta(days=1)
        raise Problem(
            422,
            "invalid_request",
            f"ds: {text!r} is no day of the forecast, which covers {first:%Y-%m-%d} … {last:%Y-%m-%d}",
        )
    return found


def _units(value: float, digits: int, *, sign: str = "") -> str:
    return f"{value:{sign},.{digits}f}".replace("-", "−")


def _period(start: pd.Timestamp, end: pd.Timestamp) -> str:
    """How a person calls the period: a day, a week, a month, or from when to when."""
    days, first = (end - start).days, f"{start.day} {start:%b %Y}"
    if days == 1:
        return f"on {first}"
    if days == 7:
        return f"in the week of {first}"
    if start.day == end.day == 1 and days < 32:
        return f"in {start:%B %Y}"
    last = end - pd.Timedelta(days=1)
    return f"from {first} to {last.day} {last:%b %Y}"
