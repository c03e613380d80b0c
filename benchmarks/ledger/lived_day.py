"""A past day of the demo lived on twice: its top actions each without and with, in several draws of the luck."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.decisions.demo_day import DemoCompany, DemoDay, demo_day
from benchmarks.decisions.past_days.cast import ACTION, BASE, DRAWS, Cast, make_cast, top_actions
from benchmarks.decisions.past_days.company_play import CompanyPlay
from benchmarks.decisions.past_days.opening import opened, panel_after
from benchmarks.decisions.past_days.play_costs import play_costs
from benchmarks.decisions.past_days.played_day import MOST_WEEKS, play_weeks
from benchmarks.decisions.past_days.replanning import Copies, Replanner
from distributions.distribution import Array


@dataclass(frozen=True)
class LivedDay:
    """A past day lived on to the end of the demo, or as long as past days are played.

    Attributes
    ----------
    today : what was known on the day
    actions : the top actions that can be played, with `basis` and `skus`
    cast, copies, play : who was played, and all that was
    truth : array (actions, draws), money that each action saved
    """

    today: DemoDay
    actions: pd.DataFrame
    cast: Cast
    copies: Copies
    play: CompanyPlay
    truth: Array


def live_day(company: DemoCompany, day: pd.Timestamp, work: Path, *, most: int) -> LivedDay:
    """Plan a past Monday of the demo with what was known, and live its top actions, each without and with."""
    today = demo_day(company, day, work)
    left = min((company.end - day).days, 7 * MOST_WEEKS)
    policy = today.config.policy.model_copy(update={"budget_horizon_days": float(left)})
    plan = today.planner(policy).plan(today.inputs)
    actions, _ = top_actions(plan.actions, left, most)
    cast = make_cast(actions, plan.plan.set_index("unique_id")["supplier_id"], today)
    plays = cast.plays[cast.plays["kind"].isin([BASE, ACTION])].reset_index(drop=True)
    named = cast.variants[cast.variants["name"].isin(plays["name"])].reset_index(drop=True)
    cast = Cast(named, plays)
    copies = Copies.of(cast.plays, cast.variants)
    replanner = Replanner(today, panel_after(company, today, work), cast.variants, copies, policy)
    play = opened(company, today, replanner, cast, actions)
    first = play_weeks(company, replanner, cast, play, actions, weeks=left // 7)
    cost = play_costs(company, play, replanner, first)["total"].to_numpy(float)
    truth = _truth(actions, cast, copies, cost)
    return LivedDay(today, actions, cast, copies, play, truth)


def _truth(actions: pd.DataFrame, cast: Cast, copies: Copies, cost: Array) -> Array:
    """Money (actions, draws) that each action saved on all its SKUs, less what an expedited order costs."""
    names, kinds = cast.plays["name"].tolist(), cast.plays["kind"].tolist()
    base = {name.split("~")[0]: cost[copies.play == p] for p, name in enumerate(names) if kinds[p] == BASE}
    truth = np.zeros((len(actions), DRAWS))
    for p in np.flatnonzero(np.array(kinds) == ACTION):
        row = int(cast.plays["action"].iloc[p])
        truth[row] += base[names[p].split("~")[0]] - cost[copies.play == p]
    expedited = (actions["kind"] == "expedite").to_numpy(bool)
    fee = np.array([float(fact.get("expedite_cost") or 0.0) for fact in actions["fact"]])
    return truth - np.where(expedited, fee, 0.0)[:, None]
