"""The scheduler's lease and the runs of its jobs, on SQLite and PostgreSQL."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

from database.schedule.job_runs import begin_schedule, end_lost_runs, end_run, last_run, old_runs, start_run
from database.schedule.lease import Lease, current_holder

NOW = datetime(2026, 3, 2, 5, 30, tzinfo=UTC)


class Seconds:
    """A monotonic clock that the test moves."""

    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


def test_one_holds_the_lease_until_it_is_silent_for_a_minute_of_the_others_clock(make_engine):
    ours, theirs = Seconds(), Seconds()
    one, two = Lease(make_engine(), "one", ours), Lease(make_engine(), "two", theirs)
    assert one.hold()
    assert not two.hold()
    for _ in range(10):
        ours.now += 15
        theirs.now += 15
        assert one.hold()
        assert not two.hold()
    theirs.now += 59
    assert not two.hold()
    theirs.now += 1
    assert two.hold()
    assert current_holder(two.engine) == "two"
    ours.now += 15
    assert not one.hold(), "another has taken it"


def test_who_could_not_renew_for_a_minute_holds_it_no_longer_though_nobody_took_it(make_engine):
    seconds = Seconds()
    one = Lease(make_engine(), "one", seconds)
    assert one.hold()
    seconds.now += 59
    assert one.is_held
    seconds.now += 1
    assert not one.is_held
    assert not one.hold()


def test_a_lease_that_is_given_back_is_free_at_once(make_engine):
    one, two = Lease(make_engine(), "one", Seconds()), Lease(make_engine(), "two", Seconds())
    assert one.hold()
    assert not two.hold()
    one.release()
    assert current_holder(two.engine) is None
    assert two.hold()
    one.release()
    assert current_holder(two.engine) == "two", "only its own"


def test_of_eight_that_ask_at_once_one_gets_it(make_engine):
    leases = [Lease(make_engine(), str(number), Seconds()) for number in range(8)]
    together = Barrier(8)

    def ask(lease):
        together.wait()
        return lease.hold()

    with ThreadPoolExecutor(8) as pool:
        held = list(pool.map(ask, leases))
    assert sum(held) == 1


def test_runs_left_running_are_lost_but_not_those_by_hand(engine):
    ours = start_run(engine, "plan", due_at=NOW, cause="time", attempt=1, now=NOW)
    by_hand = start_run(engine, "plan", due_at=NOW, cause="hand", attempt=1, now=NOW)
    assert end_lost_runs(engine, NOW) == 1
    assert last_run(engine, "plan", by_hand=False).outcome == "lost"
    assert last_run(engine, "plan").id == by_hand.id
    end_run(engine, ours, "done", now=NOW, facts={"orders": 3})
    assert last_run(engine, "plan", outcome="done").facts == {"orders": 3}


def test_old_runs_are_forgotten_but_each_jobs_last_and_last_done(engine):
    for outcome in ("done", "done", "failed", "failed"):
        run = start_run(engine, "plan", due_at=NOW, cause="time", attempt=1, now=NOW)
        end_run(engine, run, outcome, now=NOW)
    begin_schedule(engine, "train", NOW)
    late = NOW + timedelta(days=1)
    assert old_runs(engine, NOW, remove=True) == 0
    assert old_runs(engine, late, remove=False) == 2
    assert old_runs(engine, late, remove=True) == 2
    assert old_runs(engine, late, remove=True) == 0
    assert last_run(engine, "plan").outcome == "failed"
    assert last_run(engine, "plan", outcome="done") is not None
    assert last_run(engine, "train").outcome == "since"
