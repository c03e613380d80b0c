"""The scheduler, by a clock that the test moves."""

from datetime import timedelta

import pytest

from database.schedule.job_runs import start_run
from database.schedule.lease import current_holder
from jobs.schedule.due import JOBS, next_due

NIGHT = {"hours": 17, "minutes": 30}
"""From Monday noon to 05:30 on Tuesday."""


def test_what_is_due_is_run_once_at_its_time(desk):
    desk.pass_by(hours=17, minutes=29)
    assert desk.names == []
    desk.pass_by(minutes=1)
    assert desk.names == ["plan"]
    desk.finish(orders=3)
    assert (desk.last("plan").outcome, desk.last("plan").facts) == ("done", {"orders": 3})
    desk.pass_by(hours=12)
    assert desk.names == ["plan"]


def test_runs_that_were_missed_are_caught_up_once(make_desk, hours):
    make_desk().tick()
    hours.pass_by(days=30)
    later = make_desk("two")
    later.tick()
    hours.pass_by(seconds=61)
    later.tick(2)
    later.finish()
    later.tick(5)
    assert later.names == ["plan"]
    assert later.last("plan").due_at.isoformat() == "2026-04-01T05:30:00+00:00"


def test_a_new_schedule_waits_for_its_first_time(desk):
    desk.tick(3)
    assert desk.names == []
    assert desk.last("plan").outcome == "since"


def test_what_fails_is_tried_again_later_and_later_and_then_left(desk):
    desk.pass_by(**NIGHT)
    for attempt, wait in enumerate((5, 10, 20)):
        desk.finish(1, "Error: demand.csv is missing")
        assert (desk.last("plan").outcome, desk.last("plan").why) == (
            "failed",
            "Error: demand.csv is missing",
        )
        desk.hours.pass_by(seconds=30)
        desk.hours.now += timedelta(minutes=wait - 1)
        desk.tick()
        assert len(desk.started) == attempt + 1, "not yet"
        desk.hours.now += timedelta(minutes=1)
        desk.tick()
        assert len(desk.started) == attempt + 2
        assert desk.last("plan").attempt == attempt + 2
    desk.finish(1, "Error: demand.csv is missing")
    desk.pass_by(hours=20)
    assert len(desk.started) == 4, "until its next time"
    desk.pass_by(hours=4)
    assert len(desk.started) == 5
    assert desk.last("plan").attempt == 1


def test_a_job_that_is_killed_is_tried_again(desk):
    desk.pass_by(**NIGHT)
    desk.finish(-9, "ended by signal 9.")
    desk.pass_by(minutes=5)
    assert desk.names == ["plan", "plan"]
    desk.finish()
    assert (desk.last("plan").outcome, desk.last("plan").attempt) == ("done", 2)


def test_a_job_that_takes_too_long_is_ended(make_desk):
    desk = make_desk(check=[], train=[], monitor=[], prune=[], alerts=[], most_hours=2)
    desk.pass_by(**NIGHT)
    desk.pass_by(hours=2)
    assert not desk.started[0].stopped
    desk.pass_by(minutes=1)
    assert desk.started[0].stopped
    assert desk.last("plan").why == "took longer than 2 hours (schedule.most_hours)"


def test_jobs_due_at_once_are_run_one_after_another_in_their_order(make_desk):
    desk = make_desk(**dict.fromkeys(JOBS, "05:30"))
    desk.pass_by(**NIGHT)
    for job in JOBS:
        assert desk.names[-1] == job
        desk.finish()
    assert desk.names == list(JOBS)


def test_monitoring_that_says_so_has_a_challenger_trained_and_a_new_champion_a_plan_made(make_desk):
    desk = make_desk(check=[], prune=[], alerts=[], plan=["23:00"], monitor=["05:30"], train=["sun 02:00"])
    desk.pass_by(hours=11)
    desk.finish()
    desk.pass_by(hours=6, minutes=30)
    desk.finish(retrain=True)
    assert desk.names == ["plan", "monitor", "train"]
    assert desk.last("train").cause == "signal"
    desk.finish(champion=True)
    assert desk.names == ["plan", "monitor", "train", "plan"]
    desk.finish()
    desk.tick(3)
    assert len(desk.started) == 4


