"""The table of lead times that other programs read: one row a lane (SKU × supplier)."""

import numpy as np
import pandas as pd

from distributions.levels import BACKTEST_LEVELS, quantile_columns
from planning.assessment import Assessment


def lead_time_frame(assessment: Assessment) -> pd.DataFrame:
    """Lead time of each lane: supplier_id, unique_id, chosen, mean, std, q0.05 … q0.95, source, n_orders."""
    terms = assessment.lane_terms
    levels = np.broadcast_to(BACKTEST_LEVELS, (len(terms.lanes), len(BACKTEST_LEVELS)))
    quantiles = pd.DataFrame(terms.lead_time.quantile(levels), columns=list(quantile_columns()))
    chosen = np.zeros(len(terms.lanes), dtype=bool)
    chosen[assessment.chosen_lane] = True
    head = terms.lanes[["supplier_id", "unique_id"]].assign(
        chosen=chosen, mean=terms.lead_time.mean(), std=terms.lead_time.std()
    )
    return pd.concat([head, quantiles, assessment.lead_time_sources[["source", "n_orders"]]], axis=1)
