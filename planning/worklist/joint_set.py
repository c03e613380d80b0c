"""Yearly levers on the same SKUs resolved in play: each is worth what it brings beside those that bring more."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from configs.formats import money
from distributions.distribution import Array
from planning.actions.action_table import COLUMNS, set_worth
from planning.actions.played_worth import SCENARIOS, PlayedWorth
from planning.levers.bundles import keep_lines
from planning.levers.lever_lines import LINE_COLUMNS, OFFER_TERMS, OTHER_TERMS, LeverResult, no_lines
from planning.levers.lever_plays import LeverPlays
from planning.worklist.contradictions import without_contradictions
from planning.worklist.one_plan import worth_in_horizon

_TERMS = [*OFFER_TERMS, *OTHER_TERMS]
_BETTER = {
    "earlier_days": np.maximum,
    "payment_days": np.fmax,
    **dict.fromkeys(("spread_factor", "holding_factor", "price_factor", "delays_with_demand"), np.minimum),
}
"""Terms of which of two agreements the better holds."""


def joint_set(plays: LeverPlays, results: Sequence[LeverResult]) -> pd.DataFrame:
    """All yearly actions, with what each is worth in the joint set, what leaves it too little, and what pays in time.

    First what contradicts each other is resolved, SKU by SKU. Then the best for its effort goes first. An action on a
    SKU that an accepted one has changed is played on top of that, its worth the difference that it still makes; where
    that is no more than its effort it is an alternative. So the worths of the set sum to the worth of the set.

    Returns
    -------
    DataFrame
        `COLUMNS`; `beside`, the action_id of what leaves an action too little, or empty; `share_in_horizon`, the share
        of its year that pays within the budget horizon
    """
    filled = [result for result in results if len(result.actions)]
    if not filled:
        return pd.DataFrame(columns=[*COLUMNS, "beside", "share_in_horizon"])
    actions = pd.concat([result.actions for result in filled], ignore_index=True).assign(beside="")
    lines = pd.concat(
        [result.lines for result in filled if len(result.lines)] or [no_lines()], ignore_index=True
    )
    actions["share_in_horizon"] = actions["action_id"].map(share_in_horizon(plays, lines))
    effort = np.array([plays.effort(kind) for kind in actions["kind"]])
    in_horizon = worth_in_horizon(actions, plays.assessment)
    lines = without_contradictions(actions.assign(worth_in_horizon=in_horizon, effort=effort), lines)
    actions = _trimmed(plays, actions, lines, effort)
    lines = lines[lines["instead"] == ""].drop(columns="instead")
    gain = worth_in_horizon(actions, plays.assessment) - effort
    standing = (actions["beside"] == "").to_numpy(bool)
    order = np.lexsort((actions["action_id"].astype(str), -gain))
    accepted = _Accepted(plays)
    for some in _rounds(actions["action_id"].to_numpy(object)[order[standing[order]]], lines):
        rows = actions.index[actions["action_id"].isin(some)].to_numpy(np.intp)
        actions = accepted.judge(actions, rows, lines[lines["action_id"].isin(some)], effort)
    return actions


def _trimmed(plays: LeverPlays, actions: pd.DataFrame, lines: pd.DataFrame, effort: Array) -> pd.DataFrame:
    """The actions without the lines that are given up: worth what the others save; of none, beside what is done."""
    given_up = lines[lines["instead"] != ""]
    left = lines[lines["action_id"].isin(given_up["action_id"]) & (lines["instead"] == "")]
    saved = plays.saved(left) if len(left) else np.zeros((0, 1))
    rows = pd.Series(actions.index, actions["action_id"])
    places = left.groupby("action_id").indices
    result = actions.copy()
    for action_id, lost in given_up.groupby("action_id"):
        row, own = int(rows[action_id]), places.get(action_id, np.zeros(0, np.intp))
        if len(own):
            worth = _worth(saved[own], effort[row], plays.assessment.inputs.common_error)
            kept = set(left["unique_id"].iloc[own])
            keep_lines(result, row, kept, worth, plays.assessment.inputs.currency)
        if not len(own) or result.at[row, "worth"] <= effort[row]:
            result.at[row, "beside"] = lost["instead"].mode().iloc[0]
    return result


def _rounds(action_ids: NDArray[np.object_], lines: pd.DataFrame) -> list[set[str]]:
    """Actions, the best first, in rounds: those of one round share no SKU, and what is better was judged before."""
    skus = lines.groupby("action_id")["unique_id"].agg(list).to_dict()
    last: dict[str, int] = {}
    rounds: dict[int, set[str]] = {}
    for action in action_ids:
        number = 1 + max((last.get(sku, -1) for sku in skus.get(action, [])), default=-1)
        rounds.setdefault(number, set()).add(action)
        last |= dict.fromkeys(skus.get(action, []), number)
    return [rounds[number] for number in sorted(rounds)]


class _Accepted:
    """Lines of the actions that are part of the set so far, one a SKU, and which action set them last."""

    def __init__(self, plays: LeverPlays) -> None:
        self.plays, self.lines = plays, no_lines().set_index("unique_id")

    def judge(
        self, actions: pd.DataFrame, rows: NDArray[np.intp], lines: pd.DataFrame, effort: Array
    ) -> pd.DataFrame:
        """The actions with those of `rows` judged, whose lines share no SKU: worth beside the set, and `beside`."""
        lines = lines.reset_index(drop=True)
        taken = lines["unique_id"].isin(self.lines.index)
        again = lines["action_id"].isin(lines.loc[taken, "action_id"]).to_numpy(bool)
        saved = self._saved(lines, taken.to_numpy(bool), again)
        titles = actions.set_index("action_id")["title"]
        places = lines.groupby("action_id").indices
        accepted, result = np.ones(len(lines), bool), actions.copy()
        for row in rows.tolist():
            own = places.get(actions.at[row, "action_id"], np.zeros(0, np.intp))
            if not again[own].any():
                continue
            skus = lines["unique_id"].iloc[own[taken.to_numpy(bool)[own]]]
            other = self.lines.loc[skus, "action_id"].mode().iloc[0]
            worth = _worth(saved[own], effort[row], self.plays.assessment.inputs.common_error)
            if worth.mean[0] <= max(effort[row], 0.0):
                result.at[row, "beside"] = other
                accepted[own] = False
            else:
                each = money(float(worth.mean[0]), self.plays.assessment.inputs.currency)
                set_worth(result, row, worth, f" Beside “{titles[other]}” it brings {each} a year.")
        if accepted.any():
            self._accept(lines[accepted])
        return result

    def _saved(self, lines: pd.DataFrame, taken: NDArray[np.bool_], again: NDArray[np.bool_]) -> Array:
        """What the lines (k,) of actions that are judged `again` save, (k, M): where `taken`, on top of the set."""
        scenarios = np.zeros((len(lines), SCENARIOS))
        if taken.any():
            some = lines[taken]
            before = self.lines.loc[some["unique_id"]].reset_index()[LINE_COLUMNS]
            after = self.plays.then(combined(before, some)).total
            scenarios[taken] = self.plays.then(before).total - after
        alone = again & ~taken
        if alone.any():
            scenarios[alone] = self.plays.saved(lines[alone])
        return scenarios

    def _accept(self, lines: pd.DataFrame) -> None:
        """Take lines, of SKUs that differ, into the set."""
        old = self.lines.reindex(lines["unique_id"]).reset_index()[LINE_COLUMNS]
        old["lane"] = old["lane"].where(old["lane"].notna(), lines["lane"].to_numpy())
        new = combined(old, lines).set_index("unique_id")
        rest = self.lines[~self.lines.index.isin(new.index)]
        self.lines = pd.concat([rest, new]) if len(rest) else new


def combined(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Lines (k,) with what the lines `after` (k,) set anew on top of `before` (k,), row by row.

    What was agreed on lead times and holding costs already is not given back: the better of both holds.
    """
    result: Any = after.reset_index(drop=True).copy()
    for name in _TERMS:
        new, old = result[name].to_numpy(object), before[name].to_numpy(object)
        both = pd.notna(new) & pd.notna(old)
        result[name] = np.where(pd.notna(new), new, old)
        if name in _BETTER and both.any():
            result.loc[both, name] = _BETTER[name](new[both].astype(float), old[both].astype(float))
    return pd.DataFrame(result)