@pytest.mark.parametrize(("queued", "sent"), [(3, True), (0, False)])
def test_a_plan_that_opened_alerts_has_them_sent_at_once(make_desk, queued, sent):
    desk = make_desk(check=[], prune=[], monitor=[], train=[], plan=["23:00"], alerts=["12:00"])
    desk.pass_by(hours=11)
    desk.finish(alerts_queued=queued)
    assert desk.names == ["plan", *(["alerts"] if sent else [])]
    if sent:
        desk.finish(delivered=3)
        desk.tick(3)
        assert len(desk.started) == 2


@pytest.mark.parametrize(
    ("on_signal", "retrain", "champion"), [(False, True, True), (True, False, True), (True, True, False)]
)
def test_without_a_signal_nothing_follows(make_desk, on_signal, retrain, champion):
    desk = make_desk(
        check=[], prune=[], alerts=[], plan=["23:00"], monitor=["05:30"], train_on_signal=on_signal
    )
    desk.pass_by(hours=11)
    desk.finish()
    desk.pass_by(hours=6, minutes=30)
    desk.finish(retrain=retrain)
    if on_signal and retrain:
        assert desk.names[-1] == "train"
        desk.finish(champion=champion)
    assert desk.names[-1] == ("train" if on_signal and retrain else "monitor")


def test_a_clock_that_is_set_back_neither_repeats_a_plan_at_once_nor_stops_them_for_good(desk):
    desk.pass_by(**NIGHT)
    desk.finish()
    desk.hours.set_back(minutes=20)  # adjusted a little: 05:10 again
    desk.pass_by(minutes=40)
    assert desk.names == ["plan"]
    desk.hours.set_back(days=400)
    desk.pass_by(hours=30)
    assert desk.names == ["plan", "plan"]


def test_of_two_schedulers_one_leads(make_desk):
    one, two = make_desk("one"), make_desk("two")
    for desk in (one, two):
        desk.tick()
    assert (one.scheduler.leads, two.scheduler.leads) == (True, False)
    for _ in range(10):  # longer than a lease lives without a beat
        one.hours.pass_by(seconds=15)
        one.tick()
        two.tick()
    one.hours.now += timedelta(hours=18)
    one.tick()
    two.tick()
    assert (one.names, two.names) == (["plan"], [])


def test_a_killed_leader_is_followed_when_its_lease_is_over_and_its_run_is_tried_again(make_desk, hours):
    one, two = make_desk("one"), make_desk("two")
    one.pass_by(**NIGHT)
    assert one.names == ["plan"]
    two.tick()  # from here on the first is dead
    hours.pass_by(seconds=59)
    two.tick()
    assert not two.scheduler.leads
    hours.pass_by(seconds=1)
    two.tick()
    assert two.scheduler.leads
    assert (two.last("plan").outcome, two.last("plan").why) == ("lost", "the scheduler died while it ran")
    two.pass_by(minutes=5)
    assert two.names == ["plan"]
    assert two.last("plan").attempt == 2


def test_a_leader_that_was_asleep_ends_what_it_runs_and_writes_nothing(make_desk, hours):
    one, two = make_desk("one"), make_desk("two")
    one.pass_by(**NIGHT)
    two.tick()
    hours.pass_by(seconds=60)
    two.tick()
    one.started[0].status = 0
    one.tick()
    assert one.started[0].stopped
    assert not one.scheduler.leads
    assert one.last("plan").outcome == "lost"


def test_a_scheduler_that_is_ended_ends_its_job_and_hands_over_at_once(make_desk):
    one, two = make_desk("one"), make_desk("two")
    one.pass_by(**NIGHT)
    one.scheduler.close()
    assert one.started[0].stopped
    assert one.last("plan").outcome == "stopped"
    assert current_holder(one.engine) is None
    two.tick(2)
    assert (two.scheduler.leads, two.names) == (True, ["plan"])


def test_a_run_by_hand_is_not_lost_with_a_leader(desk):
    run = start_run(desk.engine, "prune", due_at=desk.hours.now, cause="hand", attempt=1, now=desk.hours.now)
    desk.tick()
    assert desk.last("prune").id == run.id
    assert desk.last("prune").outcome == "running"


def test_the_next_time_is_that_of_another_attempt_or_of_the_clock(desk):
    config = desk.scheduler.config
    desk.pass_by(**NIGHT)
    desk.finish(1)
    now, past = desk.hours.now, desk.scheduler.pasts()["plan"]
    assert next_due(config, "plan", past, now) == now + timedelta(minutes=5)
    assert next_due(config, "train", desk.scheduler.pasts()["train"], now) is None
