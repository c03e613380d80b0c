import json

import numpy as np
import pandas as pd
import pytest

from benchmarks.decisions.past_days.cast import SERVICE, TEXTBOOK, Cast, top_actions
from benchmarks.decisions.past_days.play_costs import realised_worth, useless_units
from benchmarks.decisions.past_days.played_day import PlayedDay
from benchmarks.decisions.past_days.replanning import Copies, own_names
from benchmarks.decisions.past_days.truth import cost_figures, service_figures, worth_figures
from planning.policy.targets import CYCLE, FILL


def action(kind, worth, period, *, low, high, alternative_to=""):
    """A row of the action table."""
    facts = json.dumps({"worth_low": low, "worth_high": high})
    about = {"unique_id": "a", "before": {"supplier_id": "S"}}
    about |= {"after": {"supplier_id": "T"}} if period == "year" else {"line": {"order_id": "1", "line": "1"}}
    return {
        "basis": json.dumps({"skus": [about]}),
        "kind": kind,
        "unique_id": "a",
        "supplier_id": "S",
        "alternative_supplier_id": None,
        "worth": worth,
        "worth_period": period,
        "facts": facts,
        "confidence": "high",
        "alternative_to": alternative_to,
    }


def test_a_yearly_worth_is_promised_for_the_days_left_and_its_spread_by_their_root():
    actions = pd.DataFrame(
        [
            action("cancel", 10, "once", low=4, high=12),
            action("switch_vendor", 365, "year", low=265, high=415),
            action("lower_moq", 99, "year", low=0, high=100, alternative_to="x"),
            action("chase", 5, "once", low=0, high=9),
        ]
    )
    top, skipped = top_actions(actions, 73)
    assert (top["kind"].tolist(), skipped) == (["cancel", "switch_vendor"], 1)
    assert top["promised"].tolist() == [10, 73]
    assert top["low"].tolist() == pytest.approx([4, 73 - 100 / np.sqrt(5)])
    assert top["high"].tolist() == pytest.approx([12, 73 + 50 / np.sqrt(5)])
    given, _ = top_actions(actions.assign(worth_in_horizon=[10.0, 50.0, 1.0, 1.0]), 73)
    assert given["promised"].tolist() == [10, 50]


def test_the_realised_worth_is_the_difference_of_two_plays_with_the_same_luck():
    variants = pd.DataFrame({"name": ["a~base"]})
    plays = pd.DataFrame(
        {"name": ["a~base", "a~base"], "action": [-1, 0], "kind": ["base", "action"], "draws": [4, 4]}
    )
    copies = Copies.of(plays, variants)
    assert own_names(copies.names).tolist() == ["a"] * 8
    assert copies.draw.tolist() == [0, 1, 2, 3] * 2
    cost = pd.DataFrame({"held": [5.0, 6, 7, 8, 1, 1, 1, 1]})
    cost["total"] = cost["held"]
    top, _ = top_actions(pd.DataFrame([action("cancel", 5, "once", low=4.0, high=6.0)]), 73)
    worth = realised_worth(top, Cast(variants, plays), copies, cost).iloc[0]
    assert (worth["realised"], worth["inside"], worth["saved_held"]) == (5.5, 0.75, 5.5)


def test_an_action_about_several_skus_is_worth_what_it_saves_with_all_of_them():
    variants = pd.DataFrame({"name": ["a~base", "a~a00", "b~base", "b~a00"]})
    names, kinds = ["a~base", "a~a00", "b~base", "b~a00"], ["base", "action"] * 2
    plays = pd.DataFrame({"name": names, "action": [-1, 0, -1, 0], "kind": kinds, "draws": [2] * 4})
    cost = pd.DataFrame({"held": [5.0, 6, 4, 4, 9, 9, 2, 3]}).assign(total=lambda frame: frame["held"])
    top, _ = top_actions(pd.DataFrame([action("lower_moq", 365, "year", low=300, high=365 + 7)]), 365)
    top = top.assign(promised=8.0, low=7.5, high=8.5)
    worth = realised_worth(top, Cast(variants, plays), Copies.of(plays, variants), cost)
    assert worth["realised"].tolist() == [((5 - 4) + (6 - 4) + (9 - 2) + (9 - 3)) / 2]
    assert worth["inside"].tolist() == [1.0]  # 8 and 8: in neither SKU alone


