"""Whether a pilot's interval and its computed power hold, where the effect is known: `python -m benchmarks.pilot`.

Companies are simulated: weekly outcomes of SKUs of very different size, with seasons by category, shocks that last
(AR(1)), heavy tails, shocks that a supplier's SKUs share, missing weeks, SKUs that drop out, and weeks of zero. Two
years are the past; pairs are matched on them, power is computed from them; then an effect is planted in the pilot's 13
weeks and measured against 26 weeks before. Bias is of the estimate on its scale, against what was planted in the very
units that were in the pilot; cover says how often the 90 % interval holds it (87–93 % wanted).
"""

import argparse
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from distributions.distribution import Array
from procurement.pilot.matched_groups import MatchedGroups, MatchingRule, matched_groups
from procurement.pilot.pair_differences import PILOT, Scale
from procurement.pilot.paired_outcomes import PilotWindow, estimated, paired_outcomes
from procurement.pilot.pilot_effect import PilotEffect, pilot_effect
from procurement.pilot.placebo_pilots import past_pilots, past_windows, placebo_pilots

SIMULATIONS = 500
PAST, BEFORE, AFTER = 104, 26, 13
SCALES: tuple[Scale, ...] = ("level", "log", "ratio")
_POWER_EVERY = 20
"""Simulations from one in which the power is computed to the next."""
_ALPHA = 0.05
_LARGEST_SHOCK = 8.0
"""In standard deviations: the exponential of an unbounded t has no mean."""
_BEGIN = pd.Timestamp("2023-01-02")


@dataclass(frozen=True)
class CompanyKind:
    """How the outcomes of a simulated company come about.

    Attributes
    ----------
    pairs : in the pilot; twice as many SKUs, and in clusters twice as many suppliers, there are
    effect : planted, a share; effect_spread : its standard deviation between SKUs
    sizes : standard deviation of the SKUs' log size
    noise : standard deviation of a SKU's own shocks (logs), shared : of its supplier's; phi : what lasts to next week
    tail : degrees of freedom of the t that shocks come from
    season : amplitude of the year's wave, in opposite phase in the two categories
    zero, missing, lost : share of weeks of zero, of weeks without a row, of SKUs that end in the pilot
    skus_each : SKUs of a supplier; together : whether suppliers are matched as a whole
    """

    pairs: int = 40
    effect: float = -0.1
    effect_spread: float = 0.0
    sizes: float = 0.5
    noise: float = 0.25
    shared: float = 0.0
    phi: float = 0.6
    tail: float = 30.0
    season: float = 0.0
    zero: float = 0.0
    missing: float = 0.0
    lost: float = 0.0
    skus_each: int = 4
    together: bool = False


KINDS: Mapping[str, CompanyKind] = {
    "shocks that last": CompanyKind(),
    "10 pairs": CompanyKind(pairs=10, effect=-0.2),
    "seasons by category": CompanyKind(season=0.4),
    "effects differ between SKUs": CompanyKind(effect_spread=0.1),
    "heavy tails": CompanyKind(tail=2.5, noise=0.2),
    "sizes 1 to 1,000": CompanyKind(pairs=80, sizes=1.2, effect=-0.15),
    "supplier shocks, SKU pairs": CompanyKind(shared=0.2, noise=0.2),
    "supplier shocks, whole suppliers": CompanyKind(
        pairs=20, shared=0.2, noise=0.2, together=True, effect=-0.15
    ),
    "weeks of zero": CompanyKind(pairs=80, zero=0.5, effect=-0.15),
    "missing weeks and lost SKUs": CompanyKind(pairs=50, season=0.4, missing=0.1, lost=0.1),
}


@dataclass(frozen=True)
class SimulatedCompany:
    """A company before its pilot: SKUs for matching, and outcomes (N, PAST + AFTER) as they come without one."""

    units: pd.DataFrame
    y: Array
    ds: pd.DatetimeIndex
    effects: Array

    def panel(self, y: Array) -> pd.DataFrame:
        """Rows `unit`, `ds`, `y` of outcomes (N, T), without what is missing."""
        n, periods = y.shape
        frame = pd.DataFrame(
            {
                "unit": np.repeat(self.units["unit"].to_numpy(object), periods),
                "ds": np.tile(self.ds[:periods], n),
                "y": y.ravel(),
            }
        )
        return frame.dropna()


