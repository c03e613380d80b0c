"""A job's rows in chunks: each chunk is a direct call about some of the SKUs, so that its numbers are that call's."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
import pandas as pd
import pyarrow as pa

from serving.api.answer_format import answer_header
from serving.api.forecast_answer import forecast_answer
from serving.api.plan_answer import plan_answer
from serving.api.request_schemas import ForecastRequest, PlanRequest
from serving.http.json_encoding import encode_json
from serving.http.problems import Problem
from serving.service_jobs.job_requests import ForecastJob, PlanJob, WhatIfJob
from serving.service_jobs.what_if_rows import WHAT_IF_SCHEMA, what_if_chunk, what_if_groups
from serving.state.lookup import NO_PLAN
from serving.state.served import Served

Row = dict[str, Any]

CHUNK = {"forecast": 500, "plan": 50, "what_if": 25}
"""SKUs of a chunk: a second's work or less, after which a job can be cancelled."""

UNANSWERED = pa.field("unanswered", pa.string())
"""Last column of every result: why a SKU has no answer; null where it has one."""

_NUMBERS = pa.list_(pa.float64())
FORECAST_SCHEMA = pa.schema(
    [
        ("unique_id", pa.string()),
        ("demand_class", pa.string()),
        ("reason", pa.string()),
        ("mean", _NUMBERS),
        ("quantiles", pa.list_(_NUMBERS)),
        ("cumulative_mean", _NUMBERS),
        ("cumulative_quantiles", pa.list_(_NUMBERS)),
        UNANSWERED,
    ]
)


@dataclass(frozen=True)
class JobRows:
    """What a job works out.

    Attributes
    ----------
    header : what holds for all rows: model, as_of and the like
    schema : columns of the rows
    chunks : for each chunk how many SKUs it is about, and what gives its rows
    total : SKUs in all
    """

    header: dict[str, Any]
    schema: pa.Schema
    chunks: Iterator[tuple[int, Callable[[], list[Row]]]]
    total: int


def job_rows(served: Served, asked: ForecastJob | PlanJob | WhatIfJob) -> JobRows:
    """Return the rows of a job, not yet worked out, of what is served now.

    Raises
    ------
    Problem
        422 for what cannot be meant, 503 where it needs a plan run and there is none.
    """
    if isinstance(asked, ForecastJob):
        return _forecast_rows(served, asked)
    if served.snapshot is None or served.run is None:
        raise Problem(503, "no_plan", NO_PLAN)
    header = answer_header(served, []) | {"plan": served.run.id, "currency": served.currency}
    if isinstance(asked, PlanJob):
        return _plan_rows(served, asked, header | ({"as_of": str(asked.as_of)} if asked.as_of else {}))
    groups = what_if_groups(served, asked)

    def chunks() -> Iterator[tuple[int, Callable[[], list[Row]]]]:
        for supplier_id, skus in groups:
            for part in _parts(skus, CHUNK["what_if"]):
                yield len(part), _later(what_if_chunk, served, asked, supplier_id, part)

    return JobRows(header, WHAT_IF_SCHEMA, chunks(), sum(len(skus) for _, skus in groups))


def _forecast_rows(served: Served, asked: ForecastJob) -> JobRows:
    """Rows of forecasts, as `/v1/forecast` has them."""
    ids = _wanted(asked.unique_ids, list(served.row_of))
    fields = asked.model_dump(exclude={"kind", "unique_ids"})
    first = next(iter(served.row_of))
    document = forecast_answer(
        served, ForecastRequest(unique_ids=[first], **fields)
    )  # refuses what cannot be
    header = {name: document[name] for name in ("model", "as_of", "ds", "levels")}

    def rows(part: list[str]) -> list[Row]:
        known = [sku for sku in part if sku in served.row_of]
        if not known:
            return _unanswered(part, "unknown_sku")
        answer = forecast_answer(served, ForecastRequest(unique_ids=known, **fields))
        found = orjson.loads(encode_json({"rows": answer["forecasts"]}))["rows"]
        return _in_order(part, found, {sku: "unknown_sku" for sku in part if sku not in served.row_of})

    return JobRows(header, FORECAST_SCHEMA, _chunked(ids, CHUNK["forecast"], rows), len(ids))


def _plan_rows(served: Served, asked: PlanJob, header: dict[str, Any]) -> JobRows:
    """Rows of a plan, as `/v1/plan` has them."""
    assert served.snapshot is not None
    ids = _wanted(asked.unique_ids, list(served.row_of))

    def rows(part: list[str]) -> list[Row]:
        known = [sku for sku in part if sku in served.row_of]
        if not known:
            return _unanswered(part, "unknown_sku")
        answer = plan_answer(served, PlanRequest(unique_ids=known, as_of=asked.as_of))
        why = {each["unique_id"]: each["reason"] for each in answer["unanswered"] if each.get("unique_id")}
        return _in_order(part, answer["plan"], dict.fromkeys(set(part) - set(known), "unknown_sku") | why)

    return JobRows(header, _plan_schema(served.snapshot.plan), _chunked(ids, CHUNK["plan"], rows), len(ids))


def _plan_schema(plan: pd.DataFrame) -> pa.Schema:
    """Columns of a plan's rows, of the kinds that the plan run's own table has."""
    kinds = [(str(name), _kind(plan[name])) for name in plan.columns]
    return pa.schema([*kinds, UNANSWERED])


def _kind(column: pd.Series) -> pa.DataType:
    if pd.api.types.is_datetime64_any_dtype(column):
        return pa.date32()
    if pd.api.types.is_bool_dtype(column):
        return pa.bool_()
    return pa.float64() if pd.api.types.is_numeric_dtype(column) else pa.string()


def _wanted(asked: Sequence[str] | None, every: list[str]) -> list[str]:
    """SKUs that a job is about, each once: those it names, else all."""
    return every if asked is None else list(dict.fromkeys(asked))


def _parts(skus: list[str], size: int) -> Iterator[list[str]]:
    for start in range(0, len(skus), size):
        yield skus[start : start + size]


def _chunked(
    skus: list[str], size: int, rows: Callable[[list[str]], list[Row]]
) -> Iterator[tuple[int, Callable[[], list[Row]]]]:
    """Chunks of a job's SKUs with what gives the rows of each."""
    for part in _parts(skus, size):
        yield len(part), _later(rows, part)


def _later(work: Callable[..., list[Row]], *arguments: Any) -> Callable[[], list[Row]]:
    return lambda: work(*arguments)


def _in_order(part: list[str], found: list[Row], why: dict[str, str]) -> list[Row]:
    """Rows of a chunk in the order of its SKUs; those without an answer say why."""
    by_sku = {row["unique_id"]: row | {"unanswered": None} for row in found}
    return [by_sku.get(sku) or _unanswered([sku], why.get(sku, "not_planned"))[0] for sku in part]


def _unanswered(skus: list[str], why: str) -> list[Row]:
    return [{"unique_id": sku, "unanswered": why} for sku in skus]
