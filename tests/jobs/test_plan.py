import shutil

import pandas as pd
import pytest

from artifacts.manifest import BundleError
from artifacts.plan_files import PlanRunError
from artifacts.plan_snapshot import read_snapshot
from configs.schedule import RetentionConfig
from configs.schema import Config, PolicyConfig
from database.engine import open_engine
from database.plan_runs import latest
from database.settings import Settings
from features.contract.tables import DataError
from jobs.plan import run_plan

FILES = [
    f"{name}.parquet"
    for name in (
        "action_changes",
        "actions",
        "budget_outlook",
        "budget_use",
        "changes",
        "class_effort",
        "contract_ends",
        "deviations",
        "eoq",
        "excess_stock",
        "expiring_lots",
        "explanation",
        "forecast",
        "forecast_groups",
        "lead_time",
        "off_preferred",
        "open_orders",
        "order_lines",
        "orders",
        "overrides",
        "plan",
        "projection",
        "responsible",
        "restock_bins",
        "running_out",
        "service_cost",
        "site_visits",
        "sku_segments",
        "spend_months",
        "stock_ageing",
        "stock_sites",
        "stock_value",
        "supplier_segments",
        "suppliers",
        "term_worth",
        "unusual_spend",
    )
]


def current(home):
    engine = open_engine(Settings(home=home).state_url)
    run = latest(engine)
    engine.dispose()
    return run


def test_a_run_writes_its_files_and_becomes_the_current_one(home, company, tmp_path):
    result = run_plan(Settings(home=home), source=str(company), out=tmp_path / "out")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == FILES
    plan = pd.read_parquet(tmp_path / "out" / "plan.parquet")
    assert set(plan["unique_id"]) == {f"sku{i:02d}" for i in range(24)}
    assert result.summary()["as_of"] == "2024-07-15"
    chosen = (result.actions["alternative_to"] == "") & result.actions["listed"]
    assert 0 < result.summary()["actions"] == chosen.sum() < len(result.actions)
    assert result.todays_actions["action_id"].tolist() == result.actions.loc[chosen, "action_id"].tolist()
    yearly = chosen & (result.actions["worth_period"] == "year")
    assert result.summary()["worth_a_year"] == pytest.approx(result.actions.loc[yearly, "worth"].sum())
    assert current(home).id == 2
    assert read_snapshot(home / "plans" / current(home).folder).facts["freq"] == "W-MON"


def test_the_same_data_give_the_same_plan(home, company, tmp_path):
    for name in ("one", "two"):
        run_plan(Settings(home=home), source=str(company), out=tmp_path / name)
    for name in FILES:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_a_policy_given_replaces_the_one_trained_with(home, company, tmp_path):
    careless = Config(policy=PolicyConfig(level=0.5))
    before = pd.read_parquet(home / "out" / "plan.parquet")["safety_stock"].sum()
    run_plan(Settings(home=home), source=str(company), out=tmp_path / "out", config=careless)
    assert pd.read_parquet(tmp_path / "out" / "plan.parquet")["safety_stock"].sum() < before


def test_without_a_champion_there_is_no_plan(tmp_path, company):
    from database.migrate import upgrade

    upgrade(Settings(home=tmp_path).state_url)
    with pytest.raises(PlanRunError, match="run `purvey train"):
        run_plan(Settings(home=tmp_path), source=str(company), out=tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_before_the_first_training_it_says_to_train(tmp_path, company):
    with pytest.raises(PlanRunError, match="purvey train"):
        run_plan(Settings(home=tmp_path), source=str(company), out=tmp_path / "out")


@pytest.mark.parametrize("trouble", ["bundle", "data", "out"])
def test_a_run_that_fails_leaves_files_and_current_plan_as_they_were(home, company, tmp_path, trouble):
    before = {name: (home / "out" / name).read_bytes() for name in FILES}
    source, out = company, home / "out"
    if trouble == "bundle":
        next((home / "bundles").glob("*/forecast.parquet")).unlink()
    if trouble == "data":
        source = tmp_path / "broken"
        shutil.copytree(company, source)
        (source / "demand.csv").write_text("unique_id,ds\nsku00,2024-01-01\n")
    if trouble == "out":
        out = tmp_path / "file"
        out.write_text("in the way")
    with pytest.raises((BundleError, DataError, PlanRunError), match=r"forecast\.parquet|y|file"):
        run_plan(Settings(home=home), source=str(source), out=out)
    assert {name: (home / "out" / name).read_bytes() for name in FILES} == before
    assert current(home).id == 1


def test_bad_rows_go_to_quarantine_and_the_rest_is_planned(home, company, tmp_path):
    source = tmp_path / "source"
    shutil.copytree(company, source)
    with (source / "offers.csv").open("a") as file:
        file.write("north,sku00,-4,10,10,14,False,25\n")
    run_plan(Settings(home=home), source=str(source), out=tmp_path / "out")
    bad = pd.read_csv(tmp_path / "out" / "quarantine" / "offers.csv")
    assert len(bad) == 1
    assert (tmp_path / "out" / "plan.parquet").exists()


def test_old_runs_are_cleared_away_but_the_last_ones_stay(home, company, tmp_path):
    config = Config(retention=RetentionConfig(plan_runs=2))
    for _ in range(3):
        run_plan(Settings(home=home), source=str(company), out=tmp_path / "out", config=config)
    assert len(list((home / "plans").iterdir())) == 2
    assert (home / "plans" / current(home).folder).is_dir()
