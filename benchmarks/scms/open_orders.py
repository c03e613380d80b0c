"""Open orders on past days: the total lead time of what has come since, by Purvey and its peers, printed."""

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from benchmarks.scms import peers
from benchmarks.scms.scores import LeadTimeScore
from distributions.distribution import Array

Lines = Callable[[pd.Timestamp], tuple[pd.DataFrame, pd.DataFrame]]
"""Day → order lines as known on it that Purvey learns from, and those that the peers do."""


def print_open_orders(
    days: Sequence[pd.Timestamp], final: pd.DataFrame, lines: Lines, *, title: str, width: int
) -> None:
    """Print the scores of open orders on `days`, by what came of them in the order history `final`.

    The peers' open lines are forecast. `title` says what days these are, `width` how wide the names are printed.
    """
    outcomes = final.set_index(["order_id", "line"])["lead_time"]
    scores: dict[str, list[LeadTimeScore]] = {}
    for day in days:
        ours, theirs = lines(day)
        test = theirs[theirs["is_open"].astype(bool)]
        outcome = outcomes.reindex(pd.MultiIndex.from_frame(test[["order_id", "line"]])).to_numpy(float)
        test, outcome = test[np.isfinite(outcome)].reset_index(drop=True), outcome[np.isfinite(outcome)]
        if test.empty:
            continue
        for name, quantiles in _forecasts(ours, theirs, test).items():
            scores.setdefault(name, []).append(LeadTimeScore.of(quantiles, outcome))
    total = {name: LeadTimeScore.concat(parts) for name, parts in scores.items()}
    best = total["ours given age"].loss
    print(f"\nOpen orders at {len(scores['ours given age'])} {title}: {len(best)} rows\n")
    for name, score in total.items():
        print(f"{name:{width}}  {score.line}    ours is {1 - best.mean() / score.loss.mean():6.1%} better")


def _forecasts(ours: pd.DataFrame, theirs: pd.DataFrame, test: pd.DataFrame) -> dict[str, Array]:
    """Lead-time quantiles (n, 19) of the open orders `test` by name."""
    given_age, age_ignored = peers.purvey_open_orders(ours, test)
    return {
        "ours given age": given_age,
        "conditional Kaplan–Meier": peers.conditional_kaplan_meier(theirs, test),
        "ours, age ignored": age_ignored,
    }
