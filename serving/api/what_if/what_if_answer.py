"""The answer of `/v1/what-if`: what a plan would say with a change, beside what it says, and the differences."""

from typing import Any

import pandas as pd
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from planning.what_if.outcomes import NUMBERS
from planning.what_if.play_change import WhatIf
from serving.http.json_encoding import encode_json, json_records
from serving.http.problems import Problem
from serving.http.query_parameters import check_parameters, int_parameter
from serving.state.follower import follower_of
from serving.what_if.asked import MOST_ASSESSED, Asked, ask_of_sku, ask_of_supplier
from serving.what_if.change_fields import FIELDS


def get_what_if(request: Request) -> Response:
    """Route `GET /v1/what-if`: a change of the SKU `unique_id`, or of all SKUs of `supplier_id`; nothing is stored."""
    check_parameters(request, "unique_id", "supplier_id", "limit", *(field.name for field in FIELDS))
    served, query = follower_of(request).current(), request.query_params
    unique_id, supplier_id = query.get("unique_id"), query.get("supplier_id")
    if unique_id:
        asked = ask_of_sku(served, unique_id, query)
    elif supplier_id:
        asked = ask_of_supplier(served, supplier_id, query)
    else:
        raise Problem(
            422, "invalid_request", "unique_id and supplier_id are missing, expected one of them at least"
        )
    answer = {
        "model": served.version,
        "as_of": str(served.as_of.date()),
        "currency": served.currency,
        **what_if_document(asked, int_parameter(request, "limit", 10, MOST_ASSESSED)),
    }
    return Response(encode_json(answer), media_type="application/json")


def what_if_document(asked: Asked, most: int) -> dict[str, Any]:
    """Answer for a change that was asked about: its sums, and the `most` SKUs that it moves most."""
    found = asked.what_if
    return {
        "supplier_id": found.change.supplier_id,
        "played": asked.played,
        "skus": asked.skus,
        "all_skus": asked.all_skus,
        "sums": dict(zip(found.sums.index, json_records(found.sums), strict=True)),
        "moved_most": _moved(found, most),
    }


def _moved(found: WhatIf, most: int) -> list[dict[str, Any]]:
    """The SKUs that a change moves most in the answer, each with today's numbers, the new ones and the differences."""
    ids = found.moved_most(most)["unique_id"] if len(found.before) > 1 else found.before.index
    sides = [json_records(table.loc[list(ids)]) for table in (found.before, found.after)]
    gaps = json_records(found.difference.loc[list(ids), list(NUMBERS)])
    return [
        {"unique_id": sku, "before": before, "after": after, "difference": gap}
        for sku, before, after, gap in zip(pd.Index(ids), *sides, gaps, strict=True)
    ]


WHAT_IF_RESOURCES = [Route("/v1/what-if", get_what_if)]
