"""The answer of `/v1/forecast`: demand quantiles of SKUs, by period and cumulative."""

from typing import Any

import numpy as np

from distributions.distribution import Array, Distribution
from serving.api.answer_format import answer_header, answer_rows
from serving.api.request_schemas import ForecastRequest
from serving.http.problems import Problem
from serving.state.lookup import known_skus
from serving.state.served import Served

MAX_NUMBERS = 10_000_000
"""Most numbers in one forecast answer, about 70 MB; more would take longer to write than a request may."""


def forecast_answer(served: Served, request: ForecastRequest) -> dict[str, Any]:
    """Answer `/v1/forecast`: demand means and quantiles of the requested SKUs, (h, Q) each.

    Raises
    ------
    Problem
        404 when no SKU is known, 422 when the horizon is longer than the trained one or the answer too long.
    """
    forecast, h = served.forecast, check_horizon(served, request)
    rows, unanswered = known_skus(served, request.unique_ids)
    check_answer_size(request, len(rows), h)
    requested = np.asarray(request.levels)
    columns: dict[str, Any] = {
        "unique_id": forecast.unique_ids[rows],
        "demand_class": forecast.demand_class[rows],
        "reason": forecast.reason[rows],
        "mean": forecast.mean[rows, :h],
        "quantiles": _at_levels(forecast.levels, forecast.quantiles[rows, :h], requested),
    }
    if request.cumulative:
        columns["cumulative_mean"] = forecast.cumulative_mean[rows, :h]
        columns["cumulative_quantiles"] = _at_levels(
            forecast.levels, forecast.cumulative[rows, :h], requested
        )
    return answer_header(served, unanswered) | {
        "ds": served.period_starts[:h],
        "levels": list(request.levels),
        "forecasts": answer_rows(columns),
    }


def check_horizon(served: Served, request: ForecastRequest) -> int:
    """Periods that a forecast request asks for.

    Raises
    ------
    Problem
        422 when they are more than were trained.
    """
    trained = served.forecast.horizon
    h = request.horizon or trained
    if h > trained:
        raise Problem(
            422,
            "horizon",
            f"horizon is {h} periods, this model was trained for {trained}; "
            "ask for less, or train with a longer demand.horizon",
            trained_horizon=trained,
        )
    return h


def check_answer_size(request: ForecastRequest, skus: int, h: int) -> None:
    """Refuse a forecast request whose answer would hold more than `MAX_NUMBERS` numbers."""
    numbers = skus * h * (1 + len(request.levels)) * (2 if request.cumulative else 1)
    if numbers > MAX_NUMBERS:
        raise Problem(
            422,
            "too_long",
            f"the answer would hold {numbers:,} numbers ({skus:,} SKUs, {h} periods, {len(request.levels)} levels), "
            f"{MAX_NUMBERS:,} is the most; ask for fewer unique_ids, levels or periods at a time",
        )


def _at_levels(levels: Array, values: Array, requested: Array) -> Array:
    """Quantiles of the forecast answer: `values` (…, Q) at `levels`, read off at those `requested`, (…, R)."""
    flat = Distribution(levels, values.reshape(-1, values.shape[-1]))
    at = np.searchsorted(levels, requested)
    if at.max() < len(levels) and np.allclose(levels[at], requested, atol=1e-9):
        return np.ascontiguousarray(values[..., at])
    picked = flat.quantile(np.broadcast_to(requested, (len(flat), len(requested))))
    return picked.reshape(*values.shape[:-1], len(requested))
