import json
import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from clients import person_client

from artifacts.bundle_store import open_bundle
from artifacts.monitor_report import MonitorError
from artifacts.parts.forecast_store import write_forecast
from database import ledger
from database.engine import open_engine
from database.migrate import upgrade
from database.plan_runs import PlanRunEntry, record_plan_run
from database.settings import Settings
from features.contract.tables import DataError
from jobs.monitor import run_monitor
from serving.state.follower import Follower

HTML = {"accept": "text/html,*/*"}


def later_company(company, folder, weeks, lift=1.0):
    """The company's tables with so many weeks more: those of last year, times `lift`."""
    folder.mkdir()
    for path in company.glob("*.csv"):
        table = pd.read_csv(path)
        if path.stem == "demand":
            ds = pd.to_datetime(table["ds"])
            last = ds.max()
            again = table[(ds > last - pd.Timedelta(weeks=8)) & (ds <= last - pd.Timedelta(weeks=8 - weeks))]
            moved = (pd.to_datetime(again["ds"]) + pd.Timedelta(weeks=8)).dt.strftime("%Y-%m-%d")
            table = pd.concat([table, again.assign(ds=moved, y=(again["y"] * lift).round())])
        table.to_csv(folder / path.name, index=False)
    return folder


def plan_later(home, weeks):
    """Record a plan made so many weeks after training, with the champion's forecast moved by as much."""
    engine = open_engine(Settings(home=home).state_url)
    champion = ledger.champion(engine)
    made = open_bundle(home / "bundles", champion.bundle_hash).forecast
    moved = replace(
        made,
        cutoff=made.cutoff + pd.Timedelta(weeks=weeks),
        starts=made.starts + np.timedelta64(7 * weeks, "D"),
    )
    folder = home / "plans" / f"later-{weeks}"
    folder.mkdir()
    write_forecast(moved, folder / "forecast_levels.parquet")
    actions = pd.read_parquet(next((home / "plans").glob("2*/actions.parquet")))
    as_of = (moved.cutoff + pd.Timedelta(weeks=1)).date()
    entry = PlanRunEntry(champion.bundle_hash, as_of, "here", folder.name, {})
    with record_plan_run(engine, entry, actions=actions):
        pass
    engine.dispose()


def page(home, path="/monitor"):
    follower = Follower()
    follower.open(Settings(home=home))
    answer = person_client(follower, dict, headers=HTML).get(path)
    follower.close()
    return answer


def test_nothing_new_is_nothing_to_judge(home, company):
    report = run_monitor(Settings(home=home), source=str(company)).report
    assert not report.signal.retrain
    assert "Nothing has come in" in report.signal.message
    assert "Nothing has come in" in page(home).text


def test_a_steady_company_needs_no_retraining(home, company, tmp_path):
    report = run_monitor(
        Settings(home=home), source=str(later_company(company, tmp_path / "steady", 6))
    ).report
    assert not report.signal.retrain
    assert report.facts["periods_seen"] == 6


def test_only_forecasts_from_before_a_period_count_and_each_lead_is_scored(home, company, tmp_path):
    settings = Settings(home=home)
    plan_later(home, 2)
    report = run_monitor(settings, source=str(later_company(company, tmp_path / "four", 4))).report
    assert report.periods["k"].tolist() == [1, 2, 1, 2]
    assert (report.periods["cutoff"] < report.periods["ds"]).all()
    assert report.by_lead.set_index("k")["n"].to_dict() == {1: 48, 2: 48, 3: 24, 4: 24}
    assert report.facts["forecasts"] == 2


def test_a_plan_as_of_a_day_before_training_is_not_counted(home, company, tmp_path):
    plan_later(home, -2)
    report = run_monitor(Settings(home=home), source=str(later_company(company, tmp_path / "four", 4))).report
    assert report.facts["forecasts"] == 1


def test_scores_outlive_the_plans_they_are_of(home, company, tmp_path):
    settings = Settings(home=home)
    plan_later(home, 2)
    four = later_company(company, tmp_path / "four", 4)
    before = run_monitor(settings, source=str(four)).report
    for path in settings.plans.glob("*/forecast_levels.parquet"):
        path.unlink()
    pd.testing.assert_frame_equal(run_monitor(settings, source=str(four)).report.periods, before.periods)


def test_the_files_hold_what_the_report_says_and_the_same_run_gives_the_same_bytes(home, company, tmp_path):
    four = str(later_company(company, tmp_path / "four", 4))
    names = ["monitor.json", "monitor_demand.parquet", "monitor_lead_time.parquet"]
    for out in ("a", "b"):
        result = run_monitor(Settings(home=home), source=four, out=tmp_path / out)
    assert sorted(path.name for path in result.files) == names
    assert sorted(path.name for path in (tmp_path / "a").iterdir()) == names
    assert all((tmp_path / "a" / n).read_bytes() == (tmp_path / "b" / n).read_bytes() for n in names)
    document = json.loads((tmp_path / "a" / "monitor.json").read_text())
    assert document["retrain"] is False
    assert [row["demand_class"] for row in document["by_class"]] == ["", "smooth"]
    assert sum(row["n"] for row in document["by_lead"]) == 96


def test_the_page_shows_the_last_run_with_its_chart_and_table(home, company, tmp_path):
    assert "purvey monitor --data DIR" in page(home).text
    run_monitor(Settings(home=home), source=str(later_company(company, tmp_path / "four", 4)))
    html = page(home).text
    text = re.sub(r"<[^>]+>", "", html)
    for word in ("No retrain needed", "90% interval holds", "better than seasonal naive", "false alarm"):
        assert word in text
    assert 'src="/drawings/monitor/loss' in html
    drawn = page(home, "/drawings/monitor/loss")
    assert (drawn.status_code, drawn.headers["content-type"]) == (200, "image/svg+xml")


def test_there_is_no_chart_before_the_first_run(home):
    assert page(home, "/drawings/monitor/loss").status_code == 404


def test_without_a_champion_it_says_to_train(tmp_path, company):
    upgrade(Settings(home=tmp_path).state_url)
    with pytest.raises(MonitorError, match="run `purvey train"):
        run_monitor(Settings(home=tmp_path), source=str(company))


def test_data_that_begin_after_training_are_refused(home, company, tmp_path):
    four = later_company(company, tmp_path / "four", 6)
    demand = pd.read_csv(four / "demand.csv")
    demand[demand["ds"] > "2024-07-08"].to_csv(four / "demand.csv", index=False)
    with pytest.raises(DataError, match="give the whole history"):
        run_monitor(Settings(home=home), source=str(four))


def test_a_folder_that_cannot_be_written_is_named(home, company, tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(MonitorError, match="file: cannot be written"):
        run_monitor(Settings(home=home), source=str(company), out=tmp_path / "file")
