import os
import subprocess
import sys

from serving.metrics.instruments import forget_dead_workers


def test_gauges_of_workers_that_have_ended_are_forgotten_and_those_of_others_kept(tmp_path, monkeypatch):
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(tmp_path))
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    dead, alive = (tmp_path / f"gauge_livemin_{process}.db" for process in (ended.pid, os.getpid()))
    counted = tmp_path / f"counter_{ended.pid}.db"
    for path in (dead, alive, counted):
        path.touch()
    forget_dead_workers()
    assert [dead.exists(), alive.exists(), counted.exists()] == [False, True, True]


def test_a_single_process_has_no_gauges_of_others_to_forget(tmp_path, monkeypatch):
    monkeypatch.delenv("PROMETHEUS_MULTIPROC_DIR", raising=False)
    monkeypatch.chdir(tmp_path)
    forget_dead_workers()
    assert not list(tmp_path.iterdir())
