"""Demand forecasts against what a user would pick instead: `python -m benchmarks.demand [vn2 …] [--json FILE]`.

Every contender is asked at three or four cutoffs for the next eight weeks; `benchmarks.demand.scores` says what the
figures mean. Censored and missing periods are not scored. Peers see them filled (`demand_peers.filled`), LightGBM does
not learn from them; nobody sees what came after the cutoff, but for the covariates the config says are planned.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import pandas as pd

from benchmarks.demand.data import BACK, READ, H, config_of, panel_of
from benchmarks.demand.lightgbm_peer import mlforecast_lightgbm, quantile_boosting
from benchmarks.demand.peers import CLASSICAL, Peer, Quantiles, classical
from benchmarks.demand.report import OURS, lines
from benchmarks.demand.scores import Round, summary
from benchmarks.raw_data import is_there
from configs.schema import DemandConfig
from features.demand.demand_class import known_demand
from features.demand.panel import Panel
from models.demand.forecaster import DemandEnsemble

PEERS: Mapping[str, Peer] = {
    **{name: classical(name) for name in CLASSICAL},
    "mlforecast LightGBM": mlforecast_lightgbm,
    "LightGBM quantile": quantile_boosting,
}


def ours(config: DemandConfig) -> Peer:
    """The model that serves, with the data set's config."""

    def forecast(panel: Panel, h: int) -> Quantiles:
        made = DemandEnsemble(config, h).fit(panel).predict(panel, h)
        return Quantiles(made.mean, made.quantiles, made.cumulative, made.levels)

    return forecast


def play(name: str, panel: Panel, contenders: Mapping[str, Peer]) -> pd.DataFrame:
    """Scores of every contender at every cutoff; how long each took goes to standard error."""
    tables = []
    for back in BACK[name]:
        before = panel.until(panel.periods - back)
        said = {}
        for contender, forecast in contenders.items():
            begun = time.perf_counter()
            said[contender] = forecast(before, H)
            seconds = time.perf_counter() - begun
            print(f"{name} {before.cutoff.date()} {contender}: {seconds:.0f} s", file=sys.stderr, flush=True)
        actual = known_demand(panel)[:, before.periods :][:, :H]
        tables.append(Round(before, actual, said).scores())
    return pd.concat(tables, ignore_index=True)


def run(names: list[str], chosen: Callable[[str], Mapping[str, Peer]]) -> dict[str, object]:
    """Print the tables of the data sets that are there, and return their figures."""
    result: dict[str, object] = {}
    for name in names:
        if not is_there(name):
            continue
        panel = panel_of(name)
        scores = play(name, panel, chosen(name))
        rows = summary(scores)
        print(f"\n{name}: {len(panel)} SKUs × {panel.periods} periods, {len(BACK[name])} cutoffs, h = {H}")
        for line in lines(rows, scores):
            print(line)
        result[name] = rows
    return result


def main(argv: list[str] | None = None) -> None:
    """Read the command line, play, print, and write the figures where `--json` says."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.demand")
    parser.add_argument("names", nargs="*", metavar="DATA", help=f"of {', '.join(READ)}; none: all")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures there")
    parser.add_argument("--contenders", nargs="+", choices=[OURS, *PEERS], help="only these")
    given = parser.parse_args(argv)
    unknown = set(given.names) - set(READ)
    if unknown:
        parser.error(f"no data set {min(unknown)!r}; there are {', '.join(READ)}")

    def chosen(name: str) -> dict[str, Peer]:
        everyone = {OURS: ours(config_of(name).demand), **PEERS}
        return {key: peer for key, peer in everyone.items() if key in (given.contenders or everyone)}

    result = run(given.names or list(READ), chosen)
    if given.json:
        given.json.write_text(json.dumps(result, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
