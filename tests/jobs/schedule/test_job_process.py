import sys
import time

import pytest

from jobs.schedule.job_process import JobProcess


@pytest.fixture
def ended():
    """Runs code as a job until it ends."""
    started = []

    def run(code: str) -> JobProcess:
        started.append(JobProcess("plan", [sys.executable, "-c", code]))
        while started[-1].poll() is None:
            time.sleep(0.01)
        return started[-1]

    yield run
    for job in started:
        job.close()


def test_of_what_a_job_prints_the_facts_are_kept(ended):
    process = ended('print(\'{"orders": 3, "other": [1, 2]}\')')
    assert (process.poll(), process.facts()) == (0, {"orders": 3})


def test_a_job_that_prints_more_than_a_pipe_holds_ends(ended):
    assert ended("print('x' * 2_000_000)").poll() == 0


def test_a_job_that_fails_says_why(ended):
    process = ended("import sys; sys.exit('Error: demand.csv\\n is missing')")
    assert (process.poll(), process.why()) == (1, "Error: demand.csv is missing")
    assert process.facts() == {}


def test_a_job_that_is_killed_says_by_what(ended):
    process = ended("import os; os.kill(os.getpid(), 9)")
    assert process.poll() == -9
    assert process.why() == "ended by signal 9."


def test_a_job_can_be_ended():
    process = JobProcess("plan", [sys.executable, "-c", "import time; time.sleep(600)"])
    process.stop()
    assert process.poll() == -15
    process.close()
