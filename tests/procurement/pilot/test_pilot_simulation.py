"""Simulated pilots of a known effect, as in `benchmarks/pilot.py`, but few."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from benchmarks.pilot import (
    KINDS,
    PAST,
    SCALES,
    CompanyKind,
    company_groups,
    planted,
    simulate_company,
    simulated_pilot,
    simulated_pilots,
    with_pilot,
)
from procurement.pilot.paired_outcomes import PilotWindow
from procurement.pilot.pilot_effect import pilot_effect

SIMULATIONS = 60
HARD = {
    "lasting shocks, seasons": replace(KINDS["seasons by category"], pairs=20, effect=-0.15),
    "heavy tails, missing weeks": replace(
        KINDS["missing weeks and lost SKUs"], tail=2.5, pairs=25, effect=-0.15
    ),
    "whole suppliers": replace(KINDS["supplier shocks, whole suppliers"], pairs=10, effect=-0.25),
}


@pytest.fixture(scope="module", params=HARD)
def pilots(request) -> pd.DataFrame:
    return simulated_pilots(HARD[request.param], SIMULATIONS)


@pytest.mark.parametrize("scale", SCALES)
def test_nine_in_ten_intervals_hold_what_was_planted(pilots: pd.DataFrame, scale: str) -> None:
    covered = pilots.loc[pilots["scale"] == scale, "covered"].mean()
    assert 0.8 <= covered <= 0.98  # 60 of 90 %: 0.9 ± 0.039 (one standard error)


@pytest.mark.parametrize("scale", SCALES)
def test_the_effect_is_not_biased(pilots: pd.DataFrame, scale: str) -> None:
    off = pilots[pilots["scale"] == scale].eval("estimate - truth")
    assert abs(off.mean()) < 3 * off.std() / np.sqrt(SIMULATIONS)


@pytest.mark.parametrize("scale", SCALES)
def test_what_the_past_promised_is_found(pilots: pd.DataFrame, scale: str) -> None:
    each = pilots[pilots["scale"] == scale]
    assert each["power"].count() == SIMULATIONS / 20
    assert each["found"].mean() == pytest.approx(each["power"].mean(), abs=0.2)
    assert each["found"].mean() > 0.4


def test_where_nothing_was_planted_little_is_found(pilots: pd.DataFrame) -> None:
    assert pilots["alarm"].mean() < 0.12
    assert (pilots["placebo"] < 0.05).mean() < 0.12


def test_ignoring_that_suppliers_went_together_would_not_hold() -> None:
    kind = CompanyKind(pairs=10, shared=0.3, noise=0.1, together=True, effect=0.0, skus_each=8)
    alarms = {"pair": [], "SKU": []}
    for seed in range(SIMULATIONS):
        company = simulate_company(kind, seed)
        groups = company_groups(company, kind, seed).groups
        window = PilotWindow(company.ds[PAST])
        frame = company.panel(company.y)
        number = groups.groupby(["pair", "group"]).cumcount()
        ones = groups.assign(pair=groups["pair"] * 100 + number)
        both = ones.groupby("pair")["unit"].transform("size") == 2
        alarms["pair"].append(pilot_effect(frame, groups, window, scale="log").p_value < 0.1)
        alarms["SKU"].append(pilot_effect(frame, ones[both], window, scale="log").p_value < 0.1)
    assert np.mean(alarms["pair"]) <= 0.2
    assert np.mean(alarms["SKU"]) > 0.3


def test_the_benchmark_plants_what_it_says() -> None:
    kind = CompanyKind(pairs=5, effect=-0.3)
    company = simulate_company(kind, 0)
    groups = company_groups(company, kind, 0).groups
    pilot = company.units["unit"].isin(groups.loc[groups["group"] == "pilot", "unit"]).to_numpy()
    y = with_pilot(company, groups)
    np.testing.assert_allclose(y[pilot, PAST:], 0.7 * company.y[pilot, PAST:])
    np.testing.assert_array_equal(y[~pilot], company.y[~pilot])
    np.testing.assert_array_equal(y[:, :PAST], company.y[:, :PAST])
    for scale in SCALES:
        effect = pilot_effect(company.panel(y), groups, PilotWindow(company.ds[PAST]), scale=scale)
        expected = -0.3 * company.y[pilot, PAST:].mean() if scale == "level" else np.log(0.7)
        assert planted(company, groups, effect) == pytest.approx(expected)


def test_a_seed_is_a_simulation() -> None:
    kind = CompanyKind(pairs=5)
    assert simulated_pilot(kind, 3)[0]["estimate"] == simulated_pilot(kind, 3)[0]["estimate"]
    assert simulated_pilot(kind, 3)[0]["estimate"] != simulated_pilot(kind, 4)[0]["estimate"]
