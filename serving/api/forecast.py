"""From a request to its answer: looked up, computed as arrays, and said with what could not be answered."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import orjson
import pandas as pd
from numpy.typing import NDArray

from distributions.distribution import Array, Distribution
from distributions.levels import LEAD_TIME_LEVELS
from features.orders.history import contract_days
from serving.api.schemas import ForecastRequest, LeadTimeRequest
from serving.http.problems import Problem
from serving.state.served import Served

LANES_OF_A_SUPPLIER = 50
"""SKUs whose lead times are mixed when a whole supplier is asked about."""

MOST_NUMBERS = 10_000_000
"""Numbers in one forecast answer, about 70 MB; more would take longer to write than a request may."""


def encode(document: dict[str, Any]) -> bytes:
    """Return JSON bytes of a document that may hold arrays."""
    return orjson.dumps(
        document, option=orjson.OPT_SERIALIZE_NUMPY | orjson.OPT_PASSTHROUGH_SUBCLASS, default=_plain
    )


def _plain(value: Any) -> Any:
    if isinstance(value, np.ndarray):  # orjson takes C-contiguous numeric arrays only
        return np.ascontiguousarray(value) if value.dtype != object else value.tolist()
    if isinstance(value, pd.Timestamp):
        return value.date()
    if value is pd.NaT or value is pd.NA:
        return None
    raise TypeError(f"{type(value)} in an answer")


def frame_of(rows: Sequence[Any]) -> pd.DataFrame:
    """Frame of pydantic rows, one column a field."""
    return pd.DataFrame([row.model_dump() for row in rows])


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as JSON-able dicts: days as dates, what is missing as null."""
    plain = frame.copy()
    for name in plain.columns:
        if pd.api.types.is_datetime64_any_dtype(plain[name]):
            plain[name] = plain[name].dt.strftime("%Y-%m-%d")
    plain = plain.astype(object)
    found: list[dict[str, Any]] = plain.where(plain.notna(), None).to_dict("records")
    return found


def header(served: Served, unanswered: list[dict[str, Any]]) -> dict[str, Any]:
    """Return what every answer says."""
    return {"model": served.version, "as_of": str(served.as_of.date()), "unanswered": unanswered}


def known_rows(served: Served, ids: Sequence[str]) -> tuple[NDArray[np.int64], list[dict[str, Any]]]:
    """Rows (m,) of the served's forecast for those `ids` it has, in their order, and the others as `unanswered`.

    Raises
    ------
    Problem
        404 when it has none of them.
    """
    rows = np.array([served.row_of.get(sku, -1) for sku in ids], np.int64)
    unknown = [sku for sku, row in zip(ids, rows, strict=True) if row < 0]
    if len(unknown) == len(ids):
        shown = ", ".join(unknown[:3]) + (", …" if len(unknown) > 3 else "")
        raise Problem(404, "unknown_sku", f"no forecast for {shown}; /skus lists the SKUs that have one")
    return rows[rows >= 0], [{"unique_id": sku, "reason": "unknown_sku"} for sku in unknown]


def _at_levels(levels: Array, values: Array, wanted: Array) -> Array:
    """Quantiles (…, Q) at `wanted` levels: (…, len(wanted))."""
    flat = Distribution(levels, values.reshape(-1, values.shape[-1]))
    at = np.searchsorted(levels, wanted)
    if at.max() < len(levels) and np.allclose(levels[at], wanted, atol=1e-9):
        return np.ascontiguousarray(values[..., at])
    picked = flat.quantile(np.broadcast_to(wanted, (len(flat), len(wanted))))
    return picked.reshape(*values.shape[:-1], len(wanted))


def forecast_answer(served: Served, asked: ForecastRequest) -> dict[str, Any]:
    """Answer `/v1/forecast`.

    Raises
    ------
    Problem
        404 when no SKU is known, 422 when the horizon is longer than the trained one or the answer too long.
    """
    forecast = served.forecast
    h = asked.horizon or forecast.horizon
    if h > forecast.horizon:
        raise Problem(
            422,
            "horizon",
            f"horizon is {h} periods, this model was trained for {forecast.horizon}; "
            "ask for less, or train with a longer demand.horizon",
            trained_horizon=forecast.horizon,
        )
    rows, unanswered = known_rows(served, asked.unique_ids)
    _check_length(asked, len(rows), h)
    wanted = np.asarray(asked.levels)
    columns: dict[str, Any] = {
        "unique_id": forecast.unique_ids[rows],
        "demand_class": forecast.demand_class[rows],
        "reason": forecast.reason[rows],
        "mean": forecast.mean[rows, :h],
        "quantiles": _at_levels(forecast.levels, forecast.quantiles[rows, :h], wanted),
    }
    if asked.cumulative:
        columns["cumulative_mean"] = forecast.cumulative_mean[rows, :h]
        columns["cumulative_quantiles"] = _at_levels(forecast.levels, forecast.cumulative[rows, :h], wanted)
    names = tuple(columns)
    forecasts = [dict(zip(names, values, strict=True)) for values in zip(*columns.values(), strict=True)]
    return header(served, unanswered) | {
        "ds": [str(day)[:10] for day in forecast.starts[:h]],
        "levels": list(asked.levels),
        "forecasts": forecasts,
    }


