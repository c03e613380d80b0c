import pandas as pd

from planning.worklist.daily_actions import listed_today


def table(*rows: tuple[str, str]) -> pd.DataFrame:
    """Actions, the best first: id and the better action that each is an alternative to."""
    return pd.DataFrame(rows, columns=["action_id", "alternative_to"])


def test_of_new_actions_the_best_are_listed_and_the_others_wait():
    actions = table(("a", ""), ("b", ""), ("c", ""))
    assert listed_today(actions, [], most=2).tolist() == [True, True, False]
    assert listed_today(actions, [], most=None).all()


def test_what_was_on_the_list_stays_and_takes_no_new_ones_place():
    actions = table(("a", ""), ("old", ""), ("b", ""), ("c", ""))
    assert listed_today(actions, ["old"], most=2).tolist() == [True, True, True, False]


def test_a_second_plan_of_the_day_brings_what_the_first_left():
    actions = table(("a", ""), ("b", ""), ("c", ""))
    assert listed_today(actions, ["a"], most=2, already=1).tolist() == [True, True, False]
    assert listed_today(actions, ["a"], most=1, already=1).tolist() == [True, False, False]
    assert listed_today(actions, ["a"], most=1, already=2).tolist() == [True, False, False]


def test_an_alternative_goes_with_its_better_action_and_does_not_count():
    actions = table(("a", ""), ("a2", "a"), ("b", ""), ("c2", "c"), ("c", ""))
    assert listed_today(actions, [], most=2).tolist() == [True, True, True, False, False]
