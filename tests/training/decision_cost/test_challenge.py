from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from configs.schema import Config, DataConfig, PolicyConfig
from features.contract.tables import Tables, empty_table
from features.demand.panel import Panel, make_panel
from models.protocols import Forecaster
from training.decision_cost.challenge import Challenge, Champion, judge
from training.decision_cost.order_rules import backtest_forecasts
from training.decision_cost.terms import DecisionTerms
from training.makers import ModelFactories

H = 4
WEEKS = 30


@pytest.fixture
def panel() -> Panel:
    rng = np.random.default_rng(5)
    ds = pd.date_range("2023-01-02", periods=WEEKS, freq="W-MON")
    frames = [pd.DataFrame({"unique_id": f"sku{i}", "ds": ds, "y": rng.poisson(20, WEEKS)}) for i in range(6)]
    demand = pd.concat([empty_table("demand"), pd.concat(frames)], ignore_index=True)
    return make_panel(Tables(demand=demand), DataConfig(), freq="W-MON", horizon=H)


@pytest.fixture
def terms() -> DecisionTerms:
    ids = [f"sku{i}" for i in range(6)]
    items = pd.DataFrame({"unique_id": ids, "holding": 1.0, "shortage": 9.0, "lead_time": 1})
    return DecisionTerms(items, review=1, policy=PolicyConfig(target="cost", review_period_days=7))


@pytest.fixture
def challenge(panel: Panel, make_makers: Callable[..., ModelFactories]) -> Challenge:
    model = make_makers().demand(Config(), H).fit(panel)
    info = {"as_of": "2023-07-31", "versions": {"purvey": "1"}}
    return Challenge("challenger", {"seed": 0}, info, backtest_forecasts(model.backtest_), panel)


def _champion(model: Forecaster, panel: Panel, *, seen: int, seed: int = 0) -> Champion:
    cutoff = pd.Timestamp(panel.ds[seen - 1])
    info = {"cutoff": f"{cutoff:%Y-%m-%d}", "horizon": H, "versions": {"purvey": "1"}}
    return Champion("champion", {"seed": seed}, info, model)


def test_the_first_model_is_promoted(challenge: Challenge, terms: DecisionTerms) -> None:
    assert judge(challenge, None, terms).promote


def test_the_same_bundle_again_is_not_promoted(
    challenge: Challenge, terms: DecisionTerms, make_makers: Callable[..., ModelFactories]
) -> None:
    champion = _champion(make_makers().demand(Config(), H), challenge.panel, seen=20)
    verdict = judge(replace(challenge, bundle_hash="champion"), champion, terms)
    assert (verdict.promote, verdict.why) == (False, "the same bundle as the champion's")


def test_a_better_challenger_beats_a_champion_on_cutoffs_new_to_both(
    challenge: Challenge, terms: DecisionTerms, make_makers: Callable[..., ModelFactories]
) -> None:
    champion = _champion(make_makers(bias=-8.0).demand(Config(), H), challenge.panel, seen=WEEKS - 2 * H)
    verdict = judge(challenge, champion, terms)
    assert verdict.promote
    assert verdict.costs is not None
    assert verdict.costs.difference.high < 0
    assert verdict.why.startswith("cheaper beyond chance")
    assert verdict.why.endswith("at 2 cutoffs")


def test_a_worse_challenger_does_not(
    challenge: Challenge, panel: Panel, terms: DecisionTerms, make_makers: Callable[..., ModelFactories]
) -> None:
    worse = make_makers(bias=-8.0).demand(Config(), H).fit(panel)
    challenge = replace(challenge, forecasts=backtest_forecasts(worse.backtest_))
    verdict = judge(challenge, _champion(make_makers().demand(Config(), H), panel, seen=WEEKS - 2 * H), terms)
    assert not verdict.promote
    assert verdict.costs is not None
    assert verdict.costs.first > verdict.costs.second


