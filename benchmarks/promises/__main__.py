"""Lead times where suppliers promise a day: `python -m benchmarks.promises [--seeds 2]`.

Six companies of 150 suppliers and 4,000 order lines in a year and a half are simulated, whose promises say much, little
or nothing. At two origins new orders of the two months after are forecast: by Purvey with the promises and without,
by the promise and what usually comes of it (in proportion, in days), by a regression on it, and by the supplier's
shrunk lognormal, which looks at no promise. Mean pinball loss in days over .05 … .95, coverage of the 90 % interval.
"""

import argparse
from collections.abc import Callable

import numpy as np
import pandas as pd

from benchmarks.promises import peers
from benchmarks.promises.companies import DAYS, KINDS, START, known_on
from benchmarks.scms.peers import shrunk_lognormal
from benchmarks.scms.scores import LeadTimeScore
from distributions.distribution import Array
from distributions.levels import BACKTEST_LEVELS
from models.lead_time.forecaster import LeadTimeForecaster

ORIGINS = (300, 420)
WINDOW = 60
DAY = pd.Timedelta(days=1)


def purvey(train: pd.DataFrame, test: pd.DataFrame) -> Array:
    """Lead-time quantiles (n, 19) by Purvey."""
    return LeadTimeForecaster().fit(train).predict(test).quantile(np.tile(BACKTEST_LEVELS, (len(test), 1)))


def purvey_without(train: pd.DataFrame, test: pd.DataFrame) -> Array:
    """Lead-time quantiles (n, 19) by Purvey, which is not told the promises."""
    return purvey(train.drop(columns="promised_at"), test.drop(columns="promised_at"))


CONTENDERS: dict[str, Callable[[pd.DataFrame, pd.DataFrame], Array]] = {
    "ours": purvey,
    "ours without promises": purvey_without,
    "promise × usual ratio": peers.usual_ratio,
    "promise + usual delay": peers.usual_delay,
    "LogNormal AFT on the promise": peers.promise_aft,
    "shrunk lognormal": shrunk_lognormal,
}


def scores_of(lines: pd.DataFrame) -> dict[str, LeadTimeScore]:
    """Scores of every contender on the promises of one company, over both origins."""
    parts: dict[str, list[LeadTimeScore]] = {}
    for origin in ORIGINS:
        day = START + origin * DAY
        train = known_on(lines, day - DAY)
        later = lines[(lines["ordered_at"] >= day) & (lines["ordered_at"] < day + WINDOW * DAY)]
        outcome = later["lead"].to_numpy(float)
        test = later.drop(columns=["lead", "overwritten"]).reset_index(drop=True)
        for name, contender in CONTENDERS.items():
            parts.setdefault(name, []).append(LeadTimeScore.of(contender(train, test), outcome))
    return {name: LeadTimeScore.concat(of_name) for name, of_name in parts.items()}


def main(argv: list[str] | None = None) -> None:
    """Run the promise benchmark and print its table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.promises", description=__doc__)
    parser.add_argument("--seeds", type=int, default=2)
    seeds = range(parser.parse_args(argv).seeds)
    assert max(ORIGINS) + WINDOW <= DAYS
    print("| |" + "|".join(KINDS) + "|\n" + "|---" * (len(KINDS) + 1) + "|")
    table = {}
    for number, (kind, draw) in enumerate(KINDS.items()):
        drawn = [scores_of(draw(np.random.default_rng([number, seed]))) for seed in seeds]
        table[kind] = {name: LeadTimeScore.concat([one[name] for one in drawn]).line for name in CONTENDERS}
    for name in CONTENDERS:
        print(f"| {name} |" + "|".join(table[kind][name] for kind in KINDS) + "|")


if __name__ == "__main__":
    main()
