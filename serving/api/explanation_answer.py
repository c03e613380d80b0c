"""The answer of `/v1/forecast/{unique_id}/explanation`: parts of a SKU's expected demand by period."""

from typing import Any

import pandas as pd

from serving.api.answer_format import answer_header
from serving.http.problems import Problem
from serving.state.explanation_text import NO_EXPLANATION, part_names, period_sentence
from serving.state.lookup import sku_explanation
from serving.state.served import Served


def explanation_answer(served: Served, unique_id: str, ds: str | None) -> dict[str, Any]:
    """Answer `/v1/forecast/{unique_id}/explanation`: the parts of all periods, or of the one that holds the day `ds`.

    Raises
    ------
    Problem
        404 when the SKU is unknown or its model cannot explain, 422 when `ds` is no day the forecast covers.
    """
    table = sku_explanation(served, unique_id)
    if table.empty:
        raise Problem(404, "no_explanation", NO_EXPLANATION)
    row = served.row_of[unique_id]
    chosen = table if ds is None else _period_of_day(table, ds)
    names = part_names(table)
    return answer_header(served, []) | {
        "unique_id": unique_id,
        "demand_class": served.forecast.demand_class[row],
        "reason": served.forecast.reason[row],
        "parts": names,
        "periods": [
            {
                "ds": f"{period['ds']:%Y-%m-%d}",
                "mean": period["mean"],
                "parts": {name: period[name] for name in names},
                "sentence": period_sentence(period),
            }
            for _, period in chosen.iterrows()
        ],
    }


def _period_of_day(table: pd.DataFrame, text: str) -> pd.DataFrame:
    """The row of the explained period that holds a day; a problem where no period does."""
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
