from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from configs.schema import Config, DataConfig, PolicyConfig
from features.contract.tables import Tables, empty_table
from features.demand.panel import Panel
from features.demand.panel_from_tables import make_panel
from models.protocols import Forecaster
from training.decision_cost.champion_challenger import Challenger, Champion, judge_challenger
from training.decision_cost.decision_terms import DecisionTerms
from training.decision_cost.replay_inputs import forecasts_to_replay
from training.model_factories import ModelFactories

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
def challenger(panel: Panel, make_factories: Callable[..., ModelFactories]) -> Challenger:
    model = make_factories().demand(Config(), H).fit(panel)
    info = {"as_of": "2023-07-31", "versions": {"purvey": "1"}}
    return Challenger("challenger", {"seed": 0}, info, forecasts_to_replay(model.backtest_), panel)


def _champion(model: Forecaster, panel: Panel, *, seen: int, seed: int = 0) -> Champion:
    cutoff = pd.Timestamp(panel.ds[seen - 1])
    info = {"cutoff": f"{cutoff:%Y-%m-%d}", "horizon": H, "versions": {"purvey": "1"}}
    return Champion("champion", {"seed": seed}, info, model)


def test_the_first_model_is_promoted(challenger: Challenger, terms: DecisionTerms) -> None:
    assert judge_challenger(challenger, None, terms).promote


def test_the_same_bundle_again_is_not_promoted(
    challenger: Challenger, terms: DecisionTerms, make_factories: Callable[..., ModelFactories]
) -> None:
    champion = _champion(make_factories().demand(Config(), H), challenger.panel, seen=20)
    judgement = judge_challenger(replace(challenger, bundle_hash="champion"), champion, terms)
    assert (judgement.promote, judgement.why) == (False, "the same bundle as the champion's")


def test_a_better_challenger_beats_a_champion_on_cutoffs_new_to_both(
    challenger: Challenger, terms: DecisionTerms, make_factories: Callable[..., ModelFactories]
) -> None:
    champion = _champion(make_factories(bias=-8.0).demand(Config(), H), challenger.panel, seen=WEEKS - 2 * H)
    judgement = judge_challenger(challenger, champion, terms)
    assert judgement.promote
    assert judgement.costs is not None
    assert judgement.costs.difference.high < 0
    assert judgement.why.startswith("cheaper beyond chance")
    assert judgement.why.endswith("at 2 cutoffs")


def test_a_worse_challenger_does_not(
    challenger: Challenger, panel: Panel, terms: DecisionTerms, make_factories: Callable[..., ModelFactories]
) -> None:
    worse = make_factories(bias=-8.0).demand(Config(), H).fit(panel)
    challenger = replace(challenger, forecasts=forecasts_to_replay(worse.backtest_))
    judgement = judge_challenger(
        challenger, _champion(make_factories().demand(Config(), H), panel, seen=WEEKS - 2 * H), terms
    )
    assert not judgement.promote
    assert judgement.costs is not None
    assert judgement.costs.first > judgement.costs.second


def test_the_two_are_compared_on_the_same_rows(
    challenger: Challenger, terms: DecisionTerms, make_factories: Callable[..., ModelFactories]
) -> None:
    champion = _champion(make_factories().demand(Config(), H), challenger.panel, seen=WEEKS - 2 * H)
    judgement = judge_challenger(challenger, champion, terms)
    assert judgement.costs is not None
    assert judgement.costs.first == pytest.approx(judgement.costs.second)
    assert judgement.costs.difference.mean == 0


def test_the_same_recipe_on_newer_data_wins_without_a_contest(
    challenger: Challenger, terms: DecisionTerms, make_factories: Callable[..., ModelFactories]
) -> None:
    champion = _champion(make_factories().demand(Config(), H), challenger.panel, seen=WEEKS - 1)
    judgement = judge_challenger(challenger, champion, terms)
    assert (judgement.promote, judgement.why) == (True, "the same recipe, with data as of 2023-07-31")


def test_another_recipe_has_to_win_even_where_the_champion_had_seen_what_came(
    challenger: Challenger, terms: DecisionTerms, make_factories: Callable[..., ModelFactories]
) -> None:
    champion = _champion(
        make_factories(bias=-8.0).demand(Config(), H), challenger.panel, seen=WEEKS - 1, seed=1
    )
    judgement = judge_challenger(challenger, champion, terms)
    assert judgement.promote
    assert "the champion had learned from" in judgement.why


def test_where_nothing_can_be_compared_a_person_decides(
    challenger: Challenger, terms: DecisionTerms, make_factories: Callable[..., ModelFactories]
) -> None:
    champion = _champion(make_factories().demand(Config(), H), challenger.panel, seen=20, seed=1)
    judgement = judge_challenger(replace(challenger, forecasts=[]), champion, terms)
    assert not judgement.promote
    assert "promote by hand" in judgement.why


def test_the_same_recipe_with_newer_data_is_promoted_unless_it_is_dearer_beyond_chance(
    challenger: Challenger, panel: Panel, terms: DecisionTerms, make_factories: Callable[..., ModelFactories]
) -> None:
    equal = judge_challenger(
        challenger, _champion(make_factories().demand(Config(), H), panel, seen=WEEKS - 2 * H), terms
    )
    assert equal.promote
    assert "the same recipe with newer data, not dearer" in equal.why
    worse = make_factories(bias=-8.0).demand(Config(), H).fit(panel)
    dearer = replace(challenger, forecasts=forecasts_to_replay(worse.backtest_))
    judgement = judge_challenger(
        dearer, _champion(make_factories().demand(Config(), H), panel, seen=WEEKS - 2 * H), terms
    )
    assert not judgement.promote
    assert judgement.why.startswith("dearer beyond chance")


def test_another_recipe_that_is_no_cheaper_than_chance_explains_is_not_promoted(
    challenger: Challenger, panel: Panel, terms: DecisionTerms, make_factories: Callable[..., ModelFactories]
) -> None:
    champion = _champion(make_factories(bias=0.3).demand(Config(), H), panel, seen=WEEKS - 2 * H, seed=1)
    judgement = judge_challenger(challenger, champion, terms)
    assert not judgement.promote
    assert judgement.why.startswith("another recipe, not cheaper beyond chance")


def test_a_new_policy_is_no_new_recipe(
    challenger: Challenger, panel: Panel, terms: DecisionTerms, make_factories: Callable[..., ModelFactories]
) -> None:
    champion = _champion(make_factories().demand(Config(), H), panel, seen=WEEKS - 1)
    changed = replace(challenger, config={"seed": 0, "policy": {"level": 0.9}})
    assert judge_challenger(changed, champion, terms).promote


def test_the_judgements_figures_are_named_for_the_run(
    challenger: Challenger, panel: Panel, terms: DecisionTerms, make_factories: Callable[..., ModelFactories]
) -> None:
    champion = _champion(make_factories(bias=-8.0).demand(Config(), H), panel, seen=WEEKS - 2 * H)
    figures = judge_challenger(challenger, champion, terms).metrics()
    assert figures["versus_champion.difference"] == pytest.approx(
        figures["versus_champion.challenger_cost"] - figures["versus_champion.champion_cost"]
    )
    assert figures["versus_champion.difference_high"] < 0
    assert judge_challenger(challenger, None, terms).metrics() == {}
