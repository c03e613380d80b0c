"""What an assistant can ask: forecasts, lead times, plans, the worklist, and why; the same answers as the API's."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from threading import Lock
from typing import Any

import orjson
from pydantic import BaseModel, ValidationError

from database import plan_runs
from database.recommendations import RecommendationFilter, list_recommendations
from planning.levers.lever_catalog import LEVERS
from serving.api.explanation_answer import explanation_answer
from serving.api.forecast_answer import forecast_answer
from serving.api.lead_time_answers import lead_time_answer
from serving.api.plan_answer import plan_answer
from serving.api.request_schemas import ForecastRequest, LeadTimeRequest, PlanRequest
from serving.http.framework_errors import validation_problem
from serving.http.json_encoding import encode_json
from serving.http.problems import Problem
from serving.mcp_server.call_limits import CallLimits
from serving.state.business_day import business_day
from serving.state.follower import Follower
from serving.state.served import Served

LEVELS = (0.1, 0.5, 0.9)
"""Chances of the quantiles that an assistant gets."""

_REFRESH_SECONDS = 1.0
Document = dict[str, Any]


class AssistantTools:
    """Answers an assistant from what a home serves, within limits; many threads may ask at once."""

    def __init__(self, follower: Follower, limits: CallLimits) -> None:
        self._follower, self._limits = follower, limits
        self._lock, self._refreshed = Lock(), time.monotonic()

    def forecast(self, unique_ids: list[str], horizon: int | None = None) -> Document:
        """Expected demand of SKUs and its quantiles at 10, 50 and 90 %, by period and cumulative, in units."""
        self._limits.count(unique_ids)
        return self._answer(
            forecast_answer, ForecastRequest, unique_ids=unique_ids, horizon=horizon, levels=LEVELS
        )

    def lead_time(self, supplier_ids: list[str], unique_id: str | None = None) -> Document:
        """Lead times of suppliers in days, of one SKU or of all that they deliver: mean, spread and quantiles."""
        self._limits.count(supplier_ids)
        pairs = [{"supplier_id": name, "unique_id": unique_id} for name in supplier_ids]
        return self._answer(lead_time_answer, LeadTimeRequest, pairs=pairs, levels=LEVELS)

    def plan(self, unique_ids: list[str]) -> Document:
        """What to order today of SKUs, with reorder point, safety stock, chance of a stockout and the reason."""
        self._limits.count(unique_ids)
        return self._answer(plan_answer, PlanRequest, unique_ids=unique_ids)

    def worklist(
        self,
        kind: str | None = None,
        supplier_id: str | None = None,
        unique_id: str | None = None,
        limit: int = 20,
    ) -> Document:
        """Sourcing actions that are open, what brings most for its effort first: worth in money, evidence, act by."""
        self._limits.count(range(min(limit, 1_000_000)))  # a range of 2**70 has no length
        if kind is not None and kind not in LEVERS:
            raise Problem(
                422, "invalid_request", f"kind: {kind!r:.60} is not known; there are {', '.join(LEVERS)}"
            )
        served = self._served()
        _check_known(served, supplier_id, unique_id)
        where = RecommendationFilter(
            "open", kind, supplier_id=supplier_id, unique_id=unique_id, held_back=False
        )
        actions = self._actions(where, max(limit, 0))
        return {"as_of": str(served.as_of.date()), "currency": served.currency, "actions": actions}

    def why(self, unique_id: str) -> Document:
        """Why a SKU is forecast and ordered as it is: parts of its demand in sentences, its plan, its open actions."""
        self._limits.count([unique_id])
        served = self._served()
        _check_known(served, None, unique_id)
        answer = self._answer(plan_answer, PlanRequest, unique_ids=[unique_id])
        try:
            periods = explanation_answer(served, unique_id, None)["periods"]
        except Problem as problem:  # a model that cannot explain has a plan all the same
            periods, said = [], problem.detail
        else:
            said = ""
        return {
            "as_of": answer["as_of"],
            "demand": [period["sentence"] for period in periods] or [said],
            "plan": answer["plan"],
            "unanswered": answer["unanswered"],
            "actions": self._actions(RecommendationFilter("open", unique_id=unique_id), 20),
        }

    def _answer(
        self, make: Callable[[Served, Any], Mapping[str, Any]], shape: type[BaseModel], **fields: Any
    ) -> Document:
        """Answer of a typed call to the fields of its request."""
        try:
            request = shape.model_validate(fields)
        except ValidationError as error:
            raise validation_problem(error, orjson.dumps(fields)) from None
        found: Document = orjson.loads(encode_json(dict(make(self._served(), request))))
        return found

    def _actions(self, where: RecommendationFilter, most: int) -> list[Document]:
        """Recommended actions as an assistant reads them."""
        engine = self._follower.engine
        today = business_day(plan_runs.latest(engine))
        rows = list_recommendations(engine, where, today=today, part=(0, most))
        shown: Sequence[str] = (
            "action_id", "kind", "unique_id", "supplier_id", "alternative_supplier_id", "quantity", "worth",
            "worth_period", "act_by", "title", "evidence", "confidence", "assignee",
        )  # fmt: skip
        found: list[Document] = orjson.loads(
            orjson.dumps([{name: asdict(row)[name] for name in shown} for row in rows])
        )
        return found

    def _served(self) -> Served:
        """What is served now, looked up anew after a second."""
        with self._lock:
            if time.monotonic() - self._refreshed > _REFRESH_SECONDS:
                self._follower.refresh()
                self._refreshed = time.monotonic()
        return self._follower.current()


def _check_known(served: Served, supplier_id: str | None, unique_id: str | None) -> None:
    """Refuse ids that there are none of: an empty list would not say that they are misspelt."""
    if supplier_id is not None and supplier_id not in served.supplier_ids:
        raise Problem(
            422, "invalid_request", f"supplier_id: no supplier {supplier_id!r:.60} in the plan's tables"
        )
    if unique_id is not None and unique_id not in served.row_of:
        raise Problem(422, "invalid_request", f"unique_id: no forecast for {unique_id!r:.60}")
