"""From raw tables through training, planning and service to an approved action, as separate processes."""

import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pandas as pd
import pytest

from serving.http.person import OPEN_NAME

ROOT = Path(__file__).resolve().parents[1]
CONFIG = """
name: company
demand: {horizon: 10, windows: 2}
policy: {target: cycle_service_level, level: 0.95, review_period_days: 7}
"""


def purvey(home: Path, *arguments: str | Path) -> Any:
    command = [sys.executable, "-m", "commands", *map(str, arguments), "--json"]
    environment = os.environ | {"PURVEY_HOME": str(home)}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=ROOT, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def home(company: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a trained champion and a plan in `plan`."""
    home = tmp_path_factory.mktemp("whole") / "home"
    config = home.parent / "company.yaml"
    config.write_text(CONFIG)
    trained = purvey(home, "train", "--config", config, "--data", company, "--tune", "1trial")
    assert trained["champion"] is True
    assert trained["tuning"].startswith("not changed: none of 1 trials")
    purvey(home, "plan", "--data", company, "--out", home.parent / "plan")
    return home


@pytest.fixture(scope="module")
def server(home: Path, company: Path) -> Iterator[httpx.Client]:
    """The served company, ready."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "commands", "serve", "--port", str(port)]
    with (home.parent / "server.log").open("w") as log:
        process = subprocess.Popen(
            [*map(str, command)],
            env=os.environ | {"PURVEY_HOME": str(home)},
            cwd=ROOT,
            stdout=log,
            stderr=log,
        )
        try:
            with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=300) as client:
                wait_until_ready(client)
                yield client
        finally:
            process.terminate()
            process.wait(timeout=300)


def wait_until_ready(client: httpx.Client, seconds: float = 600) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            if client.get("/readyz").status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.2)
    raise AssertionError("the server did not become ready")


def test_a_version_does_not_differ_from_itself(home: Path) -> None:
    rows = purvey(home, "models", "compare", "1", "champion")
    assert rows[0]["metric"] == "decision_cost, cycles of both"
    assert {row["difference"] for row in rows} == {0.0}


def test_the_plan_has_a_line_for_every_sku_and_actions_with_money_and_a_date(home: Path) -> None:
    plan = pd.read_parquet(home.parent / "plan" / "plan.parquet")
    actions = pd.read_parquet(home.parent / "plan" / "actions.parquet")
    assert plan["unique_id"].nunique() == len(plan) == 24
    assert (plan["order_by"].dropna() >= plan["as_of"].max()).all()
    assert {"lower_moq", "push_back"} <= set(actions["kind"]) | {
        "push_back" if "cancel" in set(actions["kind"]) else ""
    }
    asks = actions["kind"] == "expedite_question"
    assert (actions.loc[~asks, "worth"] > 0).all()
    assert (actions.loc[asks, "worth"] == 0).all(), "a question is no saving"
    assert actions["act_by"].notna().all()


def test_an_action_approved_on_the_page_stays_approved_after_the_next_plan(
    home: Path, company: Path, server: httpx.Client
) -> None:
    first = pd.read_parquet(home.parent / "plan" / "actions.parquet").iloc[0]
    assert first["title"] in server.get("/").text.replace("&#39;", "'").replace("&amp;", "&")
    address, people = f"/actions/{first['action_id']}", {"Accept": "text/html"}
    page = server.get(address, headers=people).text
    (token,) = set(re.findall(r'name="form_token" value="([^"]+)"', page))
    mine = people | {"Origin": str(server.base_url).rstrip("/")}
    form = {"verdict": "approve"}
    assert server.post(address, data=form, headers=mine).status_code == 403  # not a form of the page
    answer = server.post(address, data=form | {"form_token": token}, headers=mine)
    assert answer.status_code == 303
    purvey(home, "plan", "--data", company, "--out", home.parent / "plan")
    kept = server.get(f"/v1/recommendations/{first['action_id']}").json()
    assert kept["status"] == "approved"
    assert [(d["who"], d["verdict"]) for d in kept["decisions"]] == [(OPEN_NAME, "approve")]


def test_what_the_service_plans_is_what_the_file_says(home: Path, server: httpx.Client) -> None:
    plan = pd.read_parquet(home.parent / "plan" / "plan.parquet").set_index("unique_id")
    answered = server.post("/v1/plan", json={"unique_ids": ["sku03"]}).json()
    line = answered["plan"][0]
    assert line["order_quantity"] == plan.loc["sku03", "order_quantity"]
    assert line["reorder_point"] == pytest.approx(plan.loc["sku03", "reorder_point"])


@pytest.mark.parametrize(("lift", "retrain"), [(1.0, False), (1.6, True)])
def test_demand_that_rose_by_more_than_half_since_training_calls_for_another(
    home: Path, company: Path, tmp_path: Path, lift: float, retrain: bool
) -> None:
    demand = pd.read_csv(company / "demand.csv", parse_dates=["ds"])
    last = demand[demand["ds"] > demand["ds"].max() - pd.Timedelta(weeks=6)]
    came = last.assign(ds=last["ds"] + pd.Timedelta(weeks=6), y=(last["y"] * lift).round())
    pd.concat([demand, came]).to_csv(tmp_path / "demand.csv", index=False)
    said = purvey(home, "monitor", "--data", tmp_path, "--out", tmp_path / "out")
    assert said["retrain"] is retrain, said["message"]
    assert said["message"].endswith(": retrain.") is retrain
    assert json.loads((tmp_path / "out" / "monitor.json").read_text()) == said
