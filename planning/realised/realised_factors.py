"""Realised factors: how much of what a lever promises it brings, learned by empirical Bayes from what was booked.

Of an action rᵢ = θ·pᵢ + εᵢ: realised r, promised p, and ε with the spread sᵢ of both ranges. A lever's own θ̂ is its
weighted least squares, with variance v = φ / Σ (p/s)²; φ ≥ 1 is by how much actions scatter beyond their ranges. The
levers' true θ lie around a common θ₀ with variance τ² (DerSimonian & Laird 1986), θ₀ around 1. Each lever's factor is
the mean of θ̂ and θ₀ weighted by 1/v and 1/τ²: few actions say little, many say it all.
"""

import numpy as np
import orjson
import pandas as pd

from distributions.distribution import Array

ENOUGH = 10
"""Measured actions, of all levers together, from which factors are learned; until then all are 1."""

_WIDTH = 2.5631
"""Standard deviations between the ends of a range that holds 80 of 100 cases of a normal distribution."""
_LEAST_SPREAD = 0.25
"""Least spread of an action about its promise, as a share of that."""
_PRIOR_SPREAD, _LEAST_TAU = 0.5, 0.1
_BOUNDS = 0.05, 1.5

FACTOR_COLUMNS = [
    "kind",
    "actions",
    "promised",
    "realised",
    "own_factor",
    "factor",
    "factor_low",
    "factor_high",
]


def realised_factors(booked: pd.DataFrame) -> pd.DataFrame:
    """Factors by lever, `FACTOR_COLUMNS`; the row of kind "" holds for levers of which nothing was measured.

    No rows where fewer than `ENOUGH` actions are measured.

    Parameters
    ----------
    booked : kind, promised, promised_low, promised_high, realised, low, high of each action; NaN where not measured
    """
    known = booked[booked["realised"].notna() & (booked["promised"].abs() > 0)]
    if len(known) < ENOUGH:
        return pd.DataFrame(columns=FACTOR_COLUMNS)
    p, r = (known[name].to_numpy(float) for name in ("promised", "realised"))
    spread = _spreads(known)
    kinds, row = np.unique(known["kind"].astype(str), return_inverse=True)
    weight = np.bincount(row, (p / spread) ** 2)
    own = np.bincount(row, p * r / spread**2) / weight
    over = (((r - own[row] * p) / spread) ** 2).sum() / max(len(known) - len(kinds), 1)
    variance = max(over, 1.0) / weight
    tau2 = max(_between(own, variance), _LEAST_TAU**2)
    each = 1 / (variance + tau2)
    prior = 1 / _PRIOR_SPREAD**2
    common = (prior + (each * own).sum()) / (prior + each.sum())
    precision = 1 / variance + 1 / tau2
    factor = (own / variance + common / tau2) / precision
    half = _WIDTH / 2 * np.sqrt(1 / precision)
    frame = pd.DataFrame(
        {
            "kind": kinds,
            "actions": np.bincount(row),
            "promised": np.bincount(row, p),
            "realised": np.bincount(row, r),
            "own_factor": own,
            "factor": factor,
            "factor_low": factor - half,
            "factor_high": factor + half,
        }
    )
    wide = _WIDTH / 2 * np.sqrt(tau2 + 1 / (prior + each.sum()))
    others = [("", 0, 0.0, 0.0, np.nan, common, common - wide, common + wide)]
    frame = pd.concat([frame, pd.DataFrame(others, columns=FACTOR_COLUMNS)], ignore_index=True)
    bounded = ["factor", "factor_low", "factor_high"]
    frame[bounded] = frame[bounded].clip(*_BOUNDS)
    return frame


def _spreads(known: pd.DataFrame) -> Array:
    """Standard deviation (n,) of what each action brings about its promise, by both ranges, money."""
    ranges = [
        np.nan_to_num((known[high] - known[low]).to_numpy(float)) / _WIDTH
        for low, high in (("promised_low", "promised_high"), ("low", "high"))
    ]
    least = _LEAST_SPREAD * known["promised"].abs().to_numpy(float)
    return np.asarray(np.maximum(np.hypot(*ranges), least))


def _between(own: Array, variance: Array) -> float:
    """Variance τ² of the levers' true factors about their common one, by the method of moments."""
    if len(own) < 2:
        return 0.0
    weight = 1 / variance
    mean = (weight * own).sum() / weight.sum()
    q = (weight * (own - mean) ** 2).sum()
    scale = weight.sum() - (weight**2).sum() / weight.sum()
    return float((q - (len(own) - 1)) / scale) if scale > 0 else 0.0


def with_factors(actions: pd.DataFrame, factors: pd.DataFrame) -> pd.DataFrame:
    """The action table with each lever's `factor`, said in its facts, in the order of what it then brings.

    Without factors it is 1 for all, and nothing else changes.
    """
    if factors.empty or actions.empty:
        return actions.assign(factor=1.0)
    by_kind = factors.set_index("kind")
    of_kind = by_kind["factor"]
    factor = actions["kind"].map(of_kind).fillna(float(of_kind[""])).to_numpy(float)
    counted = actions["kind"].map(by_kind["actions"]).fillna(0).to_numpy(int)
    facts = [
        orjson.dumps(
            orjson.loads(text) | {"realised_factor": round(share, 3), "realised_factor_from_actions": count}
        ).decode()
        for text, share, count in zip(actions["facts"], factor.tolist(), counted.tolist(), strict=True)
    ]
    result = actions.assign(factor=factor, facts=facts)
    gain = result["worth_in_horizon"] * factor / np.maximum(result["effort"], 1.0)
    order = np.lexsort((result["action_id"].astype(str), result["act_by"].to_numpy(), -gain))
    return result.iloc[order].reset_index(drop=True)
