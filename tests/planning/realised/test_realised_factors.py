"""Factors by lever: few actions say little, many say it all, and what does not pay sinks in the list."""

import json

import numpy as np
import pandas as pd
import pytest

from planning.realised.realised_factors import ENOUGH, realised_factors, with_factors


def booked(**levers):
    """Actions that promised 100 each: lever → what each of them brought."""
    rows = [
        (kind, 100.0, 60.0, 140.0, each, each - 10, each + 10)
        for kind, brought in levers.items()
        for each in brought
    ]
    columns = ["kind", "promised", "promised_low", "promised_high", "realised", "low", "high"]
    return pd.DataFrame(rows, columns=columns)


def factor(frame, kind):
    return float(frame.set_index("kind").loc[kind, "factor"])


def test_nothing_is_learned_from_few_actions():
    assert realised_factors(booked(switch_vendor=[10.0] * (ENOUGH - 1))).empty
    unknown = booked(switch_vendor=[np.nan] * 50)
    assert realised_factors(unknown).empty


def test_many_actions_of_a_lever_say_it_all_and_few_lie_near_the_others():
    factors = realised_factors(booked(lower_moq=[100.0] * 40, switch_vendor=[30.0] * 40, cancel=[0.0]))
    assert factor(factors, "lower_moq") == pytest.approx(1.0, abs=0.05)
    assert factor(factors, "switch_vendor") == pytest.approx(0.3, abs=0.05)
    own = factors.set_index("kind")["own_factor"]
    assert own["cancel"] == 0
    assert 0.05 < factor(factors, "cancel") < factor(factors, "")
    assert factor(factors, "switch_vendor") < factor(factors, "") < factor(factors, "lower_moq")


def test_what_keeps_its_promises_is_ranked_by_them():
    factors = realised_factors(booked(lower_moq=[95.0, 105.0] * 10, switch_vendor=[98.0, 102.0] * 10))
    assert factors["factor"].between(0.95, 1.05).all()
    assert (factors["factor_low"] < factors["factor"]).all()
    assert (factors["factor"] < factors["factor_high"]).all()


def test_wide_ranges_say_less_than_narrow_ones():
    narrow, wide = booked(a=[50.0] * 6, b=[100.0] * 30), booked(a=[50.0] * 6, b=[100.0] * 30)
    wide.loc[wide["kind"] == "a", ["promised_low", "promised_high"]] = [-300.0, 500.0]
    assert factor(realised_factors(wide), "a") > factor(realised_factors(narrow), "a") + 0.05


def test_levers_that_do_not_pay_sink_and_the_facts_say_it():
    actions = pd.DataFrame(
        {
            "action_id": ["a1", "a2", "a3"],
            "kind": ["switch_vendor", "lower_moq", "vmi"],
            "worth_in_horizon": [120.0, 100.0, 90.0],
            "effort": 10.0,
            "act_by": pd.Timestamp("2024-01-01"),
            "facts": '{"moq": 24}',
        }
    )
    factors = realised_factors(booked(lower_moq=[100.0] * 20, switch_vendor=[30.0] * 20))
    ranked = with_factors(actions, factors)
    assert ranked["action_id"].tolist() == ["a2", "a3", "a1"]
    facts = json.loads(ranked["facts"].iloc[2])
    assert facts["moq"] == 24
    assert facts["realised_factor"] == pytest.approx(0.3, abs=0.1)
    assert facts["realised_factor_from_actions"] == 20
    assert json.loads(ranked["facts"].iloc[1])["realised_factor_from_actions"] == 0
    untouched = with_factors(actions, factors.iloc[:0])
    assert untouched["action_id"].tolist() == ["a1", "a2", "a3"]
    assert untouched["factor"].tolist() == [1.0, 1.0, 1.0]
