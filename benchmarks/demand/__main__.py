"""Demand forecasts against what a user would pick instead: `python -m benchmarks.demand [vn2 …] [--json FILE]`.

Every contender forecasts the next eight weeks from three or four cutoffs; `benchmarks.demand.scores` says what the
scores mean. Censored and missing periods are not scored. Peers see them filled (`benchmarks.demand.peers.fill_gaps`),
LightGBM does not learn from them; nobody sees what came after the cutoff, but for the covariates the config says are
planned.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import pandas as pd

from benchmarks.demand.data import CUTOFFS_BACK, DATA_SETS, H, load_config_of, load_panel
from benchmarks.demand.lightgbm_peer import mlforecast_lightgbm, quantile_boosting
from benchmarks.demand.peers import CLASSICAL, Peer, QuantileForecast, classical
from benchmarks.demand.report import OURS, report_lines
from benchmarks.demand.scores import CutoffForecasts, summary
from benchmarks.raw_data import is_available
from configs.schema import DemandConfig
from features.demand.panel import Panel, known_demand
from models.demand.forecaster import DemandForecaster

PEERS: Mapping[str, Peer] = {
    **{name: classical(name) for name in CLASSICAL},
    "mlforecast LightGBM": mlforecast_lightgbm,
    "LightGBM quantile": quantile_boosting,
}


def purvey_peer(config: DemandConfig) -> Peer:
    """Purvey's demand model as a contender, with the data set's config."""

    def forecast(panel: Panel, h: int) -> QuantileForecast:
        ahead = DemandForecaster(config, h).fit(panel).predict(panel, h)
        return QuantileForecast(ahead.mean, ahead.quantiles, ahead.cumulative, ahead.levels)

    return forecast


def score_contenders(name: str, panel: Panel, contenders: Mapping[str, Peer]) -> pd.DataFrame:
    """Scores of every contender's demand forecasts at every cutoff; how long each took goes to standard error."""
    tables = []
    for back in CUTOFFS_BACK[name]:
        before = panel.until(panel.periods - back)
        forecasts = {}
        for contender, forecast in contenders.items():
            started = time.perf_counter()
            forecasts[contender] = forecast(before, H)
            seconds = time.perf_counter() - started
            print(f"{name} {before.cutoff.date()} {contender}: {seconds:.0f} s", file=sys.stderr, flush=True)
        actual = known_demand(panel)[:, before.periods :][:, :H]
        tables.append(CutoffForecasts(before, actual, forecasts).scores())
    return pd.concat(tables, ignore_index=True)


def run_data_sets(names: list[str], contenders_of: Callable[[str], Mapping[str, Peer]]) -> dict[str, object]:
    """Print the score tables of the data sets that are available, and return their mean scores."""
    result: dict[str, object] = {}
    for name in names:
        if not is_available(name):
            continue
        panel = load_panel(name)
        scores = score_contenders(name, panel, contenders_of(name))
        rows = summary(scores)
        print(
            f"\n{name}: {len(panel)} SKUs × {panel.periods} periods, {len(CUTOFFS_BACK[name])} cutoffs, h = {H}"
        )
        for line in report_lines(rows, scores):
            print(line)
        result[name] = rows
    return result


def main(argv: list[str] | None = None) -> None:
    """Read the command line, forecast, print, and write the scores where `--json` says."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.demand")
    parser.add_argument("names", nargs="*", metavar="DATA", help=f"of {', '.join(DATA_SETS)}; none: all")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures there")
    parser.add_argument("--contenders", nargs="+", choices=[OURS, *PEERS], help="only these")
    given = parser.parse_args(argv)
    unknown = set(given.names) - set(DATA_SETS)
    if unknown:
        parser.error(f"no data set {min(unknown)!r}; there are {', '.join(DATA_SETS)}")

    def contenders_of(name: str) -> dict[str, Peer]:
        everyone = {OURS: purvey_peer(load_config_of(name).demand), **PEERS}
        return {key: peer for key, peer in everyone.items() if key in (given.contenders or everyone)}

    result = run_data_sets(given.names or list(DATA_SETS), contenders_of)
    if given.json:
        given.json.write_text(json.dumps(result, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
