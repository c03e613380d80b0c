"""Pruning keeps what is served, what a rollback leads to and what is being written, and nothing else."""

import os
import shutil

import pytest

from configs.schedule import RetentionConfig
from database.engine import open_engine
from database.ledger import LedgerEntry, append
from database.plan_runs import last_runs
from database.settings import Settings
from jobs.plan import run_plan
from jobs.prune import UNKNOWN_SECONDS, prune

TWO = RetentionConfig(plan_runs=2, champions=2)


@pytest.fixture
def settings(home):
    return Settings(home=home)


@pytest.fixture
def engine(settings):
    engine = open_engine(settings.state_url)
    yield engine
    engine.dispose()


def names(folder):
    return {path.name for path in folder.iterdir()}


def test_the_last_runs_stay_by_the_databases_order_not_the_clocks(settings, engine, company, tmp_path):
    for _ in range(3):
        run_plan(settings, source=str(company), out=tmp_path / "out")
    runs = [run.folder for run in last_runs(engine, 4)]
    assert names(settings.plans) == set(runs)
    os.utime(settings.plans / runs[0], (1, 1))  # written while the clock was set back
    pruned = prune(settings, TWO)
    assert names(settings.plans) == set(runs[:2])
    assert {path.name for path, size in pruned.folders if size > 0} == set(runs[2:])


def test_a_dry_run_removes_nothing_and_says_the_same(settings, engine, company, tmp_path):
    for _ in range(2):
        run_plan(settings, source=str(company), out=tmp_path / "out")
    before = names(settings.plans)
    said = prune(settings, TWO, dry_run=True).summary()
    assert names(settings.plans) == before
    assert said["removed"] == 1
    assert prune(settings, TWO).summary() == said
    assert prune(settings, TWO).summary()["removed"] == 0


def test_a_folder_that_no_row_speaks_of_stays_for_a_day(settings):
    for name, age in (("being-written", 60.0), ("left-behind", UNKNOWN_SECONDS + 60)):
        (settings.plans / name).mkdir()
        then = (settings.plans / name).stat().st_mtime - age
        os.utime(settings.plans / name, (then, then))
    prune(settings, TWO)
    assert "being-written" in names(settings.plans)
    assert "left-behind" not in names(settings.plans)


def test_of_bundles_stay_the_last_champions_and_those_of_kept_plans(settings, engine):
    (own,) = names(settings.bundles)
    for number in range(2, 6):
        bundle = str(number) * 64
        shutil.copytree(settings.bundles / own, settings.bundles / bundle)
        append(engine, LedgerEntry(bundle, str(number), "promote", "ada", "better", {}))
    prune(settings, TWO)
    assert names(settings.bundles) == {"5" * 64, "4" * 64, own}, "the plan run's own"


def test_without_a_config_the_champions_holds(settings, company, tmp_path):
    for _ in range(5):
        run_plan(settings, source=str(company), out=tmp_path / "out")
    assert prune(settings, dry_run=True).summary()["removed"] == 0
    assert len(names(settings.plans)) == RetentionConfig().plan_runs
