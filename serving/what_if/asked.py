"""What is asked: a change of one SKU, or of all that a supplier sells, assessed beside today; nothing is stored."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from planning.inputs import numbers_by_sku
from planning.planner import Planner
from planning.what_if.change import Change, WhatIfError
from planning.what_if.play_change import WhatIf, play_change
from serving.http.problems import Problem
from serving.state.lookup import NO_PLAN, known_skus
from serving.state.served import Served
from serving.what_if.read_change import read_change

MOST_PLAYED = 30
"""SKUs of a supplier up to which each is played, as in a plan: it must not take longer than two seconds."""

MOST_ASSESSED = 1_200
"""SKUs of a supplier that are assessed at most, the ones with the highest use; one that may perish counts for four,
since what it costs is played all the same."""

_PERISHABLE = 4

_NEVER_PLAYED = 1e15
"""`policy.played_from` from which nothing is played: reorder points by the closed form."""


@dataclass(frozen=True)
class Asked:
    """What was asked and what it comes to.

    Attributes
    ----------
    played : every SKU was played, as a plan does it; else both sides are by the closed form
    skus : SKUs assessed, of `all_skus` that the supplier sells or could sell
    """

    what_if: WhatIf
    played: bool
    skus: int
    all_skus: int


def ask_of_sku(served: Served, unique_id: str, query: Mapping[str, str]) -> Asked:
    """Return what a change comes to for one SKU; the supplier's terms are those of the query's `supplier_id`.

    Without one they are those of the supplier that the plan buys it from.

    Raises
    ------
    Problem
        404 for an unknown SKU, 409 for one that cannot be planned, 422 for a change that cannot be made.
    """
    known_skus(served, [unique_id])
    if served.snapshot is None:
        raise Problem(503, "no_plan", NO_PLAN)
    inputs = served.sku_rows.inputs_of([unique_id])
    supplier_id = query.get("supplier_id") or served.planned_supplier.get(unique_id)
    if supplier_id is None:
        raise Problem(
            409, "not_planned", f"nobody is known to supply {unique_id}; add an offer and plan again"
        )
    sellers = {*inputs.offers["supplier_id"], served.planned_supplier.get(unique_id)} - {None}
    if supplier_id not in sellers:
        raise Problem(
            422,
            "invalid_request",
            f"supplier_id is {supplier_id!r}, expected one that sells {unique_id}: {', '.join(sorted(sellers))}",
        )
    return _ask(served, [unique_id], read_change(query, supplier_id, served.as_of), played=True)


def ask_of_supplier(served: Served, supplier_id: str, query: Mapping[str, str]) -> Asked:
    """Return what a change comes to for all SKUs that are bought from a supplier or offered by it.

    Raises
    ------
    Problem
        404 for a supplier that sells nothing, 422 for a change that cannot be made.
    """
    if served.snapshot is None:
        raise Problem(503, "no_plan", NO_PLAN)
    offered = served.inputs.offers
    sold = offered.loc[offered["supplier_id"] == supplier_id, "unique_id"]
    bought = [sku for sku, supplier in served.planned_supplier.items() if supplier == supplier_id]
    skus = [sku for sku in dict.fromkeys([*bought, *sold]) if sku in served.row_of]
    if not skus:
        raise Problem(
            404,
            "unknown_supplier",
            f"no supplier {supplier_id} sells a SKU; /suppliers lists those there are",
        )
    change = read_change(query, supplier_id, served.as_of)
    asked = _ask(served, _most_used(served, skus), change, played=len(skus) <= MOST_PLAYED)
    return replace(asked, all_skus=len(skus))


def ask_of_skus(served: Served, skus: list[str], change: Change) -> WhatIf | None:
    """Return what a change comes to for SKUs that are bought from one supplier, each played; none: none has a plan.

    Raises
    ------
    Problem
        422 for a change that cannot be made.
    """
    try:
        return _ask(served, skus, change, played=True).what_if
    except Problem as problem:
        if problem.code == "not_planned":
            return None
        raise


def _most_used(served: Served, skus: list[str]) -> list[str]:
    """The SKUs that are asked about: all, or of very many those with the highest expected demand in money."""
    ids, items = np.array(skus, object), served.inputs.items
    use = served.forecast.cumulative_mean[[served.row_of[sku] for sku in skus], -1]
    use = use * np.nan_to_num(numbers_by_sku(items, "unit_cost", ids), nan=1.0)
    order = np.argsort(-use, kind="stable")
    perishable = ~np.isnan(numbers_by_sku(items, "shelf_life_days", ids[order]))
    work = np.cumsum(np.where(perishable, _PERISHABLE, 1))
    return [skus[row] for row in order[work <= MOST_ASSESSED]]


def _ask(served: Served, skus: list[str], change: Change, *, played: bool) -> Asked:
    """Assess the SKUs that are asked about, as they are and with the change: played, or by the closed form."""
    rows, _ = known_skus(served, skus)
    planner: Planner = served.planner(served.forecast.select(rows))
    if not played:
        planner = replace(planner, policy=planner.policy.model_copy(update={"played_from": _NEVER_PLAYED}))
    try:
        found = play_change(planner, served.sku_rows.inputs_of(skus), change)
    except WhatIfError as error:
        raise Problem(422, "invalid_request", str(error)) from None
    if found.before.empty:
        raise Problem(
            409, "not_planned", f"{skus[0]} has no plan to compare with; its page says what is missing"
        )
    return Asked(found, played, len(skus), len(skus))
