"""What the copies of a past day cost over their play, and with that what actions were really worth."""

import numpy as np
import pandas as pd

from benchmarks.decisions.demo_day import DemoCompany
from benchmarks.decisions.past_days.cast import ACTION, BASE, Cast
from benchmarks.decisions.past_days.company_play import CompanyPlay
from benchmarks.decisions.past_days.replanning import Copies, Replanner
from distributions.distribution import Array
from planning.assessment import Assessment
from planning.cost.lane_costs import DAYS_A_YEAR

_CENT = 0.005
_KEPT = [
    "kind",
    "unique_id",
    "supplier_id",
    "alternative_supplier_id",
    "promised",
    "low",
    "high",
    "confidence",
]


def play_costs(
    company: DemoCompany, play: CompanyPlay, replanner: Replanner, first: Assessment
) -> pd.DataFrame:
    """Money that each copy (n rows) cost over the play, by part, and in total.

    Goods at what was paid for them, those there at the beginning first; they count on all demand, so that a unit
    missed costs its margin. What is left at the end and will find no use at the year's rate is lost.
    """
    c, variants = play.counts, replanner.variants
    place = first.forecast.rows(variants["name"])[replanner.copies.variant]
    costs = first.chosen_terms.select(place).costs
    place = first.forecast.rows(variants["name"])[replanner.before_talks().copies.variant]
    before_talks = first.chosen_terms.select(place).costs
    days = play.days
    used = c.demand + c.wasted
    paid = np.divide(c.spent, c.ordered, out=costs.unit.copy(), where=c.ordered > 0)
    usual = replanner.today.inputs.items.set_index("unique_id")["unit_cost"]
    before = usual.reindex(variants["unique_id"]).to_numpy(float)[replanner.copies.variant]
    old = np.minimum(used, play.first_units)
    goods = old * before + (used - old) * paid
    a_day = company.demand.mean(axis=1) / 7
    rate = a_day.reindex(variants["unique_id"]).fillna(0.0).to_numpy(float)[replanner.copies.variant]
    useless = useless_units(play.shelf, rate, 2 * DAYS_A_YEAR - days) * paid
    of_base = replanner.base[replanner.copies.variant]
    payment_days = _payment_days(company, variants)
    bought = c.demand - (c.missed if play.lost_sales else 0.0) + c.wasted
    new = np.maximum(bought - play.first_units, 0.0)
    prepaid = _prepaid(payment_days[of_base], c.pipeline_days - c.own_pipeline_days, bought - new)
    agreed = variants["payment_days"].to_numpy(float)
    own_payment = np.where(np.isnan(agreed), payment_days, agreed)
    prepaid += _prepaid(own_payment[replanner.copies.variant], c.own_pipeline_days, new)
    held = (costs.holding * c.stock_days + costs.capital * prepaid) / DAYS_A_YEAR
    parts = {
        "goods": goods,
        "useless": useless,
        "held": held,
        "ordering": costs.ordering * (c.orders - play.first_orders)
        + before_talks.ordering * play.first_orders,
        "shortage": costs.shortage * c.missed,
    }
    return pd.DataFrame(parts | {"total": sum(parts.values())})


def useless_units(shelf: Array, rate: Array, keeps_days: float) -> Array:
    """Units (n,) left at the end of the play that will find no use, at `rate` (n,) units a day, oldest first.

    Parameters
    ----------
    shelf : array (n, A), units by days left, the last column what keeps: of use for `keeps_days`
    """
    perishing = np.cumsum(shelf[:, :-1], axis=1)
    gone = (perishing - rate[:, None] * np.arange(perishing.shape[1])).max(axis=1)
    return np.asarray(np.maximum(gone, 0.0) + np.maximum(shelf[:, -1] - rate * keeps_days, 0.0))


def _payment_days(company: DemoCompany, variants: pd.DataFrame) -> Array:
    """Days from receipt to payment of each variant's offer; NaN: paid with the order."""
    offers = company.tables["offers"].drop_duplicates(["supplier_id", "unique_id"])
    if "payment_days" not in offers:
        return np.full(len(variants), np.nan)
    days = offers.set_index(["supplier_id", "unique_id"])["payment_days"]
    lanes = pd.MultiIndex.from_frame(variants[["supplier_id", "unique_id"]])
    return np.asarray(days.reindex(lanes), float)


def _prepaid(payment_days: Array, on_way: Array, units: Array) -> Array:
    """Unit-days for which goods are paid for and not there; negative: there and not paid for."""
    return np.where(np.isnan(payment_days), on_way, -units * np.nan_to_num(payment_days))


def realised_worth(actions: pd.DataFrame, cast: Cast, copies: Copies, cost: pd.DataFrame) -> pd.DataFrame:
    """The actions with what they really came to: mean over the draws, its error, share inside the range, and parts."""
    base = {
        cast.plays["name"].iloc[p]: cost[copies.play == p].to_numpy()
        for p in np.flatnonzero(cast.plays["kind"] == BASE)
    }
    of_action: dict[int, Array] = {}
    for p in np.flatnonzero(cast.plays["kind"] == ACTION):
        sku = str(cast.plays["name"].iloc[p]).split("~")[0]
        saved = base[f"{sku}~{BASE}"] - cost[copies.play == p].to_numpy()
        row = int(cast.plays["action"].iloc[p])
        of_action[row] = of_action[row] + saved if row in of_action else saved
    rows = []
    for row in range(len(actions)):
        action, saved = actions.iloc[row], of_action[row]
        fee = float(action["fact"].get("expedite_cost") or 0.0) if action["kind"] == "expedite" else 0.0
        total = saved[:, -1] - fee
        inside = float(((total >= action["low"] - _CENT) & (total <= action["high"] + _CENT)).mean())
        error = float(total.std() / np.sqrt(len(total)))
        rows.append((float(total.mean()), error, inside, *saved[:, :-1].mean(axis=0)))
    parts = [f"saved_{name}" for name in cost.columns[:-1]]
    return actions[_KEPT].join(pd.DataFrame(rows, columns=["realised", "error", "inside", *parts]))
