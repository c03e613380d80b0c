import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def purvey(tmp_path):
    """The command line in a home that has a state database."""

    def run(*arguments: str | Path, home: Path = tmp_path / "home") -> subprocess.CompletedProcess[str]:
        environment = os.environ | {"PURVEY_HOME": str(home), "COLUMNS": "200", "NO_COLOR": "1"}
        command = [sys.executable, "-m", "commands", *map(str, arguments)]
        return subprocess.run(command, capture_output=True, text=True, env=environment, cwd=ROOT, check=False)

    assert run("db", "upgrade").returncode == 0
    return run


def test_a_sound_log_is_said_to_be_and_an_edited_one_names_its_row_and_fails(purvey, tmp_path):
    sound = purvey("audit", "verify")
    assert (sound.returncode, sound.stdout) == (0, "The audit log is sound: 1 rows.\n")
    with closing(sqlite3.connect(tmp_path / "home" / "purvey.db")) as connection:
        connection.execute("DROP TRIGGER audit_log_no_update")
        connection.execute("UPDATE audit_log SET who = 'eve\x1b[2J'")
        connection.commit()
    bad = purvey("audit", "verify")
    assert bad.returncode == 1
    assert "audit_log row 1: is not as it was recorded" in bad.stdout
    assert "trigger audit_log_no_update: is missing" in bad.stdout
    report = purvey("audit", "verify", "--json")
    assert (report.returncode, json.loads(report.stdout)["sound"]) == (1, False)
    assert "\x1b" not in purvey("audit", "list").stdout


def test_who_did_what_is_listed(purvey):
    (row,) = json.loads(purvey("audit", "list", "--json").stdout)
    assert (row["sequence"], row["who"], row["what"]) == (1, "purvey", "audit.begin")
    assert "audit.begin" in purvey("audit", "list").stdout
    assert "Nothing is recorded" in purvey("audit", "list", "--who", "nobody").stdout


def test_a_backup_is_put_back_into_an_empty_home_only(purvey, tmp_path):
    assert purvey("backup", tmp_path / "backup.tar.gz").returncode == 0
    restored = purvey("restore", tmp_path / "backup.tar.gz", home=tmp_path / "other")
    assert restored.returncode == 0, restored.stderr
    assert purvey("audit", "verify", home=tmp_path / "other").returncode == 0
    again = purvey("restore", tmp_path / "backup.tar.gz", home=tmp_path / "other")
    assert again.returncode == 1
    assert "is not empty" in again.stderr


def test_an_empty_database_is_refused_in_one_sentence(purvey, tmp_path):
    for part in (tmp_path / "home").glob("purvey.db*"):
        part.unlink()
    (tmp_path / "home" / "purvey.db").touch()
    for verb in (("db", "upgrade"), ("audit", "verify"), ("backup", tmp_path / "backup")):
        done = purvey(*verb)
        assert (done.returncode, done.stderr.count("\n")) == (1, 1)
        assert "is empty (0 bytes): put a backup back (`purvey restore`)" in done.stderr
