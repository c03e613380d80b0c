"""A past day of the demo played forward on what really came: the plan's top actions each with and without, and service.

Everything is planned by what was known: the models of the day, forecasts made anew each Monday from the demand until
then. Lead times are drawn from the suppliers' true distributions; demand is the real one.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchmarks.decisions.demo_day import DemoCompany, demo_day
from benchmarks.decisions.past_days.agreed import agreed_delivery
from benchmarks.decisions.past_days.cast import (
    ACTION,
    DRAWS,
    SERVICE,
    TEXTBOOK,
    TOP,
    Cast,
    make_cast,
    top_actions,
)
from benchmarks.decisions.past_days.company_play import CompanyPlay
from benchmarks.decisions.past_days.opening import opened, panel_after
from benchmarks.decisions.past_days.play_costs import play_costs, realised_worth
from benchmarks.decisions.past_days.replanning import Copies, Replanner
from benchmarks.decisions.past_days.textbook_desk import textbook_quantities
from benchmarks.decisions.past_days.true_deliveries import week_luck
from distributions.distribution import Array
from planning.assessment import Assessment

_DELIVERED = ("earlier", "spread", "rejected")

_NEVER = 1e12  # money a year, more than the stock of any SKU costs

MOST_WEEKS = 16
"""Weeks that a day is played forward at most."""


@dataclass(frozen=True)
class PlayedDay:
    """What a day came to.

    Attributes
    ----------
    actions : the top actions: kind, promised, low, high (money over the days left), realised (mean), error, inside
        (share), saved_… (by part), begins (day on which the first order comes in)
    service : one row a copy of the service plays: target, level, promised (played service of the first plan), what was
        counted, waste predicted, cost
    skipped : top actions that cannot be played
    """

    day: pd.Timestamp
    actions: pd.DataFrame
    service: pd.DataFrame
    skipped: int


def play_day(
    company: DemoCompany, day: pd.Timestamp, work: Path, *, most: int = TOP, closed_forms: bool = False
) -> PlayedDay:
    """Plan a past Monday of the demo with what was known, and play its top actions and its service forward.

    Parameters
    ----------
    most : actions that are played at most
    closed_forms : reorder points by closed form alone, where else they are met in play
    """
    today = demo_day(company, day, work)
    left = min((company.end - day).days, 7 * MOST_WEEKS)
    policy = today.config.policy.model_copy(update={"budget_horizon_days": float(left)})
    if closed_forms:
        policy = policy.model_copy(update={"played_from": _NEVER})
    plan = today.planner(policy).plan(today.inputs)
    actions, skipped = top_actions(plan.actions, left, most)
    supplier = plan.plan.set_index("unique_id")["supplier_id"]
    cast = make_cast(actions, supplier, today)
    copies = Copies.of(cast.plays, cast.variants)
    replanner = Replanner(today, panel_after(company, today, work), cast.variants, copies, policy)
    play = opened(company, today, replanner, cast, actions)
    first = play_weeks(company, replanner, cast, play, actions, weeks=left // 7)
    cost = play_costs(company, play, replanner, first)
    realised = realised_worth(actions, cast, copies, cost).assign(begins=_begins(cast, copies, play))
    return PlayedDay(day, realised, _service(cast, copies, play, first, cost), skipped)


def play_weeks(
    company: DemoCompany,
    replanner: Replanner,
    cast: Cast,
    play: CompanyPlay,
    actions: pd.DataFrame,
    *,
    weeks: int,
) -> Assessment:
    """Play all weeks, planned anew each Monday; the first week's terms."""
    variants, copies = replanner.variants, replanner.copies
    lanes = variants[["supplier_id", "unique_id"]].drop_duplicates().sort_values(["unique_id", "supplier_id"])
    suppliers = company.truth["suppliers"].set_index("supplier_id").loc[lanes["supplier_id"]].reset_index()
    lane = pd.MultiIndex.from_frame(lanes).get_indexer(
        pd.MultiIndex.from_frame(variants[["supplier_id", "unique_id"]])
    )
    kind, action = (cast.plays[name].to_numpy()[copies.play] for name in ("kind", "action"))
    seller = variants["supplier_id"].to_numpy(object)[copies.variant]
    mean = replanner.today.lead_times.predict(_lines_today(replanner)).mean()
    usual = np.nan_to_num(mean)
    first: Assessment | None = None
    for week in range(weeks):
        forecast = replanner.forecast(week)
        terms = replanner.assess(forecast, week)
        first = first or terms
        day = replanner.today.day + pd.Timedelta(weeks=week)
        by = replanner if week else replanner.before_talks()  # who talks this week agrees by the next
        variant = by.copies.variant
        luck = week_luck(suppliers, day, DRAWS, [13, replanner.today.day.dayofyear, week])
        for t in range(7 * week, 7 * week + 7):
            if t:
                play.start_day()
            if t == 7 * week:
                quantity = by.quantities(terms, forecast, play, week)
                quantity = np.where(
                    kind == TEXTBOOK, textbook_quantities(replanner, terms, play, kind, week), quantity
                )
                if week == 0:
                    quantity = quantity + _ordered_ahead(actions, action)
                rows = np.flatnonzero(quantity > 0)
                place = terms.forecast.rows(variants["name"])[variant]
                prices = terms.chosen_terms.select(place).costs.prices.price(quantity)
                delivery = luck.deliver(t, quantity[rows], lane[variant[rows]], copies.draw[rows])
                own = variants.iloc[variant[rows]]
                delivery = agreed_delivery(
                    delivery, usual[variant[rows]], *(own[name].to_numpy(float) for name in _DELIVERED)
                )
                play.order(rows, quantity[rows], prices[rows], delivery, seller[rows])
            play.day(t)
        if week == 0:
            play.first_orders = play.counts.orders.copy()
    assert first is not None
    return first


