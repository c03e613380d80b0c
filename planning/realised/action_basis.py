"""What an action's worth stands on: of each SKU the terms today and after it, its stock, and the order that changes.

Plans keep it with every action, a decision freezes it, and what the action brought is found by playing both terms on
what really came.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import orjson
import pandas as pd
from numpy.typing import NDArray

from planning.assessment import Assessment
from planning.lanes.lane_terms import LaneTerms
from planning.levers.lever_lines import LINE_COLUMNS
from planning.levers.lever_plays import LeverPlays
from planning.realised.lane_basis import LEAD_LEVELS, LaneBasis, lane_bases

_EARLY = "engage_early"
_COMES = ("earlier_days", "spread_factor", "order_days", "review_days", "moq", "order_multiple")
"""Terms of lines that change when goods come, and in what lots: with smaller ones a target needs more stock."""


def action_bases(
    plays: LeverPlays, actions: pd.DataFrame, lines: Sequence[pd.DataFrame]
) -> NDArray[np.object_]:
    """Bases of n actions as JSON texts (n,): `as_of`, `horizon_days`, `lost_sales`, and `skus`, a list of objects.

    Of each SKU `unique_id`, `on_hand` and `owed` (units), `before` and `after` (`LaneBasis.facts`; no `after`: as
    before), `line` of an open order that changes (order_id, line, units, price, `never`: probability that it does not
    come, and `days` until it arrives at `LEAD_LEVELS`), and `ordered`, units ordered today beyond the plan.

    Parameters
    ----------
    actions : action table
    lines : `LINE_COLUMNS` of the yearly levers
    """
    found = _of_lines(plays, actions, lines) | _of_orders(plays.assessment, actions)
    policy = plays.assessment.setting.policy
    head = {
        "as_of": f"{plays.assessment.setting.as_of:%Y-%m-%d}",
        "horizon_days": policy.budget_horizon_days,
        "lost_sales": policy.lost_sales,
    }
    texts = [
        orjson.dumps(head | {"skus": found.get(action_id, [])}).decode()
        for action_id in actions["action_id"].tolist()
    ]
    return np.array(texts, object)


def _of_lines(
    plays: LeverPlays, actions: pd.DataFrame, lines: Sequence[pd.DataFrame]
) -> dict[str, list[dict[str, Any]]]:
    """Action → its SKUs, of levers that change terms: as they are, and as the lines that are left would have them."""
    every = pd.concat([some for some in lines if len(some)] or [pd.DataFrame()], ignore_index=True)
    if every.empty:
        return {}
    every = every[every["action_id"].isin(actions["action_id"])].reset_index(drop=True)
    every = every[_kept(actions, every)].reset_index(drop=True)
    found: dict[str, list[dict[str, Any]]] = {}
    for chosen, rows in plays.in_settings(every):
        some = every.iloc[rows]
        after = _after(chosen, some.reset_index(drop=True), played=chosen is not plays)
        skus = plays.skus(some)
        before = _bases(plays.assessment, plays.assessment.chosen_terms.select(skus))
        state = _state(plays.assessment, skus)
        for action_id, unique_id, of_sku, old, new in zip(
            some["action_id"], some["unique_id"], state, before, after, strict=True
        ):
            sku = {"unique_id": unique_id, **of_sku, "before": old.facts(), "after": new.facts()}
            found.setdefault(action_id, []).append(sku)
    return found


def _after(plays: LeverPlays, lines: pd.DataFrame, *, played: bool) -> list[LaneBasis]:
    """Bases of lines after them: met in play where the SKU moves or comes otherwise, or where all are `played`.

    Of the others, which are most, the reorder point moves as the closed form's does.
    """
    chosen = plays.assessment.chosen_lane[plays.skus(lines)]
    moves = (lines["lane"].to_numpy(np.intp) != chosen) | lines[list(_COMES)].notna().any(axis=1).to_numpy(
        bool
    )
    found: dict[int, LaneBasis] = {}
    for some, by_play in ((np.flatnonzero(moves | played), True), (np.flatnonzero(~(moves | played)), False)):
        if len(some):
            part = lines.iloc[some].reset_index(drop=True)
            terms = plays.terms(part) if by_play else _shifted(plays, part)
            found |= dict(zip(some.tolist(), _bases(plays.assessment, terms), strict=True))
    return [found[i] for i in range(len(lines))]


def _shifted(plays: LeverPlays, lines: pd.DataFrame) -> LaneTerms:
    """Terms of lines on the lanes that are bought through today, with the reorder point as played today, shifted."""
    now = plays.formula_terms(lines[["action_id", "unique_id", "lane"]].reindex(columns=LINE_COLUMNS))
    then = plays.formula_terms(lines)
    today = plays.assessment.lane_terms.select(lines["lane"].to_numpy(np.intp))
    point = np.maximum(today.reorder_point + then.reorder_point - now.reorder_point, 0.0)
    return replace(then, reorder_point=point, order_up_to=point + then.order_up_to - then.reorder_point)


def _kept(actions: pd.DataFrame, lines: pd.DataFrame) -> NDArray[np.bool_]:
    """Lines (k,) that their action still has: where its facts list lines, those."""
    listed = {}
    for action_id, facts in zip(actions["action_id"], actions["facts"], strict=True):
        of_action = orjson.loads(facts).get("lines") if isinstance(facts, str) else None
        if of_action:
            listed[action_id] = {line["unique_id"] for line in of_action}
    pairs = zip(lines["action_id"], lines["unique_id"], strict=True)
    return np.array([sku in listed.get(action, {sku}) for action, sku in pairs], bool)


def _of_orders(assessment: Assessment, actions: pd.DataFrame) -> dict[str, list[dict[str, Any]]]:
    """Action → its one SKU, of actions about an open order line, and of those that order today."""
    facts = [orjson.loads(text) if isinstance(text, str) else {} for text in actions["facts"]]
    named = np.array(["order_id" in fact and "line" in fact for fact in facts], bool)
    some = np.flatnonzero(named | (actions["kind"] == _EARLY).to_numpy(bool))
    rows = pd.Index(assessment.forecast.unique_ids).get_indexer(actions["unique_id"].iloc[some])
    some, rows = some[rows >= 0], rows[rows >= 0]
    if not len(some):
        return {}
    bases = _bases(assessment, assessment.chosen_terms.select(rows))
    lines = _open_lines(assessment, {(str(fact.get("order_id")), str(fact.get("line"))) for fact in facts})
    state = _state(assessment, rows)
    found = {}
    for at, of_sku, basis in zip(some.tolist(), state, bases, strict=True):
        action, fact = actions.iloc[at], facts[at]
        line = lines.get((str(fact.get("order_id")), str(fact.get("line"))))
        sku = {"unique_id": action["unique_id"], **of_sku, "before": basis.facts()}
        if line is not None:
            sku["line"] = line
        if action["kind"] == _EARLY:
            sku["ordered"] = float(action["quantity"])
        found[action["action_id"]] = [sku]
    return found


def _open_lines(assessment: Assessment, names: set[tuple[str, str]]) -> dict[tuple[str, str], dict[str, Any]]:
    """Order id and line → that open line: units, price and the days until it arrives at `LEAD_LEVELS`."""
    pipeline = assessment.pipeline
    ids, numbers = (pipeline.orders[name].astype(str).tolist() for name in ("order_id", "line"))
    each = list(zip(ids, numbers, strict=True))
    rows = [i for i, name in enumerate(each) if name in names]
    if not rows:
        return {}
    price = pipeline.unit_price(assessment.chosen_terms.costs.unit)
    days = pipeline.remaining[np.array(rows)].quantiles_at(LEAD_LEVELS)
    return {
        each[i]: {
            "order_id": each[i][0],
            "line": each[i][1],
            "units": float(pipeline.orders["quantity_open"].iloc[i]),
            "price": None if np.isnan(price[i]) else float(price[i]),
            "never": round(float(pipeline.never[i]), 4),
            "days": np.round(days[k].astype(float), 2).tolist(),
        }
        for k, i in enumerate(rows)
    }


def _bases(assessment: Assessment, terms: Any) -> list[LaneBasis]:
    """Bases of lanes on some terms."""
    return lane_bases(terms, assessment.inputs.items, assessment.setting)


def _state(assessment: Assessment, rows: NDArray[np.intp]) -> list[dict[str, float]]:
    """Stock on hand and units owed of some SKUs (k,), as the plan saw them; none where the stock is not known."""
    stock = assessment.decision.stock
    on_hand, owed = np.nan_to_num(stock.on_hand[rows]), np.nan_to_num(stock.backorders[rows])
    return [{"on_hand": float(a), "owed": float(b)} for a, b in zip(on_hand, owed, strict=True)]