def share_in_horizon(plays: LeverPlays, lines: pd.DataFrame) -> "pd.Series[float]":
    """Share, by action_id, of what the lines bring a year that they bring until the end of the budget horizon.

    A line pays on the demand from the day on that its SKU's stock and open orders of today are used up. One that only
    makes orders cheaper pays with each of them: the first comes when the stock is down to the reorder point, and the
    last before the end of the horizon, on average, half a lot before it. The lines of an action count by their worth.
    """
    assessment, skus = plays.assessment, plays.skus(lines)
    decision, forecast, elapsed = assessment.decision, assessment.forecast, assessment.setting.elapsed
    there = decision.stock.net_stock + decision.stock.pipeline.cover(len(forecast), np.inf)
    above = (
        decision.counted_position + np.nan_to_num(decision.quantity) - assessment.chosen_terms.reorder_point
    )
    others = [name for name in _TERMS if name != "ordering_cost"]
    orders = lines["ordering_cost"].notna() & lines[others].isna().all(axis=1)
    orders &= lines["lane"].to_numpy(np.intp) == assessment.chosen_lane[skus]
    lot = np.where(orders, np.nan_to_num(assessment.chosen_terms.order_size[skus]), 0.0)
    units = np.maximum(np.nan_to_num(np.where(orders, above[skus], there[skus])), 0.0)
    horizon = assessment.setting.policy.budget_horizon_days
    days = np.minimum(forecast.days_to_use(units, elapsed=elapsed, rows=skus), horizon)
    until = forecast.mean_until(
        np.column_stack([days, np.full(len(days), horizon)]), elapsed=elapsed, rows=skus
    )
    yearly = np.maximum(assessment.chosen_terms.demand.yearly[skus], 1e-9)
    pays = until[:, 1] - until[:, 0]
    share = np.where(pays > 0, pays + lot / 2, 0.0) / yearly
    weight = np.maximum(lines["worth"].astype(float).fillna(1.0).to_numpy(), 1e-9)
    sums = (
        pd.DataFrame({"weight": weight, "share": weight * share}).groupby(lines["action_id"].to_numpy()).sum()
    )
    return sums["share"] / sums["weight"]


def _worth(saved: Array, effort: float, common_error: float) -> PlayedWorth:
    """Worth of one action whose lines save so much in each scenario, (k, M)."""
    common = common_error if len(saved) > 1 else 0.0
    return PlayedWorth.of_saved(saved.sum(axis=0)[None], effort, common_error=common)
