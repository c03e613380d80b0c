"""The quick answer of `/v1/forecast`: rows that were encoded before, the others made as always."""

from typing import Any

import orjson

from serving.api.answer_format import answer_header
from serving.api.forecast_answer import check_answer_size, check_horizon, forecast_answer
from serving.api.request_schemas import ForecastRequest
from serving.http.json_encoding import encode_json
from serving.precomputed.precomputed import Precomputed
from serving.state.lookup import known_skus

MOST_SKUS = 50
"""SKUs of one request that are looked up: more take longer than to hand them to a thread."""


def quick_forecast(known: Precomputed, request: ForecastRequest) -> dict[str, Any] | None:
    """Answer `/v1/forecast` as `forecast_answer` does, of rows encoded before; none for many SKUs; raises alike."""
    served = known.served
    if len(request.unique_ids) > MOST_SKUS:
        return None
    h = check_horizon(served, request)
    rows, unanswered = known_skus(served, request.unique_ids)
    check_answer_size(request, len(rows), h)

    def encode(missing: list[int]) -> list[bytes]:
        ids = served.forecast.unique_ids[rows[missing]].tolist()
        made = forecast_answer(served, request.model_copy(update={"unique_ids": ids}))["forecasts"]
        return [encode_json(row) for row in made]

    shape = ("forecast", h, request.levels, request.cumulative)
    found: list[orjson.Fragment] = known.rows.rows([(shape, row) for row in rows.tolist()], encode)
    return answer_header(served, unanswered) | {
        "ds": served.period_starts[:h],
        "levels": list(request.levels),
        "forecasts": found,
    }
