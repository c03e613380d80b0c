from datetime import timedelta

import pytest

from database.requests import service_jobs as table
from database.requests.request_tables import service_jobs
from database.requests.service_jobs import (
    JobEndedError,
    QueueFullError,
    add_job,
    cancel_job,
    claim_job,
    end_job,
    find_job,
    give_back,
    kept_results,
    list_jobs,
    report_chunk,
    sweep_jobs,
)
from database.schema import utc_now


def add(engine, name, who="ada"):
    return add_job(engine, name, principal=who, kind="plan", request={"kind": "plan"})


def set_back(engine, column, by):
    """Make a moment of all jobs older, as if so much time had passed."""
    with engine.begin() as connection:
        connection.execute(service_jobs.update().values({column: utc_now() - by}))


def test_jobs_are_claimed_oldest_first_and_one_at_a_time(engine):
    add(engine, "a"), add(engine, "b")
    first = claim_job(engine, "one")
    assert (first.job_id, first.state, first.starts) == ("a", "running", 1)
    assert claim_job(engine, "two") is None
    assert claim_job(engine, "two", at_once=2).job_id == "b"
    assert end_job(engine, first, "done", result="a-1")
    assert (find_job(engine, "a").state, kept_results(engine)) == ("done", {"a-1"})


def test_of_a_caller_only_the_last_ended_jobs_are_kept(engine, monkeypatch):
    monkeypatch.setattr(table, "MOST_ENDED_OF_ONE", 2)
    add(engine, "of bob", who="bob")
    cancel_job(engine, "of bob")
    for name in ("a", "b", "c", "d"):
        add(engine, name)
        cancel_job(engine, name)
    add(engine, "e")
    assert [job.job_id for job in list_jobs(engine, "ada", limit=10)] == ["e", "d", "c"]
    assert find_job(engine, "of bob") is not None


def test_the_same_id_is_the_same_job(engine):
    assert add(engine, "a") == add(engine, "a")
    assert len(list_jobs(engine, "ada", limit=10)) == 1


def test_progress_is_reported_until_the_job_is_cancelled(engine):
    add(engine, "a")
    job = claim_job(engine, "one")
    assert report_chunk(engine, job, done=5, total=9, header={"plan": 1})
    assert (find_job(engine, "a").done, find_job(engine, "a").total) == (5, 9)
    assert cancel_job(engine, "a").state == "running"
    assert not report_chunk(engine, job, done=6, total=9, header={})
    assert end_job(engine, job, "cancelled")
    assert cancel_job(engine, "a").state == "cancelled"


def test_a_job_that_waits_is_cancelled_at_once_and_one_that_is_done_never(engine):
    add(engine, "a"), add(engine, "b")
    assert cancel_job(engine, "a").state == "cancelled"
    job = claim_job(engine, "one")
    assert job.job_id == "b"
    end_job(engine, job, "done", result="b-1")
    with pytest.raises(JobEndedError, match="job b is done"):
        cancel_job(engine, "b")
    assert cancel_job(engine, "nope") is None


def test_a_job_whose_worker_went_away_is_begun_anew_and_its_first_worker_has_no_say(engine):
    add(engine, "a")
    lost = claim_job(engine, "one")
    assert claim_job(engine, "two") is None
    set_back(engine, "beat_at", table.LOST_AFTER + timedelta(seconds=5))
    again = claim_job(engine, "two")
    assert (again.job_id, again.starts, again.done) == ("a", 2, 0)
    assert not report_chunk(engine, lost, done=9, total=9, header={})
    assert not end_job(engine, lost, "done", result="a-1")
    assert end_job(engine, again, "done", result="a-2")
    assert kept_results(engine) == {"a-2"}


def test_a_job_that_takes_its_workers_with_it_is_given_up_with_the_reason(engine):
    add(engine, "a")
    for n in range(table.MOST_STARTS):
        assert claim_job(engine, f"worker {n}").starts == n + 1
        set_back(engine, "beat_at", table.LOST_AFTER + timedelta(seconds=5))
    assert claim_job(engine, "next") is None
    found = find_job(engine, "a")
    assert (found.state, "went away 3 times" in found.reason) == ("failed", True)
    assert found.ended_at is not None


def test_a_job_that_its_worker_gives_back_waits_again_and_has_lost_no_start(engine):
    add(engine, "a")
    give_back(engine, claim_job(engine, "one"))
    assert find_job(engine, "a").state == "queued"
    assert claim_job(engine, "two").starts == 1


def test_no_more_jobs_are_taken_than_may_wait(engine, monkeypatch):
    monkeypatch.setattr(table, "MOST_OF_ONE", 2)
    monkeypatch.setattr(table, "MOST_QUEUED", 3)
    add(engine, "a"), add(engine, "b")
    with pytest.raises(QueueFullError, match="2 jobs of you wait or run, 2 is the most"):
        add(engine, "c")
    add(engine, "c", who="bob")
    with pytest.raises(QueueFullError, match="3 jobs of all callers"):
        add(engine, "d", who="carl")
    cancel_job(engine, "a")
    add(engine, "d", who="carl")


def test_jobs_are_listed_newest_first_and_only_the_callers_own(engine):
    for name, who in (("a", "ada"), ("b", "bob"), ("c", "ada")):
        add(engine, name, who)
    assert [job.job_id for job in list_jobs(engine, "ada", limit=10)] == ["c", "a"]
    assert [job.job_id for job in list_jobs(engine, None, limit=2)] == ["c", "b"]
    last = list_jobs(engine, "ada", limit=1)[0]
    assert [job.job_id for job in list_jobs(engine, "ada", before=last.number, limit=10)] == ["a"]


def test_what_ended_a_day_ago_is_swept_with_the_name_of_its_result(engine):
    add(engine, "a"), add(engine, "b")
    end_job(engine, claim_job(engine, "one"), "done", result="a-1")
    assert sweep_jobs(engine) == []
    set_back(engine, "ended_at", table.KEPT + timedelta(minutes=1))
    with engine.begin() as connection:
        connection.execute(service_jobs.update().where(service_jobs.c.job_id == "b").values(ended_at=None))
    assert sweep_jobs(engine) == ["a-1"]
    assert find_job(engine, "a") is None
    assert find_job(engine, "b").state == "queued"
