import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.alerts.evaluate import FINDINGS, Findings, no_findings
from procurement.alerts.hysteresis import PENDING, STANDING, SWITCHED_OFF, settle
from procurement.alerts.rules import AlertRule

RISES = AlertRule("risk", "stockout_risk", open_at=0.5, close_at=0.3, severity="urgent", owner="planner")
FALLS = AlertRule("due", "order_due", open_at=2.0, close_at=4.0, severity="warning", owner="buyer")
MONDAY = pd.Timestamp("2026-03-02")


def found(rule, **values):
    """Findings of a rule: subject → value."""
    rows = [(rule.name, rule.kind, subject, value, "said.", 1.0, "/") for subject, value in values.items()]
    return Findings(pd.DataFrame(rows, columns=list(FINDINGS)).astype(FINDINGS) if rows else no_findings())


def frame(columns, *rows):
    return pd.DataFrame(list(rows), columns=list(columns), dtype=object).astype(columns)


def settled(rule, findings, standing=(), pending=(), day=MONDAY):
    rules = () if rule is None else (rule,)
    return settle(
        rules, findings, standing=frame(STANDING, *standing), pending=frame(PENDING, *pending), day=day
    )


class Life:
    """A rule over many days: what opens stands until it closes."""

    def __init__(self, rule):
        self.rule, self.standing, self.pending = rule, [], ()
        self.opened, self.closed, self.day = 0, [], MONDAY

    def see(self, **values):
        now = settled(self.rule, found(self.rule, **values), self.standing, self.pending, self.day)
        gone = set(now.closed["id"])
        self.closed += now.closed["reason"].tolist()
        self.standing = [row for row in self.standing if row[0] not in gone]
        for subject in now.opened["subject"]:
            self.opened += 1
            self.standing.append((self.opened, self.rule.name, subject))
        self.pending = tuple(now.pending.itertuples(index=False, name=None))
        self.day += pd.Timedelta(days=1)
        return now


@pytest.mark.parametrize(
    ("rule", "value", "opens"),
    [(RISES, 0.5, True), (RISES, 0.49, False), (FALLS, 2.0, True), (FALLS, 2.1, False), (FALLS, -3.0, True)],
)
def test_it_opens_at_the_threshold_and_beyond(rule, value, opens):
    now = settled(rule, found(rule, a=value))
    assert len(now.opened) == opens
    if opens:
        row = now.opened.iloc[0]
        assert (row["subject"], row["severity"], row["owner"]) == ("a", rule.severity, rule.owner)


@pytest.mark.parametrize(
    ("rule", "value", "stays"),
    [(RISES, 0.3, True), (RISES, 0.29, False), (FALLS, 4.0, True), (FALLS, 4.1, False)],
)
def test_it_stays_until_the_closing_threshold_is_passed(rule, value, stays):
    now = settled(rule, found(rule, a=value), standing=[(7, rule.name, "a")])
    assert len(now.opened) == 0
    assert now.kept["id"].tolist() == ([7] if stays else [])
    assert now.closed["id"].tolist() == ([] if stays else [7])


def test_why_it_closed_is_said():
    low = settled(RISES, found(RISES, a=0.1), standing=[(7, "risk", "a")])
    assert low.closed["reason"].tolist() == ["it is 10% now, below 30%"]
    late = settled(FALLS, found(FALLS, a=9.0), standing=[(7, "due", "a")])
    assert late.closed["reason"].tolist() == ["it is 9 days now, above 4 days"]
    gone = settled(RISES, found(RISES), standing=[(7, "risk", "a")])
    assert gone.closed["reason"].tolist() == ["its risk is within what its target accepts"]
    assert settled(None, found(RISES), standing=[(7, "risk", "a")]).closed["reason"].tolist() == [
        SWITCHED_OFF
    ]


def test_what_could_not_be_looked_at_stays_as_it_is():
    blind = Findings(no_findings(), ("risk",))
    now = settled(RISES, blind, [(7, "risk", "a")], [("risk", "b", MONDAY)])
    assert (len(now.closed), len(now.kept)) == (0, 0)
    assert now.pending["subject"].tolist() == ["b"]


