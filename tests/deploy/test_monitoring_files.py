"""Alerts and board speak of metrics that the service exports, by labels that these have."""

import configparser
import json
import re
from pathlib import Path

import pytest
import yaml

from serving.metrics import instruments

DEPLOY = Path(__file__).parents[2] / "deploy"
RULES = yaml.safe_load((DEPLOY / "prometheus" / "rules.yaml").read_text(encoding="utf-8"))["groups"][0][
    "rules"
]
BOARD = json.loads((DEPLOY / "grafana" / "board.json").read_text(encoding="utf-8"))
EXPRESSIONS = [rule["expr"] for rule in RULES] + [
    target["expr"] for panel in BOARD["panels"] for target in panel["targets"]
]


def exported() -> set[str]:
    """Names of all samples that the service's registry may show."""
    names = set()
    for metric in instruments.REGISTRY.collect():
        endings = {"counter": ["_total"], "histogram": ["_bucket", "_sum", "_count"], "gauge": [""]}[
            metric.type
        ]
        names |= {metric.name + ending for ending in endings}
    return names


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_every_metric_of_an_expression_is_exported(expression):
    named = set(re.findall(r"\bpurvey_\w+", expression))
    assert named <= exported()
    assert named or expression.startswith("up{")


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_what_is_grouped_by_is_a_label(expression):
    for labels in re.findall(r"\bby \(([^)]*)\)", expression):
        assert set(re.split(r",\s*", labels)) <= {"le", "route", "status", "code", "method"}
    assert expression.count("(") == expression.count(")")


def test_every_metric_is_on_the_board():
    shown = set(re.findall(r"\bpurvey_\w+", " ".join(EXPRESSIONS)))
    assert {metric.name for metric in instruments.REGISTRY.collect()} <= {
        re.sub(r"_(total|bucket|sum|count)$", "", name) for name in shown
    }


def test_panels_do_not_lie_on_one_another_and_alerts_say_what_is_wrong():
    places = {(panel["gridPos"]["x"], panel["gridPos"]["y"]) for panel in BOARD["panels"]}
    assert len(places) == len(BOARD["panels"])
    assert all(rule["annotations"]["summary"] and rule["for"] for rule in RULES)


@pytest.mark.parametrize("name", ["serve", "schedule"])
def test_a_unit_runs_a_verb_that_there_is_as_somebody_who_is_not_root(name):
    unit = configparser.ConfigParser(interpolation=None, strict=False)
    unit.optionxform = str
    unit.read(DEPLOY / "systemd" / f"purvey-{name}.service")
    service = unit["Service"]
    assert service["User"] == "purvey"
    assert f"/purvey {name} " in service["ExecStart"]
    assert int(service["TimeoutStopSec"]) > 20, "longer than a job gets to end"
