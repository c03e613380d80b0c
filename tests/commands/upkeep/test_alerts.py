"""`purvey alerts`, and the example of its file in the documentation."""

import json
import re
from pathlib import Path

import pytest
from alert_posts import SECRET, post, receiver  # noqa: F401 -- fixtures
from small_company import run

from configs.load import load_alerts
from database.schema import utc_now
from procurement.alerts.rules import KINDS, rules_of

PAGE = (Path(__file__).parents[3] / "docs" / "alerts.md").read_text(encoding="utf-8")


@pytest.fixture
def here(post, monkeypatch):  # noqa: F811 -- the fixture
    """A home that the environment names."""
    monkeypatch.setenv("PURVEY_HOME", str(post.settings.home))
    monkeypatch.setenv("PURVEY_WEBHOOK_SECRET", SECRET)
    return post


def test_what_stands_is_listed_and_what_waits_is_sent(here, receiver):  # noqa: F811
    assert run("alerts", "list").text.strip() == "Nothing stands."
    assert run("alerts", "list", "--closed").text.strip() == "Nothing has closed yet."
    here.configure(webhooks={"erp": {"url": receiver.url}})
    here.open("a", "b", at=utc_now())
    assert "a runs out." in run("alerts", "list").text
    assert [row["subject"] for row in json.loads(run("alerts", "list", "--json").text)] == ["b", "a"]
    receiver.answers = [200, 500]
    done = run("alerts", "deliver", "--json")
    assert (done.status, json.loads(done.text)) == (0, {"delivered": 1, "failed": 1, "waiting": 1})
    assert run("alerts", "deliver").text.strip() == "delivered 0, failed 0, waiting 1"


def test_a_file_that_cannot_be_used_is_one_sentence(here):
    here.settings.alerts_file.write_text("webhooks: {erp: {url: here}}\n")
    done = run("alerts", "deliver")
    assert done.status == 1
    assert "alerts.yaml: webhooks.erp.url" in done.text + getattr(done, "errors", "")


def test_the_example_of_the_documentation_is_one(tmp_path):
    file = tmp_path / "alerts.yaml"
    file.write_text(re.search(r"```yaml\n(.*?)```", PAGE, re.DOTALL)[1])
    rules = {rule.name: rule for rule in rules_of(load_alerts(file))}
    assert (rules["very_late"].kind, rules["overdue"].least_money) == ("overdue", 1000.0)


def test_the_documentation_has_every_kind_with_its_thresholds():
    for name, kind in KINDS.items():
        row = next(line for line in PAGE.splitlines() if line.startswith(f"| `{name}`"))
        opens, closes = ("≥", "<") if kind.opens == "above" else ("≤", ">")
        cells = [cell.strip() for cell in row.split("|")][3:-1]
        assert cells == [
            f"{opens} {kind.open_at:g}", f"{closes} {kind.close_at:g}", kind.severity, kind.owner,
        ]  # fmt: skip
