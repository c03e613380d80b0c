from typing import get_args

import pandas as pd
import pytest
from pydantic import ValidationError

from configs.schema import BoostingConfig, Config, DataConfig, Member
from configs.validation import sentences
from features.contract import frequency
from models.demand.members.registry import DEFAULT_MEMBERS, make_members


def test_the_members_a_config_may_name_are_those_that_can_be_made():
    names = get_args(Member)
    members = make_members(names, season=52, h=4, boosting=BoostingConfig(), seed=0, threads=1)
    assert list(members) == list(names)
    assert set(DEFAULT_MEMBERS) <= set(names)


def test_the_members_that_are_the_default_are_named_in_the_options_meaning():
    meaning = Config.model_fields["demand"].annotation.model_fields["members"].description
    assert meaning.endswith(f"none: {', '.join(DEFAULT_MEMBERS)}")


@pytest.mark.parametrize(
    "freq", ["D", "B", "W", "W-THU", "2W-MON", "MS", "3MS", "QS", "QS-FEB", "YS", "YS-APR", "28D"]
)
def test_a_frequency_that_a_config_may_name_is_one_that_periods_can_have(freq):
    assert DataConfig(freq=freq).freq == freq
    start = pd.Timestamp("2024-01-01")
    assert frequency.period_end(start, freq) > start
    assert frequency.season_length(freq) >= 1
    assert frequency.describe_start(freq)


def problems(**values: object) -> list[str]:
    with pytest.raises(ValidationError) as caught:
        Config.model_validate(values)
    return sentences(caught.value, Config)


def test_each_wrong_value_has_a_sentence_of_its_own():
    assert problems(seed=-1, threads=0) == [
        "seed: expected a number ≥ 0 (found -1)",
        "threads: expected a number ≥ 1 (found 0)",
    ]


def test_an_unknown_key_far_from_all_others_is_answered_with_what_its_section_may_have():
    assert problems(lead_time={"zzz": 1}) == [
        "lead_time.zzz: unknown key; lead_time may have source, half_life_days, cutoffs"
    ]


def test_a_config_from_before_with_infinite_values_is_refused():
    assert problems(policy={"budget_horizon_days": float("inf")})[0].startswith(
        "policy.budget_horizon_days: "
    )
