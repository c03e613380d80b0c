from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from configs.schema import Config, DataConfig
from features.contract.tables import Tables, empty_table
from features.demand.panel import Panel
from features.demand.panel_from_tables import make_panel
from models.demand.backtest.rolling_origins import choose_origins
from training.tuning.budget import Budget, BudgetError
from training.tuning.parameter_search import WINDOWS, tune_boosting
from training.tuning.trial_backtest import split_windows

H = 4
POOR = {"rounds": 2, "learning_rate": 0.02, "min_data_in_leaf": 20}
CONFIG = Config.model_validate({"demand": {"windows": 2, "season_length": 13, "boosting": POOR}})


@pytest.fixture(scope="module")
def panel() -> Panel:
    """A season strong enough that two small trees cannot have learned it."""
    rng = np.random.default_rng(3)
    ds = pd.date_range("2022-01-03", periods=104, freq="W-MON")
    wave = 1 + 0.9 * np.sin(np.arange(104) * 2 * np.pi / 13)
    frames = [
        pd.DataFrame({"unique_id": f"sku{i:02d}", "ds": ds, "y": rng.poisson((5 + i) * wave)})
        for i in range(12)
    ]
    demand = pd.concat([empty_table("demand"), pd.concat(frames)], ignore_index=True)
    return make_panel(Tables(demand=demand), DataConfig(), freq="W-MON", horizon=H)


@pytest.mark.parametrize(
    ("text", "budget"),
    [
        ("90s", Budget(seconds=90)),
        ("20m", Budget(seconds=1200)),
        ("2h", Budget(seconds=7200)),
        ("30trials", Budget(trials=30)),
        ("1 trial", Budget(trials=1)),
    ],
)
def test_a_budget_is_a_time_or_a_number_of_trials(text: str, budget: Budget) -> None:
    assert Budget.parse(text) == budget


@pytest.mark.parametrize("text", ["", "20", "0m", "-5m", "soon", "1.5h"])
def test_a_budget_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(BudgetError, match="expected a time such as 90s, 20m or 1h"):
        Budget.parse(text)


def test_poor_parameters_are_replaced_by_better_ones_found(panel: Panel) -> None:
    found = tune_boosting(panel, CONFIG, H, Budget(trials=3))
    assert found.changed
    assert found.confirmed.high < 0
    assert found.boosting != CONFIG.demand.boosting
    assert found.trials["loss"].iloc[0] > found.trials["loss"].min()
    assert "tuned: the best of 3 trials" in found.why


def test_the_configs_parameters_are_the_first_trial_and_stay_unless_beaten(panel: Panel) -> None:
    found = tune_boosting(panel, CONFIG, H, Budget(trials=1))
    assert found.trials[list(POOR)].iloc[0].to_dict() == POOR
    assert (found.changed, found.boosting) == (False, CONFIG.demand.boosting)
    assert found.metrics()["tuning.trials"] == 1


def test_the_same_number_of_trials_finds_the_same_with_one_thread_or_two(panel: Panel) -> None:
    first, second = (
        tune_boosting(panel, CONFIG.model_copy(update={"threads": threads}), H, Budget(trials=2))
        for threads in (1, 2)
    )
    pd.testing.assert_frame_equal(first.trials.drop(columns="seconds"), second.trials.drop(columns="seconds"))
    assert first.boosting == second.boosting


def test_the_search_does_not_look_at_the_periods_that_judge(panel: Panel) -> None:
    judged = int(choose_origins(panel, H, CONFIG.demand.windows, 13).periods_seen[0])
    y = panel.y.copy()
    y[:, judged:] = 1_000.0
    as_it_was, altered = (tune_boosting(p, CONFIG, H, Budget(trials=2)) for p in (panel, replace(panel, y=y)))
    pd.testing.assert_frame_equal(
        as_it_was.trials.drop(columns="seconds"), altered.trials.drop(columns="seconds")
    )
    assert as_it_was.confirmed == altered.confirmed


def test_the_search_does_not_look_at_the_periods_that_confirm(panel: Panel) -> None:
    past = panel.until(int(choose_origins(panel, H, CONFIG.demand.windows, 13).periods_seen[0]))
    _, newer = split_windows(choose_origins(past, H, WINDOWS, 13))
    y = panel.y.copy()
    y[:, int(newer.periods_seen[0]) :] = 1_000.0
    as_it_was, altered = (tune_boosting(p, CONFIG, H, Budget(trials=2)) for p in (panel, replace(panel, y=y)))
    pd.testing.assert_frame_equal(
        as_it_was.trials.drop(columns="seconds"), altered.trials.drop(columns="seconds")
    )
    assert as_it_was.confirmed != altered.confirmed


def test_no_trial_is_begun_that_the_time_does_not_allow_for(panel: Panel) -> None:
    found = tune_boosting(panel, CONFIG, H, Budget(seconds=0.01))
    assert found.trials["trial"].tolist() == [0]
    assert not found.changed


def test_a_history_too_short_to_tune_on_is_said(panel: Panel) -> None:
    found = tune_boosting(panel.until(9), CONFIG, H, Budget(trials=3))
    assert (found.changed, len(found.trials), found.metrics()) == (False, 0, {})
    assert found.why.startswith("not tuned: there is too little history")
