"""Demand forecasts against what a user would pick instead: `python -m benchmarks.demand [vn2 …] [--json FILE]`.

Every contender forecasts the next periods (eight weeks, 18 months …) from three or four cutoffs;
`benchmarks.demand.scores` says what the scores mean. Where a data set has its truth, the demo's, forecasts are scored
on what customers really wanted; else censored periods are not scored, nor are missing ones. Peers see both filled
(`benchmarks.demand.peers.fill_gaps`), LightGBM does not learn from them; nobody sees what came after the cutoff, but
for the covariates the config says are planned, and nobody sees the truth.
"""

import argparse
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from benchmarks.demand.boosting_peers import HAS_CATBOOST, catboost_quantiles, histogram_boosting
from benchmarks.demand.critical_difference import losses_by_block, rank_lines, write_chart
from benchmarks.demand.data_sets import (
    CUTOFFS_BACK,
    DATA_SETS,
    folder_of,
    horizon_of,
    load_config_of,
    load_panel,
    load_truth,
)
from benchmarks.demand.ensemble_peer import OWN_ETS, ensemble_with_own_intervals, statistical_ensemble
from benchmarks.demand.lightgbm_peer import mlforecast_lightgbm, quantile_boosting
from benchmarks.demand.own_past import own_last_season, own_quantiles, own_seasonal
from benchmarks.demand.peers import CLASSICAL, LaterPeer, Peer, classical, purvey_peer, with_own_intervals
from benchmarks.demand.report import OURS, report_lines
from benchmarks.demand.scores import score_contenders, scores_by_group
from benchmarks.demand.tuned_peer import tuned_lightgbm
from benchmarks.raw_data import is_available

Contenders = Mapping[str, Peer | LaterPeer]

PEERS: Contenders = {
    **{name: classical(name) for name in CLASSICAL},
    "mlforecast LightGBM": mlforecast_lightgbm,
    "mlforecast LightGBM tuned": LaterPeer(
        lambda panel, h, _, seconds: tuned_lightgbm(panel, h, seconds.get(OURS, DEFAULT_SECONDS))
    ),
    "LightGBM quantile": quantile_boosting,
    "HistGradientBoosting": histogram_boosting,
    **({"CatBoost": catboost_quantiles} if HAS_CATBOOST else {}),
    "statistical ensemble": LaterPeer(lambda panel, h, known, _: statistical_ensemble(panel, h, known)),
    OWN_ETS: with_own_intervals("AutoETS"),
    "ensemble, own intervals": LaterPeer(
        lambda panel, h, known, _: ensemble_with_own_intervals(panel, h, known)
    ),
    "own quantiles": own_quantiles,
    "own last season": own_last_season,
    "own seasonal": own_seasonal,
}

DEFAULT_SECONDS = 60.0
"""Seconds that a peer is tuned for where Purvey is not among the contenders."""

SCORED = {
    True: "what customers wanted, sold or not",
    False: "what was sold, without the weeks that sold out",
}
"""What a data set's forecasts are scored on, by whether its truth is known."""


def run_benchmark(
    names: list[str], contenders_of: Callable[[str], Contenders]
) -> dict[str, list[dict[str, Any]]]:
    """Run the command of the demand benchmark, from forecasts to printing; mean scores by data set, if it is there."""
    result: dict[str, list[dict[str, Any]]] = {}
    for name in names:
        if not is_available(folder_of(name)):
            continue
        panel, truth = load_panel(name), load_truth(name)
        scores = score_contenders(name, panel, contenders_of(name), truth=truth)
        rows, cutoffs = scores_by_group(scores), len(CUTOFFS_BACK[name])
        print(
            f"\n{name}: {len(panel)} SKUs × {panel.periods} periods, {cutoffs} cutoffs, h = {horizon_of(name)}, "
            f"scored on {SCORED[truth is not None]}"
        )
        for line in report_lines(rows, scores):
            print(line)
        result[name] = rows
    return result


def main(argv: list[str] | None = None) -> None:
    """Run the demand benchmark as the command line says, and write the scores where `--json` says."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.demand")
    parser.add_argument("names", nargs="*", metavar="DATA", help=f"of {', '.join(DATA_SETS)}; none: all")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures there")
    parser.add_argument(
        "--plot", type=Path, metavar="FILE", help="write a critical-difference plot there, SVG"
    )
    parser.add_argument("--contenders", nargs="+", choices=[OURS, *PEERS], help="only these")
    given = parser.parse_args(argv)
    unknown = set(given.names) - set(DATA_SETS)
    if unknown:
        parser.error(f"no data set {min(unknown)!r}; there are {', '.join(DATA_SETS)}")

    def contenders_of(name: str) -> Contenders:
        everyone: dict[str, Peer | LaterPeer] = {OURS: purvey_peer(load_config_of(name).demand), **PEERS}
        return {key: peer for key, peer in everyone.items() if key in (given.contenders or everyone)}

    result = run_benchmark(given.names or list(DATA_SETS), contenders_of)
    if result and len(given.contenders or PEERS) > 1:
        losses = losses_by_block(result)
        for line in rank_lines(losses):
            print(line)
        if given.plot:
            write_chart(losses, given.plot)
    if given.json:
        given.json.write_text(json.dumps(result, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