def _check_length(asked: ForecastRequest, skus: int, h: int) -> None:
    numbers = skus * h * (1 + len(asked.levels)) * (2 if asked.cumulative else 1)
    if numbers > MOST_NUMBERS:
        raise Problem(
            422,
            "too_long",
            f"the answer would hold {numbers:,} numbers ({skus:,} SKUs, {h} periods, {len(asked.levels)} levels), "
            f"{MOST_NUMBERS:,} is the most; ask for fewer unique_ids, levels or periods at a time",
        )


def lead_time_rows(
    served: Served, supplier_id: Sequence[str], unique_id: Sequence[str | None]
) -> pd.DataFrame:
    """Rows as the lead-time model takes them, ordered on the day of the answer."""
    rows = pd.DataFrame({"supplier_id": list(supplier_id), "unique_id": list(unique_id)}, dtype=object)
    items = served.inputs.items.drop_duplicates("unique_id").set_index("unique_id")["category"]
    rows["category"] = rows["unique_id"].map(items).astype(object)
    rows["ordered_at"] = served.as_of
    days = contract_days(served.inputs.offers, rows["supplier_id"], rows["unique_id"], served.as_of)
    return rows.assign(contract_days=days)


def lead_time_laws(served: Served, rows: pd.DataFrame) -> Distribution:
    """Lead time of each of the `rows`; one without a SKU gets the even mixture over the SKUs bought there last."""
    model = served.lead_times
    values = model.predict(rows).values.copy()
    whole = np.flatnonzero(rows["unique_id"].isna().to_numpy(bool))
    if len(whole) == 0 or served.bought.empty:
        return Distribution(LEAD_TIME_LEVELS, values)
    wanted = served.bought[served.bought["supplier_id"].isin(rows["supplier_id"].iloc[whole])]
    lanes = wanted.groupby("supplier_id").head(LANES_OF_A_SUPPLIER)
    laws = model.predict(lead_time_rows(served, lanes["supplier_id"], lanes["unique_id"])).values
    for supplier_id, at in lanes.groupby("supplier_id").indices.items():
        mine = whole[(rows["supplier_id"].iloc[whole] == supplier_id).to_numpy()]
        values[mine] = np.quantile(laws[at], LEAD_TIME_LEVELS)
    return Distribution(LEAD_TIME_LEVELS, values)


def known_suppliers(
    served: Served, rows: pd.DataFrame
) -> tuple[NDArray[np.bool_], pd.DataFrame, list[dict[str, Any]]]:
    """Which `rows` (n,) have a supplier that is known, where each lead time is from, the others as `unanswered`.

    Raises
    ------
    Problem
        404 when none is known.
    """
    source = served.lead_times.describe(rows)
    learned = source["source"].isin(["learned", "contract"])
    known = (learned | rows["supplier_id"].isin(served.supplier_ids)).to_numpy(bool)
    if not known.any():
        name = rows["supplier_id"].iloc[0]
        raise Problem(404, "unknown_supplier", f"no supplier {name}; /suppliers lists those there are")
    unanswered = [
        {"supplier_id": row.supplier_id, "unique_id": row.unique_id, "reason": "unknown_supplier"}
        for row in rows[~known].itertuples()
    ]
    return known, source, unanswered


def lead_time_answer(served: Served, asked: LeadTimeRequest) -> dict[str, Any]:
    """Answer `/v1/lead_time`.

    Raises
    ------
    Problem
        404 when none of the suppliers is known.
    """
    rows = lead_time_rows(served, [p.supplier_id for p in asked.pairs], [p.unique_id for p in asked.pairs])
    known, source, unanswered = known_suppliers(served, rows)
    rows, source = rows[known].reset_index(drop=True), source[known].reset_index(drop=True)
    law = lead_time_laws(served, rows)
    wanted = np.asarray(asked.levels)
    columns = {
        "supplier_id": rows["supplier_id"].tolist(),
        "unique_id": rows["unique_id"].tolist(),
        "source": source["source"].tolist(),
        "n_orders": source["n_orders"].tolist(),
        "mean": law.mean().tolist(),
        "sd": law.std().tolist(),
        "quantiles": law.quantile(np.broadcast_to(wanted, (len(law), len(wanted)))).tolist(),
    }
    names = tuple(columns)
    return header(served, unanswered) | {
        "levels": list(asked.levels),
        "lead_times": [
            dict(zip(names, values, strict=True)) for values in zip(*columns.values(), strict=True)
        ],
    }