def test_a_subject_of_one_rule_is_no_subject_of_another():
    now = settled(RISES, found(RISES, a=0.9), standing=[(7, "other", "a")])
    assert now.opened["subject"].tolist() == ["a"]
    assert now.closed["id"].tolist() == [7]


def test_values_that_jitter_around_the_opening_threshold_open_once():
    life = Life(RISES)
    for value in (0.49, 0.51, 0.48, 0.52, 0.31, 0.5, 0.45):
        life.see(a=value)
    assert (life.opened, life.closed) == (1, [])


@given(st.lists(st.floats(0.3, 1.0), max_size=40), st.sampled_from([0, 2]))
def test_noise_above_the_closing_threshold_opens_at_most_once(values, least_days):
    life = Life(AlertRule("risk", "stockout_risk", 0.5, 0.3, "urgent", "planner", least_days=least_days))
    for value in values:
        life.see(a=value)
    assert life.closed == []
    if least_days == 0:
        assert life.opened == any(value >= 0.5 for value in values)
    assert life.opened <= 1


@given(st.lists(st.floats(-2.0, 8.0), max_size=40))
def test_between_two_openings_the_closing_threshold_is_passed(values):
    life, passes, opened = Life(FALLS), 0, 0
    for value in values:
        life.see(a=value)
        if life.opened > opened:
            assert life.opened == opened + 1
            assert opened == 0 or passes > 0
            opened, passes = life.opened, 0
        passes += value > 4.0
    assert len(life.closed) in (life.opened, life.opened - 1)


def test_it_has_to_last_before_it_opens_and_a_day_below_the_opening_threshold_does_not_begin_anew():
    life = Life(AlertRule("risk", "stockout_risk", 0.5, 0.3, "urgent", "planner", least_days=2))
    assert len(life.see(a=0.6).opened) == 0
    assert len(life.see(a=0.4).opened) == 0
    assert len(life.see(a=0.6).opened) == 1
    assert life.pending == ()


def test_what_has_lasted_opens_only_on_a_day_at_the_opening_threshold():
    life = Life(AlertRule("risk", "stockout_risk", 0.5, 0.3, "urgent", "planner", least_days=2))
    for value in (0.6, 0.4, 0.4, 0.4):
        assert len(life.see(a=value).opened) == 0
    assert len(life.see(a=0.5).opened) == 1


def test_what_went_below_the_closing_threshold_waits_from_the_beginning():
    life = Life(AlertRule("risk", "stockout_risk", 0.5, 0.3, "urgent", "planner", least_days=2))
    for value in (0.6, 0.2, 0.6, 0.6):
        assert len(life.see(a=value).opened) == 0
    assert len(life.see(a=0.6).opened) == 1


def test_what_never_passed_the_opening_threshold_does_not_wait():
    assert len(settled(RISES, found(RISES, a=0.4)).pending) == 0


@pytest.mark.parametrize(("day", "opens"), [("2026-03-08", 0), ("2026-03-09", 1)])
def test_a_muted_rule_opens_nothing_before_its_day_and_closes_as_ever(day, opens):
    rule = AlertRule(
        "risk", "stockout_risk", 0.5, 0.3, "urgent", "planner", mute_until=pd.Timestamp("2026-03-09").date()
    )
    now = settled(rule, found(rule, a=0.9, b=0.2), [(7, "risk", "b")], day=pd.Timestamp(day))
    assert len(now.opened) == opens
    assert now.closed["id"].tolist() == [7]


def test_the_order_of_the_findings_changes_nothing():
    one = settled(RISES, found(RISES, a=0.9, b=0.6, c=0.4), [(3, "risk", "c")])
    other = settled(RISES, found(RISES, c=0.4, b=0.6, a=0.9), [(3, "risk", "c")])
    assert set(one.opened["subject"]) == set(other.opened["subject"]) == {"a", "b"}
    assert np.array_equal(one.kept["id"], other.kept["id"])