def test_the_two_are_compared_on_the_same_rows(
    challenge: Challenge, terms: DecisionTerms, make_makers: Callable[..., ModelFactories]
) -> None:
    champion = _champion(make_makers().demand(Config(), H), challenge.panel, seen=WEEKS - 2 * H)
    verdict = judge(challenge, champion, terms)
    assert verdict.costs is not None
    assert verdict.costs.first == pytest.approx(verdict.costs.second)
    assert verdict.costs.difference.mean == 0


def test_the_same_recipe_on_newer_data_wins_without_a_contest(
    challenge: Challenge, terms: DecisionTerms, make_makers: Callable[..., ModelFactories]
) -> None:
    champion = _champion(make_makers().demand(Config(), H), challenge.panel, seen=WEEKS - 1)
    verdict = judge(challenge, champion, terms)
    assert (verdict.promote, verdict.why) == (True, "the same recipe, with data as of 2023-07-31")


def test_another_recipe_has_to_win_even_where_the_champion_had_seen_what_came(
    challenge: Challenge, terms: DecisionTerms, make_makers: Callable[..., ModelFactories]
) -> None:
    champion = _champion(make_makers(bias=-8.0).demand(Config(), H), challenge.panel, seen=WEEKS - 1, seed=1)
    verdict = judge(challenge, champion, terms)
    assert verdict.promote
    assert "the champion had learned from" in verdict.why


def test_where_nothing_can_be_compared_a_person_decides(
    challenge: Challenge, terms: DecisionTerms, make_makers: Callable[..., ModelFactories]
) -> None:
    champion = _champion(make_makers().demand(Config(), H), challenge.panel, seen=20, seed=1)
    verdict = judge(replace(challenge, forecasts=[]), champion, terms)
    assert not verdict.promote
    assert "promote by hand" in verdict.why


def test_the_same_recipe_with_newer_data_is_promoted_unless_it_is_dearer_beyond_chance(
    challenge: Challenge, panel: Panel, terms: DecisionTerms, make_makers: Callable[..., ModelFactories]
) -> None:
    equal = judge(challenge, _champion(make_makers().demand(Config(), H), panel, seen=WEEKS - 2 * H), terms)
    assert equal.promote
    assert "the same recipe with newer data, not dearer" in equal.why
    worse = make_makers(bias=-8.0).demand(Config(), H).fit(panel)
    dearer = replace(challenge, forecasts=backtest_forecasts(worse.backtest_))
    verdict = judge(dearer, _champion(make_makers().demand(Config(), H), panel, seen=WEEKS - 2 * H), terms)
    assert not verdict.promote
    assert verdict.why.startswith("dearer beyond chance")


def test_another_recipe_that_is_no_cheaper_than_chance_explains_is_not_promoted(
    challenge: Challenge, panel: Panel, terms: DecisionTerms, make_makers: Callable[..., ModelFactories]
) -> None:
    champion = _champion(make_makers(bias=0.3).demand(Config(), H), panel, seen=WEEKS - 2 * H, seed=1)
    verdict = judge(challenge, champion, terms)
    assert not verdict.promote
    assert verdict.why.startswith("another recipe, not cheaper beyond chance")


def test_a_new_policy_is_no_new_recipe(
    challenge: Challenge, panel: Panel, terms: DecisionTerms, make_makers: Callable[..., ModelFactories]
) -> None:
    champion = _champion(make_makers().demand(Config(), H), panel, seen=WEEKS - 1)
    changed = replace(challenge, config={"seed": 0, "policy": {"level": 0.9}})
    assert judge(changed, champion, terms).promote


def test_the_verdicts_figures_are_named_for_the_run(
    challenge: Challenge, panel: Panel, terms: DecisionTerms, make_makers: Callable[..., ModelFactories]
) -> None:
    champion = _champion(make_makers(bias=-8.0).demand(Config(), H), panel, seen=WEEKS - 2 * H)
    figures = judge(challenge, champion, terms).metrics()
    assert figures["versus_champion.difference"] == pytest.approx(
        figures["versus_champion.challenger_cost"] - figures["versus_champion.champion_cost"]
    )
    assert figures["versus_champion.difference_high"] < 0
    assert judge(challenge, None, terms).metrics() == {}
