import pytest

from configs.alerts.alert_options import AlertsConfig
from configs.errors import ConfigError
from procurement.alerts.evaluate import MEASURES
from procurement.alerts.rules import KINDS, default_rule, rules_of


def test_without_a_file_there_is_one_rule_of_each_kind():
    rules = rules_of(AlertsConfig())
    assert [rule.name for rule in rules] == sorted(KINDS)
    assert set(MEASURES) == set(KINDS)
    for rule in rules:
        assert rule.close_at * rule.sign <= rule.open_at * rule.sign


def test_the_file_changes_what_it_says_and_adds_rules_of_its_own():
    given = {
        "overdue": {"open_at": 10, "owner": "ada", "mute_until": "2026-05-01"},
        "long_overdue": {"kind": "overdue", "open_at": 30, "severity": "urgent"},
        "price": {"enabled": False},
    }
    rules = {rule.name: rule for rule in rules_of(AlertsConfig.model_validate({"rules": given}))}
    assert (rules["overdue"].open_at, rules["overdue"].close_at, rules["overdue"].owner) == (10, 1, "ada")
    assert str(rules["overdue"].mute_until) == "2026-05-01"
    assert (rules["long_overdue"].kind, rules["long_overdue"].severity) == ("overdue", "urgent")
    assert "price" not in rules
    assert rules["budget"] == default_rule("budget")


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ({"name": {}}, "rules.name: kind is missing"),
        ({"overdue": {"open_at": 0}}, "rules.overdue: close_at is 1, expected at most open_at, 0"),
        ({"order_due": {"close_at": 1}}, "rules.order_due: close_at is 1, expected at least open_at, 2"),
    ],
)
def test_a_rule_that_cannot_be_is_one_sentence(rule, said):
    with pytest.raises(ConfigError, match=said):
        rules_of(AlertsConfig.model_validate({"rules": rule}))


@pytest.mark.parametrize(
    "target",
    [
        {"webhooks": {"erp": {"url": "ftp://x/y"}}},
        {"webhooks": {"erp": {"url": "https://ada:word@x/y"}}},
        {"webhooks": {"erp": {"url": "https://x/a b"}}},
        {"webhooks": {"erp": {}}},
        {"webhooks": {"a b": {"url": "https://x"}}},
        {"emails": {"us": {"sender": "p@x", "to": []}}},
        {"emails": {"us": {"sender": "p@x", "to": ["a@x\nBcc: b@y"]}}},
        {"emails": {"us": {"sender": "p@x", "to": ["a@x"], "user": "p", "starttls": False, "host": "mail"}}},
        {"page": "javascript:alert(1)"},
    ],
)
def test_a_target_that_cannot_be_used_is_refused(target):
    with pytest.raises(ValueError, match="validation error"):
        AlertsConfig.model_validate(target)
