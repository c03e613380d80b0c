"""The last lot of today's orders: ordered only where a play says that it is worth it, not for a trace of the need."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from distributions.parallel import row_chunks
from planning.assessment import Assessment
from planning.decision import with_quantity
from planning.played_ahead.ahead_play import AheadPlay
from planning.played_ahead.changes import Changes

_SCENARIOS = 128
_SKUS_AT_A_TIME = 500
_MOSTLY = 0.5
"""Share of the last lot that is needed anyway, from which nobody asks whether to order it."""


def without_useless_lots(assessment: Assessment) -> Assessment:
    """The assessment with a lot less today for SKUs that need but little of the last one, and are cheaper off without.

    Both ways are played from today's state on, in the same scenarios; at equal cost the smaller order stands.
    """
    decision, terms = assessment.decision, assessment.chosen_terms
    fewer = decision.quantity - terms.limits.multiple
    quantity = decision.quantity.copy()
    for skus in row_chunks(np.flatnonzero(_asked(assessment)), _SKUS_AT_A_TIME):
        play = AheadPlay.of(assessment, skus, scenarios=_SCENARIOS)
        lanes = np.arange(len(skus))
        as_planned, less = (
            play.changed(Changes.of("order", lanes, ordered=units[skus])).cost().total.mean(axis=1)
            for units in (decision.quantity, fewer)
        )
        quantity[skus] = np.where(less <= as_planned, fewer[skus], decision.quantity[skus])
    return replace(assessment, decision=with_quantity(decision, quantity, terms, assessment.setting))


def _asked(assessment: Assessment) -> NDArray[np.bool_]:
    """SKUs (n,) that order several lots today, need less than half of the last one, and whose costs are known."""
    decision, terms, limits = assessment.decision, assessment.chosen_terms, assessment.chosen_terms.limits
    need = terms.order_up_to - decision.counted_position
    fewer = decision.quantity - limits.multiple
    lots = (limits.multiple > 1) & (fewer >= limits.smallest)
    held = np.nan_to_num(terms.costs.holding) * limits.multiple
    worth_it = held >= assessment.setting.policy.played_from
    return np.asarray(
        decision.known & lots & terms.costs.known & worth_it & (need - fewer < _MOSTLY * limits.multiple)
    )
