"""Every value of a config is judged by `check`: nothing that it could have said fails first in a training or plan."""

import pytest
import yaml
from small_company import CONFIG, SmallCompany


def configure(company: SmallCompany, text: str) -> None:
    """Write the small company's config with the sections of `text` changed."""
    config = yaml.safe_load(CONFIG)
    for key, value in yaml.safe_load(text).items():
        config[key] = {**config[key], **value} if isinstance(value, dict) and key in config else value
    company.config.write_text(yaml.safe_dump(config), encoding="utf-8")


REFUSED = [
    ("demand: {members: [ARIMA]}", "demand.members: 'ARIMA' is not allowed; give level, trend, boosting,"),
    ("demand: {members: [seasonal-naive]}", "'seasonal-naive' is not allowed; is it seasonal_naive? Allowed are level"),
    ("demand: {members: theta}", "demand.members: expected a list such as [one, another] (found 'theta')"),
    ("demand: {members: []}", "demand.members: no member is named"),
    ("demand: {horizn: 3}", "demand.horizn: unknown key; is it demand.horizon?"),
    ("demand: {horizon: 0}", "demand.horizon: expected a number ≥ 1 (found 0)"),
    ("demand: {horizon: 2.5}", "demand.horizon: expected a whole number (found 2.5)"),
    ("demand: {windows: 100000}", "demand.windows: expected a number ≤ 1000"),
    ("demand: {cutoffs: [soon]}", "demand.cutoffs: expected a date such as 2024-03-31 (found 'soon')"),
    ("demand: {cutoffs: 2024-06-03}", "demand.cutoffs: expected a list"),
    ("demand: {boosting: {num_leaves: 200000}}", "demand.boosting.num_leaves: expected a number ≤ 131072"),
    ("demand: {boosting: {learning_rat: 0.1}}", "unknown key; is it demand.boosting.learning_rate?"),
    ("horizon: 3", "horizon: unknown key; it belongs to demand.horizon"),
    ("zzz: 1", "zzz: unknown key; the file may have name, notice, currency, seed"),
    ("data: {freq: W-FOO}", "data.freq: 'W-FOO' is not supported; give D, B, W-MON"),
    ("data: {freq: 0W-MON}", "data.freq: '0W-MON' is not supported"),
    ("data: {freq: M}", "data.freq: 'M' is not supported"),
    ("data: {gaps: none}", "data.gaps: 'none' is not allowed; give zero or missing"),
    ("data: {clock: {end: putaway}}", "data.clock.end: 'putaway' is not allowed; is it put_away?"),
    ("data: {covariates: [price]}", "data.covariates: expected names with options below them"),
    ("data: {covariates: {price: {known: true}}}", "data.covariates.price may have known_in_advance"),
    ("data: {max_bad_share: 5}", "data.max_bad_share: expected a number ≤ 1 (found 5)"),
    ("lead_time: {source: offers}", "lead_time.source: 'offers' is not allowed; give learned or contract"),
    ("lead_time: {half_life_days: 0}", "lead_time.half_life_days: expected a number > 0"),
    ("policy: {target: fillrate}", "policy.target: 'fillrate' is not allowed; is it fill_rate?"),
    ("policy: {level: 95}", "policy.level: expected a number"),
    ("policy: {lost_sales: perhaps}", "policy.lost_sales: expected true or false (found 'perhaps')"),
    ("policy: {holding_cost_rate: 25}", "policy.holding_cost_rate: expected a number ≤ 5 (found 25)"),
    ("policy: {review_period_days: .inf}", "policy.review_period_days: expected a finite number"),
    ("policy: {budget_horizon_days: .inf}", "policy.budget_horizon_days: expected a finite number"),
    ("policy: {ordering_cost: a lot}", "policy.ordering_cost: expected a number (found 'a lot')"),
    ("seed: -1", "seed: expected a number ≥ 0 (found -1)"),
    ("threads: 0", "threads: expected a number ≥ 1 (found 0)"),
    ("threads: many", "threads: expected a whole number (found 'many')"),
    ("name: 2024", "name: expected a text; put it in quotes (found 2024)"),
    ("{seed: -1, threads: 0}", "seed: expected a number ≥ 0 (found -1); threads: expected"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "message"), REFUSED, ids=[text for text, _ in REFUSED])
def test_a_value_that_cannot_be_used_is_refused_at_check_in_one_sentence(
    untrained_company: SmallCompany, text: str, message: str
) -> None:
    configure(untrained_company, text)
    refused = untrained_company.check()
    assert refused.status == 1
    assert f"c.yaml: {message}" in refused.text or message in refused.text
    assert len(refused.text.strip().splitlines()) == 1


@pytest.mark.parametrize(
    "text",
    [
        "policy: ",
        "{policy: {level: 0.5}, demand: }",
        "data: {freq: W-MON}",
        "demand: {members: [level, ets, level]}",
        "threads: '2'",
    ],
)
def test_what_can_be_used_is_not_refused(untrained_company: SmallCompany, text: str) -> None:
    configure(untrained_company, text)
    checked = untrained_company.check()
    assert checked.status == 0, checked.text
    assert "warnings" not in checked.text


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "demand: {cutoffs: [2031-01-01, 2024-06-03]}",
            "demand.cutoffs: 2031-01-01, but from 2024-01-01 to 2025-02-17 there is demand",
        ),
        (
            "lead_time: {cutoffs: [2020-01-01]}",
            "lead_time.cutoffs: 2020-01-01, but from 2024-01-08 to 2025-02-24 there is order history",
        ),
        ("lead_time: {source: contract}", "lead_time.source: contract, but no offer has lead_time_days"),
        ("policy: {target: cost}", "policy.target: cost, but no item has a shortage_cost"),
    ],
)
def test_what_has_nothing_to_work_on_is_a_warning(
    untrained_company: SmallCompany, text: str, message: str
) -> None:
    configure(untrained_company, text)
    checked = untrained_company.check()
    assert checked.status == 0
    assert message in checked.text
