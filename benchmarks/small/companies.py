"""Small companies: a few SKUs of one data set, seen up to one cutoff, as somebody who has nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchmarks.demand.data_sets import (
    CUTOFFS_BACK,
    horizon_of,
    load_config_of,
    load_panel,
    load_truth,
    scored_demand,
)
from benchmarks.demand.ensemble_peer import statistical_ensemble
from benchmarks.demand.own_past import own_last_season, own_quantiles, own_seasonal
from benchmarks.demand.peers import Peer, forecast_in_turn, purvey_peer
from benchmarks.demand.scores import CutoffForecasts
from distributions.distribution import Array
from features.demand.panel import Panel

SIZES = (1, 5, 20, 50)
"""SKUs of a company."""

LEAST_KNOWN, LEAST_SOLD = 12, 3
"""Periods before the cutoff that a SKU must be known and sold in to be drawn: of others nobody can say much."""

PEERS: Mapping[str, Peer] = {
    "own quantiles": own_quantiles,
    "own last season": own_last_season,
    "own seasonal": own_seasonal,
    "statistical ensemble": statistical_ensemble,
}


@dataclass(frozen=True)
class Company:
    """One company: its number, the data set and cutoff (periods before the end) it is drawn from, and its SKUs."""

    number: int
    data_set: str
    back: int
    skus: tuple[int, ...]


def draw(names: list[str], count: int, seed: int) -> list[Company]:
    """Draw `count` companies, their sizes, data sets and cutoffs each equally often; the same for the same seed."""
    rng = np.random.default_rng(seed)
    result = []
    for number in range(count):
        name, size = names[number % len(names)], SIZES[number // len(names) % len(SIZES)]
        back = int(rng.choice(CUTOFFS_BACK[name]))
        able = _able(name, back)
        skus = rng.choice(able, min(size, len(able)), replace=False)
        result.append(Company(number, name, back, tuple(int(i) for i in np.sort(skus))))
    return result


def score(company: Company) -> pd.DataFrame:
    """Scores of Purvey and its peers of one company, of periods over the whole horizon.

    Columns: number, data_set, skus, contender, sql (mean of its SKUs), mase, bias and demand (summed, units).
    """
    panel, demand = _panel(company.data_set)
    h, rows = horizon_of(company.data_set), np.array(company.skus)
    before = part(panel, rows).until(panel.periods - company.back)
    config = load_config_of(company.data_set).demand
    contenders = {"Purvey": purvey_peer(config), **PEERS}
    forecasts, _ = forecast_in_turn(before, h, contenders)
    actual = demand[rows][:, before.periods :][:, :h]
    scores = CutoffForecasts(before, actual, forecasts).scores()
    whole = scores[(scores["kind"] == "period") & (scores["step"] == 0)]
    whole = whole.assign(off=whole["n"] * whole["bias"])
    means = whole.groupby("contender", sort=False).agg(
        sql=("sql", "mean"), mase=("mase", "mean"), bias=("off", "sum"), demand=("demand", "sum")
    )
    return means.reset_index().assign(number=company.number, data_set=company.data_set, skus=len(rows))


def part(panel: Panel, rows: NDArray[np.int64]) -> Panel:
    """The panel of some of its SKUs, (m,) rows, as if there were no others, nor any that one of them replaced."""
    return replace(
        panel,
        unique_ids=panel.unique_ids[rows],
        y=panel.y[rows],
        in_stock=panel.in_stock[rows],
        covariates={name: values[rows] for name, values in panel.covariates.items()},
        events={name: values[rows] for name, values in panel.events.items()},
        static=panel.static.iloc[rows].reset_index(drop=True),
        succession=None,
        imputed=None,
    )


def _able(name: str, back: int) -> NDArray[np.int64]:
    """Rows of a data set's panel that a company can be drawn from at a cutoff, with demand known after it."""
    panel, demand = _panel(name)
    end = panel.periods - back
    past, ahead = panel.known_demand[:, :end], demand[:, end : end + horizon_of(name)]
    known, sold = (~np.isnan(past)).sum(axis=1), (np.nan_to_num(past) > 0).sum(axis=1)
    seen = ~np.isnan(ahead).all(axis=1)
    return np.flatnonzero((known >= LEAST_KNOWN) & (sold >= LEAST_SOLD) & seen)


@cache
def _panel(name: str) -> tuple[Panel, Array]:
    """A data set's panel and the demand that forecasts of it are scored on."""
    panel = load_panel(name)
    return panel, scored_demand(panel, load_truth(name))
