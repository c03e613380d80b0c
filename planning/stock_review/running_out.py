"""Stock that runs out: SKUs stocked out, stocked out even if ordered today, or at risk, by the money at stake."""

import numpy as np
import pandas as pd

from planning.assessment import Assessment
from planning.cost.lane_costs import cycle_days
from planning.projection.stock_projection import at_arrival
from planning.stock_review.remedies import remedies
from planning.tables.dates import dates_after

OUT, OUT_EVEN_IF_ORDERED, AT_RISK = "out", "out_even_if_ordered", "at_risk"
RUNNING_OUT = {
    "status": "object", "unique_id": "object", "supplier_id": "object", "on_hand": "float64",
    "backorders": "float64", "on_order": "float64", "next_arrival": "datetime64[ns]", "runs_out_on": "datetime64[ns]",
    "risk_if_ordered": "float64", "risk_if_skipped": "float64", "short": "float64", "at_stake": "float64",
    "lost_anyway": "float64", "remedy": "object", "remedy_text": "object", "remedy_price": "float64",
    "action_id": "object",
}  # fmt: skip
"""Column of the table of stock that runs out → dtype."""

_LIKELY = 0.5


def nothing_running_out() -> pd.DataFrame:
    """The table of stock that runs out, without any."""
    return pd.DataFrame({name: pd.Series(dtype=dtype) for name, dtype in RUNNING_OUT.items()})


def running_out(assessment: Assessment, actions: pd.DataFrame, open_orders: pd.DataFrame) -> pd.DataFrame:
    """SKUs whose stock runs out, the most money first, each with one status and its quickest remedy.

    `out`: nothing is left and demand is expected. `out_even_if_ordered`: it runs out with a chance of at least one half
    before an order placed today can arrive. `at_risk`: skipping today's order leaves more risk than the target accepts.

    Parameters
    ----------
    actions : the plan's actions, the most valuable first
    open_orders : as `planning.tables.open_orders_table` has them

    Returns
    -------
    DataFrame
        `RUNNING_OUT`: short (units of demand expected to find no stock until an order of the next review arrives),
        at_stake (those in money), lost_anyway (money of what is short even if ordered today), runs_out_on (the day by
        which it has run out with a chance of one half), remedies as `planning.stock_review.remedies` has them
    """
    decision, terms = assessment.decision, assessment.chosen_terms
    wait = cycle_days(assessment.setting.policy)
    projection, stock = decision.projection, decision.stock
    skipped = projection.risk_before(terms.lead_time, wait)
    empty = (stock.net_stock <= 0) & (terms.demand.yearly > 0)
    accepted = decision.accepted_risk
    late, exposed = decision.risk >= _LIKELY, (skipped > accepted) | (decision.risk > accepted)
    listed = decision.known & terms.bought & (empty | late | exposed)
    rows = np.flatnonzero(listed)
    status = np.select([empty, late], [OUT, OUT_EVEN_IF_ORDERED], AT_RISK)[rows]
    short = at_arrival(projection.short, projection.horizon_days, terms.lead_time, wait)[rows]
    cost = terms.costs.shortage[rows]
    ids, as_of = assessment.forecast.unique_ids[rows], assessment.setting.as_of
    arrival = open_orders.groupby("unique_id")["expected_arrival"].min().reindex(ids)
    frame = pd.DataFrame(
        {
            "status": status,
            "unique_id": ids,
            "supplier_id": terms.lanes["supplier_id"].to_numpy(object)[rows],
            "on_hand": decision.on_hand[rows],
            "backorders": stock.backorders[rows],
            "on_order": stock.on_order[rows],
            "next_arrival": arrival.to_numpy(),
            "runs_out_on": dates_after(as_of, projection.first_day(_LIKELY)[rows]),
            "risk_if_ordered": decision.risk[rows],
            "risk_if_skipped": skipped[rows],
            "short": short,
            "at_stake": short * cost,
            "lost_anyway": np.minimum(decision.short[rows], short) * cost,
        }
    )
    coming = ((arrival - as_of) / pd.Timedelta(days=1)).to_numpy(float)
    ways = remedies(assessment, actions, rows, np.where(np.isnan(coming), np.inf, coming))
    frame = pd.concat([frame, ways], axis=1).astype(RUNNING_OUT)[list(RUNNING_OUT)]
    return frame.sort_values(
        ["at_stake", "unique_id"], ascending=[False, True], na_position="last", ignore_index=True
    )