def _lines_today(replanner: Replanner) -> pd.DataFrame:
    """A line of each variant's SKU ordered on the day, as the lead-time model is asked about it."""
    variants, inputs = replanner.variants, replanner.today.inputs
    category = inputs.items.set_index("unique_id")["category"].reindex(variants["unique_id"])
    return variants[["supplier_id", "unique_id"]].assign(
        category=category.to_numpy(object), ordered_at=replanner.today.day, contract_days=np.nan
    )


def _begins(cast: Cast, copies: Copies, play: CompanyPlay) -> Array:
    """Day (mean over the draws) on which the first order of each action's play comes in."""
    since = np.minimum(play.own_since, play.days)
    plays = np.flatnonzero(cast.plays["kind"] == ACTION)
    begins = [float(since[copies.play == p].mean()) for p in plays]
    of_action = pd.Series(begins).groupby(cast.plays["action"].to_numpy()[plays]).min()
    return np.asarray(of_action, float)


def _ordered_ahead(actions: pd.DataFrame, action: NDArray[np.int64]) -> Array:
    """Units (n,) that the copies' actions order today beyond the plan."""
    ahead = np.append(
        np.where(actions["kind"] == "engage_early", actions["quantity"].astype(float), 0.0), 0.0
    )
    return np.asarray(ahead[action])


def _service(
    cast: Cast, copies: Copies, play: CompanyPlay, first: Assessment, cost: pd.DataFrame
) -> pd.DataFrame:
    """What the service plays and the textbook desk counted, a row a copy."""
    variant = cast.variants.iloc[copies.variant].reset_index(drop=True)
    kind = cast.plays["kind"].to_numpy(object)[copies.play]
    place = first.forecast.rows(cast.variants["name"])[copies.variant]
    terms = first.chosen_terms
    served = getattr(
        terms, "played_service", np.full(len(terms.reorder_point), np.nan)
    )  # none in an older tree
    frame = variant[["unique_id", "target", "level"]].assign(
        kind=kind,
        perishes=~np.isnan(play.shelf_life),
        spoiled_a_year=terms.steady_state.spoiled[place],
        promised=served[place],
        cost=cost["total"].to_numpy(),
        **vars(play.counts),
    )
    return frame[np.isin(kind.astype(str), [SERVICE, TEXTBOOK])].reset_index(drop=True)
