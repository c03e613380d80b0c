"""What a buyer's company cost over its play, by parts."""

import numpy as np

from benchmarks.buyers.desk import Desk
from benchmarks.decisions.demo_day import DemoCompany
from benchmarks.decisions.past_days.play_costs import useless_units
from planning.cost.lane_costs import DAYS_A_YEAR
from planning.lanes.lane_terms import LaneTerms


def spent(company: DemoCompany, desk: Desk, terms: LaneTerms) -> dict[str, float]:
    """Money by part, at the holding and shortage costs of the first plan's `terms` of the SKUs (n,).

    Goods are what was paid for orders of the play, less what is left at the end and will find use, and what missed
    units would have cost; opening stock and open orders are the same for all buyers, but for what is called back.
    """
    c, play, costs = desk.play.counts, desk.play, terms.costs
    unit = costs.unit
    rate = company.demand.mean(axis=1).reindex(desk.skus).fillna(0.0).to_numpy(float) / 7
    useless = useless_units(play.shelf, rate, 2 * DAYS_A_YEAR - play.days)
    coming = play.arriving[play.days :].sum(axis=0)
    left = play.on_hand - useless + coming - play.owed
    missed = c.missed if play.lost_sales else np.zeros(len(unit))
    a_day = costs.holding / DAYS_A_YEAR
    return {
        "goods": float((c.spent + missed * unit - left * unit).sum()) - desk.refunds,
        "ordering": desk.ordering,
        "stock": float((a_day * c.stock_days).sum()),
        "pipeline": float((costs.capital * desk.prepaid).sum()) / DAYS_A_YEAR,
        "shortage": float((costs.shortage * c.missed).sum()),
        "effort": desk.effort,
        "expediting": desk.fees,
    }