def test_what_is_left_is_of_no_use_where_it_perishes_or_lasts_longer_than_two_years():
    shelf = np.zeros((3, 6))
    shelf[0, 2], shelf[0, 4] = 10, 3  # ten units with two days left, three with four
    shelf[1, 5] = 100  # keeps
    found = useless_units(shelf, np.array([2.0, 1.0, 5.0]), 80.0)
    assert found.tolist() == [6, 20, 0]
    assert useless_units(shelf, np.array([3.0, 1.0, 0.0]), 200.0).tolist() == [4, 0, 0]


def played(promised, realised, inside):
    """A day with one action."""
    actions = pd.DataFrame(
        {"kind": ["cancel"], "promised": promised, "realised": realised, "inside": inside, "error": 1.0}
    )
    return PlayedDay(pd.Timestamp("2017-07-03"), actions, pd.DataFrame(), 0)


def test_worth_passes_where_it_is_realised_and_its_range_holds():
    good = worth_figures([played(100.0, 90.0, 0.8), played(50.0, 60.0, 0.75)])
    assert [figure.passed for figure in good[:2]] == [True, True]
    assert good[1].truth == 1.0
    bad = worth_figures([played(100.0, 40.0, 1.0), played(50.0, 30.0, 1.0)])
    assert [figure.passed for figure in bad[:2]] == [False, False]


def service(kept, wasted, *, kind=SERVICE, cost=10.0):
    """Copies of two SKUs, one that keeps and one that perishes, for each target."""
    rows = []
    for target in (CYCLE, FILL):
        for level in (0.90, 0.95, 0.98):
            for sku, perishes in (("a", False), ("b", True)):
                lost = 40_000 * (1 - kept[level])
                rows.append(
                    {
                        "number": 0,
                        "unique_id": sku,
                        "kind": kind,
                        "target": target,
                        "level": level,
                        "promised": level,
                        "perishes": perishes,
                        "own_short_cycles": lost,
                        "own_cycles": 40_000,
                        "own_missed": lost,
                        "own_demand": 40_000,
                        "own_wasted": wasted if perishes else 0.0,
                        "own_days": 73,
                        "spoiled_a_year": 50.0,
                        "cost": cost,
                    }
                )
    return pd.DataFrame(rows)


def test_service_passes_within_a_point_of_its_target():
    figures = service_figures(service({0.90: 0.909, 0.95: 0.935, 0.98: 0.98}, 10.0))
    assert [figure.passed for figure in figures] == [True, False, True] * 2
    assert figures[0].truth == pytest.approx(90.9)


def test_a_plan_that_promises_more_than_its_target_has_to_keep_that():
    kept = service({0.90: 0.95, 0.95: 0.95, 0.98: 0.98}, 10.0)
    more = kept.assign(promised=kept["promised"].where(kept["level"] > 0.9, 0.95))
    more.loc[more["perishes"], "promised"] = np.nan
    assert [figure.passed for figure in service_figures(kept)] == [False, True, True] * 2
    figures = service_figures(more)
    assert [figure.passed for figure in figures] == [True] * 6
    assert (figures[0].product, figures[0].truth) == (pytest.approx(95), pytest.approx(95))
    assert not any(figure.passed for figure in service_figures(more.assign(promised=0.9))[1:3])


def test_no_short_cycle_among_few_is_no_proof_of_a_service():
    few = service({0.90: 1.0, 0.95: 1.0, 0.98: 1.0}, 10.0).assign(own_cycles=100.0)
    assert [figure.passed for figure in service_figures(few)[:3]] == [True, True, True]
    many = few.assign(own_cycles=40_000.0)
    assert [figure.passed for figure in service_figures(many)[:3]] == [False, False, False]


def test_waste_and_cost_are_those_of_the_plan_to_its_own_target():
    plan = service({0.90: 0.9, 0.95: 0.95, 0.98: 0.98}, 11.0)
    desk = service({0.90: 0.9, 0.95: 0.95, 0.98: 0.98}, 99.0, kind=TEXTBOOK, cost=12.0)
    desk = desk[(desk["target"] == CYCLE) & (desk["level"] == 0.95)]
    figures = cost_figures(pd.concat([plan, desk]))
    assert (figures[0].product, figures[0].truth, figures[0].passed) == (pytest.approx(10), 11, True)
    assert figures[0].error == pytest.approx(1)
    assert (figures[-1].product, figures[-1].truth, figures[-1].passed) == (20, 24, True)
    assert not cost_figures(pd.concat([plan.assign(own_wasted=9 * plan["own_wasted"], cost=30.0), desk]))[
        -1
    ].passed
