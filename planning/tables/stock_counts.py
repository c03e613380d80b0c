"""How today's stock of each SKU comes about: the day of its count, what was counted, what came and went since."""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from configs.formats import day, missing, quantity
from planning.assessment import Assessment

COUNT_COLUMNS = ["counted_at", "counted", "received_since", "sold_since"]


def stock_counts(assessment: Assessment) -> pd.DataFrame:
    """Stock counts of the plan's SKUs, n rows with `COUNT_COLUMNS`: empty where the stock is not known."""
    counts = assessment.inputs.latest_stock().set_index("unique_id")[COUNT_COLUMNS]
    found = counts.reindex(assessment.forecast.unique_ids).reset_index(drop=True)
    return found.astype({"counted_at": "datetime64[ns]", **dict.fromkeys(COUNT_COLUMNS[1:], float)})


def count_note(counted_at: Any, counted: Any, received: Any, sold: Any) -> str:
    """Sentence part on a stock count that was rolled forward: `counted 2025-02-24: 30; 40 received and 12 sold since`.

    Empty where nothing came or went since.
    """
    if missing(counted) or not (received or sold):
        return ""
    since = f"{quantity(received)} received and {quantity(sold)} sold since"
    return f"counted {day(counted_at)}: {quantity(counted)}; {since}"


def with_count_notes(sentences: list[str], counts: pd.DataFrame) -> NDArray[np.object_]:
    """The reason sentences (n,), each with the note on its stock count where that was rolled forward."""
    noted = np.array(sentences, dtype=object)
    since = counts[["received_since", "sold_since"]].fillna(0.0).to_numpy(float)
    for row in np.flatnonzero((since != 0).any(axis=1)):
        note = count_note(*counts.loc[row, COUNT_COLUMNS])
        noted[row] = f"{sentences[row].removesuffix('.')}; {note}."
    return noted