def simulate_company(kind: CompanyKind, seed: int) -> SimulatedCompany:
    """Simulate a company whose log outcomes are size + season + own and supplier's AR(1) shocks."""
    rng = np.random.default_rng(seed)
    suppliers = 2 * kind.pairs if kind.together else max(2 * kind.pairs // kind.skus_each, 2)
    n = 2 * kind.pairs * (kind.skus_each if kind.together else 1)
    periods = PAST + AFTER
    supplier = np.arange(n) % suppliers
    category = supplier % 2
    wave = np.sin(2 * np.pi * np.arange(periods) / 52 + rng.uniform(0, 2 * np.pi))
    logs = rng.normal(4, kind.sizes, (n, 1)) + kind.season * np.where(category == 0, 1, -1)[:, None] * wave
    logs = logs + kind.noise * _shocks(rng, n, kind)
    logs = logs + kind.shared * _shocks(rng, suppliers, kind)[supplier]
    y = np.exp(logs) * (rng.random((n, periods)) >= kind.zero)
    past = y[:, :PAST].copy()
    y[rng.random((n, periods)) < kind.missing] = np.nan
    ends = rng.integers(PAST, PAST + AFTER, n)
    y[(rng.random(n) < kind.lost)[:, None] & (np.arange(periods) >= ends[:, None])] = np.nan
    units = pd.DataFrame(
        {
            "unit": [f"s{i:04}" for i in range(n)],
            "supplier_id": [f"v{i:03}" for i in supplier],
            "category": [f"c{i}" for i in category],
            "log_value": np.log(past.mean(axis=1)),
            "demand_cv": past.std(axis=1) / past.mean(axis=1),
        }
    )
    effects = np.clip(rng.normal(kind.effect, kind.effect_spread, n), -0.9, None)
    return SimulatedCompany(units, y, pd.date_range(_BEGIN, periods=periods, freq="W-MON"), effects)


def _shocks(rng: np.random.Generator, rows: int, kind: CompanyKind) -> Array:
    """AR(1) shocks (rows, PAST + AFTER) with variance one where the t has one of its own."""
    drawn = rng.standard_t(kind.tail, (rows, PAST + AFTER)) * np.sqrt((kind.tail - 2) / kind.tail)
    drawn = np.clip(drawn, -_LARGEST_SHOCK, _LARGEST_SHOCK)
    for t in range(1, PAST + AFTER):
        drawn[:, t] = kind.phi * drawn[:, t - 1] + np.sqrt(1 - kind.phi**2) * drawn[:, t]
    return np.asarray(drawn, float)


def company_groups(company: SimulatedCompany, kind: CompanyKind, seed: int) -> MatchedGroups:
    """Match the company's SKUs, or its suppliers, within categories."""
    rule = MatchingRule(exact=("category",), keep_suppliers_together=kind.together)
    return matched_groups(company.units, rule, seed=seed)


def with_pilot(company: SimulatedCompany, groups: pd.DataFrame) -> Array:
    """Outcomes (N, T) with the planted effects in the pilot's units after the start."""
    pilot = company.units["unit"].isin(groups.loc[groups["group"] == PILOT, "unit"]).to_numpy()
    y = company.y.copy()
    y[pilot, PAST:] *= 1 + company.effects[pilot, None]
    return y


def planted(company: SimulatedCompany, groups: pd.DataFrame, effect: PilotEffect) -> float:
    """What was planted in the pilot units that counted, on the effect's scale."""
    out = set(effect.counts.left_out["unit"])
    names = company.units["unit"]
    pilot = names.isin(groups.loc[groups["group"] == PILOT, "unit"]).to_numpy() & ~names.isin(out).to_numpy()
    without, effects = np.nanmean(company.y[pilot, PAST:], axis=1), company.effects[pilot]
    if effect.scale == "level":
        return float((without * effects).mean())
    if effect.scale == "log":
        return float(np.log1p(effects).mean())
    return float(np.log((without * (1 + effects)).sum() / without.sum()))


def computed_power(company: SimulatedCompany, groups: pd.DataFrame, kind: CompanyKind, scale: Scale) -> float:
    """Power of the pilot as computed from the past, with all pairs there are."""
    past = past_pilots(company.panel(company.y[:, :PAST]), groups, scale=scale)
    windows = past_windows(past, BEFORE, AFTER, scale=scale)
    pairs = min(len(window.units) for window in windows)
    placebos = placebo_pilots(windows, pairs, seed=0)
    return np.nan if placebos is None else placebos.power(scale, kind.effect, _ALPHA)


def simulated_pilot(kind: CompanyKind, seed: int, *, power: bool = False) -> list[dict[str, Any]]:
    """A company's pilot measured on every scale: `estimate`, `truth`, `covered`, `found` (at 5 %), `placebo` p.

    And `alarm`, whether an effect is found where none was planted, and the computed `power`, if asked for.
    """
    company = simulate_company(kind, seed)
    groups = company_groups(company, kind, seed).groups
    window = PilotWindow(company.ds[PAST], since=company.ds[PAST - BEFORE])
    with_effect, without = company.panel(with_pilot(company, groups)), company.panel(company.y)
    rows = []
    for scale in SCALES:
        effect = pilot_effect(with_effect, groups, window, scale=scale)
        truth = planted(company, groups, effect)
        paired, _ = paired_outcomes(without, groups, window, scale=scale, cluster="pair")
        null, _ = estimated(paired, *paired.windows(), scale)
        rows.append(
            {
                "scale": scale,
                "estimate": effect.effect.estimate,
                "truth": truth,
                "covered": effect.effect.low <= truth <= effect.effect.high,
                "found": effect.p_value < _ALPHA and effect.effect.estimate < 0,
                "alarm": float(null.p_value()) < _ALPHA,
                "placebo": np.nan if effect.trends is None else effect.trends.p_value,
                "power": computed_power(company, groups, kind, scale) if power else np.nan,
            }
        )
    return rows


def simulated_pilots(kind: CompanyKind, simulations: int) -> pd.DataFrame:
    """Rows of `simulated_pilot` for as many companies, with the power computed in one of 20."""
    each = (simulated_pilot(kind, seed, power=seed % _POWER_EVERY == 0) for seed in range(simulations))
    return pd.DataFrame([row for rows in each for row in rows])


def main(argv: list[str] | None = None) -> None:
    """Run the benchmark: print bias, cover, power found and computed, and false alarms, by kind and scale."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pilot")
    parser.add_argument("--simulations", type=int, default=SIMULATIONS)
    simulations = parser.parse_args(argv).simulations
    started = time.perf_counter()
    print(
        f"{simulations} simulated pilots each, {BEFORE} weeks before and {AFTER} after; cover of the 90 % interval\n"
    )
    heads = ("bias", "± its error", "cover", "power", "computed", "false alarms", "placebo < 5%")
    print(f"{'':34}{'scale':>7}{'truth':>9}" + "".join(f"{head:>14}" for head in heads))
    for name, kind in KINDS.items():
        for scale, pilots in simulated_pilots(kind, simulations).groupby("scale"):
            off = pilots["estimate"] - pilots["truth"]
            cells = [
                f"{off.mean():+.4f}",
                f"{off.std() / np.sqrt(len(off)):.4f}",
                f"{pilots['covered'].mean():.1%}",
            ]
            cells += [f"{pilots['found'].mean():.0%}", f"{pilots['power'].mean():.0%}"]
            cells += [f"{pilots['alarm'].mean():.1%}", f"{(pilots['placebo'] < _ALPHA).mean():.1%}"]
            row = "".join(f"{cell:>14}" for cell in cells)
            print(f"{name:34}{scale:>7}{pilots['truth'].mean():9.3f}{row}", flush=True)
    print(f"\n{time.perf_counter() - started:.0f} s")


if __name__ == "__main__":
    main()
