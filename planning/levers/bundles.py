"""One talk with a supplier about several SKUs: actions whose lines are many, with titles that say the first of them."""

from typing import Any

import numpy as np
import orjson
import pandas as pd
from numpy.typing import NDArray

from configs.formats import money
from distributions.distribution import Array
from planning.actions.played_worth import PlayedWorth

_NAMED = 1
"""Lines that a title names."""

_ALONG = 0.1
"""Share of a talk's effort that one more SKU has to be worth to be brought up in it."""


def talks(supplier_ids: NDArray[np.object_], saved: Array, effort: float) -> list[NDArray[np.intp]]:
    """Rows of each talk: lines (k,) of one supplier that together save more than the effort, the best line first.

    Parameters
    ----------
    saved : array (k, M), what each line saves in each scenario
    """
    mean = saved.mean(axis=1)
    rows = np.flatnonzero((mean > 0) & (mean >= _ALONG * effort))
    rows = rows[np.lexsort((-mean[rows], supplier_ids[rows].astype(str)))]
    ends = np.flatnonzero(supplier_ids[rows][1:] != supplier_ids[rows][:-1]) + 1
    return [some for some in np.split(rows, ends) if len(some) and mean[some].sum() > effort]


def line_facts(lines: pd.DataFrame, worth: Array, says: list[str], names: list[str]) -> list[dict[str, Any]]:
    """Facts of the lines (k,) of one action, the most valuable first: what each changes, for whom, and its worth.

    Parameters
    ----------
    worth : array (k,), money a year
    says : what changes, as the title has it: `select beef from 24 to 18`
    names : what the SKUs are called
    """
    order = np.argsort(-worth, kind="stable").tolist()
    ids = lines["unique_id"].tolist()
    return [
        {"unique_id": ids[i], "description": names[i], "says": says[i], "worth": round(float(worth[i]), 2)}
        for i in order
    ]


def bundle_title(ask: str, lines: list[dict[str, Any]]) -> str:
    """Title of a talk about several SKUs: what is asked for, the most valuable of them, and how many more."""
    named = ", ".join(str(line["says"]) for line in lines[:_NAMED])
    more = len(lines) - _NAMED
    return f"{ask}: {named}" + (f", and {more} more" if more > 0 else "")


def keep_lines(actions: pd.DataFrame, row: int, kept: set[str], worth: PlayedWorth, currency: str) -> None:
    """Keep only some SKUs of one action of many lines, a row of the action table: title, worth and facts follow."""
    facts = orjson.loads(actions.at[row, "facts"])
    facts["lines"] = [line for line in facts.get("lines", []) if line["unique_id"] in kept]
    facts |= {name: round(float(values[0]), 4) for name, values in worth.facts().items()}
    if facts.get("ask") and facts["lines"]:
        actions.at[row, "title"] = bundle_title(facts["ask"], facts["lines"])
    actions.at[row, "facts"] = orjson.dumps(facts).decode()
    actions.at[row, "worth"] = round(float(worth.mean[0]), 2)
    actions.at[row, "evidence"] += (
        f" Without the SKUs that are better bought elsewhere, {len(kept)} remain, worth "
        f"{money(float(worth.mean[0]), currency)} a year."
    )
