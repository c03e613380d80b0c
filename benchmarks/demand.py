"""Demand forecasts against what a user would pick instead: `python -m benchmarks.demand [vn2 …]`.

Every contender is asked at cutoffs 10, 20, 30 and 52 weeks before the end for the next eight weeks (where history
is too short, the earlier cutoffs are left out); censored weeks are not scored. SQL is the pinball loss over seven
levels divided by the SKU's mean absolute week-to-week change before the cutoff; bias is that of the point forecast
(the quantile boosting's is its median); cover says how often the
outcome lay between the 10 % and 90 %, and the 5 % and 95 % quantile.
"""

import os
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.demand_peers import LEVELS, Peer, classical, quantile_boosting
from database.sources import load_tables, write_tables
from examples import online_retail, orange_juice, vn2
from features.demand_class import demand_classes, known_demand
from features.panel import Array, Panel, make_panel
from models.demand.ensemble import DemandEnsemble
from training.config import load_config

H = 8
BACK = (52, 30, 20, 10)
ROOT = Path(__file__).resolve().parents[1]
EXAMPLES = {"vn2": vn2, "orange_juice": orange_juice, "online_retail": online_retail}
PEERS: Mapping[str, Peer] = {
    "SeasonalNaive": classical("SeasonalNaive"),
    "AutoETS": classical("AutoETS"),
    "CrostonSBA": classical("CrostonSBA"),
    "TSB": classical("TSB"),
    "LightGBM quantile": quantile_boosting,
}


@dataclass(frozen=True)
class Score:
    """Per SKU of one cutoff: scaled pinball loss and coverage (NaN: nothing to score), and sums for the bias."""

    loss: Array
    cover80: Array
    cover90: Array
    error: Array
    demand: Array
    demand_class: NDArray[np.object_]

    @classmethod
    def of(cls, quantiles: Array, center: Array, actual: Array, before: Panel) -> "Score":
        """Judge quantiles (n, h, 7) and a point forecast (n, h) by what came (n, h; NaN: unknown)."""
        known = ~np.isnan(actual)
        gap = np.nan_to_num(actual)[:, :, None] - quantiles
        pinball = np.maximum(LEVELS * gap, (LEVELS - 1) * gap).mean(axis=2)
        change = np.abs(np.diff(known_demand(before), axis=1))
        moves = (~np.isnan(change)).sum(axis=1)
        scale = np.nansum(change, axis=1) / np.maximum(moves, 1)
        usable = known & (scale > 0)[:, None]
        return cls(
            _mean(pinball / np.where(scale > 0, scale, 1.0)[:, None], usable),
            _mean((quantiles[:, :, 1] <= actual) & (actual <= quantiles[:, :, 5]), usable),
            _mean((quantiles[:, :, 0] <= actual) & (actual <= quantiles[:, :, 6]), usable),
            np.where(known, center - np.nan_to_num(actual), 0.0).sum(axis=1),
            np.nan_to_num(actual).sum(axis=1),
            demand_classes(before),
        )


def _mean(values: Array | NDArray[np.bool_], where: NDArray[np.bool_]) -> Array:
    count = where.sum(axis=1)
    return np.where(count > 0, np.where(where, values, 0).sum(axis=1) / np.maximum(count, 1), np.nan)


def panel_of(name: str, raw: Path) -> Panel:
    """The data set through the same door as any company's."""
    example, data = EXAMPLES[name], load_config(ROOT / "configs" / f"{name}.yaml").data
    with tempfile.TemporaryDirectory() as folder:
        write_tables(example.tables(example.read(raw)), Path(folder))
        return make_panel(load_tables(folder, data).tables, data)


def ours(panel: Panel, name: str) -> tuple[Array, Array, Array]:
    """Quantiles (n, h, 7) of periods and of running sums, and the mean (n, h), of the model that serves."""
    config = load_config(ROOT / "configs" / f"{name}.yaml").demand
    forecast = DemandEnsemble(config, H, threads=1).fit(panel).predict(panel, H)
    kept = np.searchsorted(forecast.levels, LEVELS)
    return forecast.quantiles[:, :, kept], forecast.cumulative[:, :, kept], forecast.mean


def play(name: str, panel: Panel) -> dict[str, list[Score]]:
    """Scores of every contender at every cutoff that leaves a year of history, or else half of it."""
    scores: dict[str, list[Score]] = {}
    for back in [b for b in BACK if panel.periods - b >= min(60, panel.periods // 2)]:
        before = panel.until(panel.periods - back)
        actual = known_demand(panel)[:, before.periods :][:, :H]
        quantiles, cumulative, mean = ours(before, name)
        scores.setdefault("ours", []).append(Score.of(quantiles, mean, actual, before))
        sums = Score.of(cumulative, np.cumsum(mean, axis=1), np.cumsum(actual, axis=1), before)
        scores.setdefault("ours, running sums", []).append(sums)
        for peer, forecast in PEERS.items():
            values = forecast(before, H)
            scores.setdefault(peer, []).append(Score.of(values, values[:, :, 3], actual, before))
    return scores


def report(name: str, panel: Panel, scores: dict[str, list[Score]]) -> None:
    """Print the table of one data set, overall and by class."""
    classes = np.concatenate([s.demand_class for s in scores["ours"]])
    print(f"\n{name}: {len(panel)} SKUs × {panel.periods} periods, {len(scores['ours'])} cutoffs, h = {H}\n")
    print(f"{'':20}{'class':14}{'rows':>7}{'SQL':>8}{'bias':>8}{'cover80':>9}{'cover90':>9}")
    for contender, parts in scores.items():
        for kind in ["all", *sorted(set(classes))]:
            rows = (classes == kind) | (kind == "all")
            loss, c80, c90, error, demand = (
                np.concatenate([getattr(s, f) for s in parts])[rows]
                for f in ("loss", "cover80", "cover90", "error", "demand")
            )
            scored = ~np.isnan(loss)
            if scored.sum() < 30:
                continue
            print(
                f"{contender:20}{kind:14}{scored.sum():7}{loss[scored].mean():8.4f}"
                f"{error.sum() / max(demand.sum(), 1e-9):8.3f}{c80[scored].mean():9.3f}{c90[scored].mean():9.3f}"
            )


def main() -> None:
    """Run the data sets named on the command line (default: vn2) from `PURVEY_DATA`."""
    raw = Path(os.environ.get("PURVEY_DATA", ROOT.parent / "shared" / "data"))
    for name in sys.argv[1:] or ["vn2"]:
        if not (raw / name).is_dir():
            print(f"skipped: {raw / name} is not there; set PURVEY_DATA to the folder that holds {name}/")
            continue
        begun = time.perf_counter()
        panel = panel_of(name, raw / name)
        report(name, panel, play(name, panel))
        print(f"{time.perf_counter() - begun:.0f} s", file=sys.stderr)


if __name__ == "__main__":
    main()
