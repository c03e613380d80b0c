"""The verbs `purvey schedule` and `purvey prune`, as a person and as systemd run them."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

from small_company import run

ROOT = Path(__file__).parents[3]
SCHEDULE = "schedule: {timezone: Europe/Berlin, plan: '05:30', monitor: []}\n"


def test_one_job_by_hand_is_run_as_its_verb_and_remembered(small_company, monkeypatch):
    monkeypatch.chdir(ROOT)
    small_company.write()
    small_company.config.write_text(small_company.config.read_text() + SCHEDULE)
    given = ["--config", small_company.config, "--data", small_company.data, "--out", small_company.out]
    done = run("schedule", *given, "--once", "plan")
    assert (done.status, done.text.strip()) == (0, "plan done")
    assert len(small_company.table()) == 6
    (small_company.data / "stock.csv").unlink()
    (small_company.data / "demand.csv").write_text("nothing\n")
    failed = run("schedule", *given, "--once", "check")
    assert failed.status == 1
    rows = {
        row["job"]: row
        for row in json.loads(run("schedule", "status", "--config", small_company.config, "--json").text)[
            "jobs"
        ]
    }
    assert (rows["plan"]["outcome"], rows["check"]["outcome"]) == ("done", "failed")
    assert rows["monitor"]["times"] == "off"
    assert rows["plan"]["next"][10:] in (" 05:30+01:00", " 05:30+02:00")
    assert "leader: no scheduler runs" in run("schedule", "status").text


def test_a_job_that_there_is_not_is_wrong_usage(small_company):
    given = ["--config", small_company.config, "--data", small_company.data]
    assert run("schedule", *given, "--once", "paint").status == 2
    assert run("schedule").status == 2


def test_sigterm_ends_the_scheduler_and_gives_the_lease_back(small_company):
    small_company.write()
    command = [sys.executable, "-m", "commands", "schedule", "--config", str(small_company.config)]
    scheduler = subprocess.Popen(
        [*command, "--data", str(small_company.data)],
        cwd=ROOT,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PURVEY_LOG": "json"},
    )
    first = json.loads(scheduler.stderr.readline())
    assert (first["logger"], first["level"]) == ("purvey.schedule", "INFO")
    assert "leads" in first["message"]
    assert run("schedule", "status").text.startswith("leader: ")
    scheduler.send_signal(signal.SIGTERM)
    scheduler.communicate(timeout=120)
    assert scheduler.returncode == 0
    assert "leader: no scheduler runs" in run("schedule", "status").text


def test_prune_says_what_it_would_remove_and_removes_it(small_company):
    for _ in range(2):
        assert small_company.plan().status == 0
    left = small_company.home / "plans" / "left-behind"
    left.mkdir()
    os.utime(left, (1, 1))
    would = run("prune", "--dry-run")
    assert (would.status, "would remove" in would.text, left.exists()) == (0, True, True)
    assert run("prune").text.startswith("removed ")
    assert not left.exists()
    assert run("prune").text.strip() == "nothing to remove"
