"""`check`, `train` and `plan` judge the same data alike: by today's date, by the day asked for, and by the config."""

import re
from datetime import UTC, datetime

import pandas as pd
from small_company import SmallCompany, run

TODAY = pd.Timestamp(datetime.now(UTC).date())


def test_a_date_after_today_is_quarantined_by_the_check_as_by_the_plan(small_company: SmallCompany) -> None:
    demand = small_company.tables["demand"].copy()
    demand.loc[5, "ds"] = demand["ds"][0] + pd.Timedelta(weeks=52 * 20)
    small_company.tables["demand"] = demand
    checked, planned = small_company.check(), small_company.plan()
    assert (checked.status, planned.status) == (0, 0)
    assert (
        f"after today ({TODAY:%Y-%m-%d})" in checked.text or "years away from all other rows" in checked.text
    )
    assert re.search(r"quarantined +1\b", planned.text)


def test_demand_of_which_half_lies_ahead_is_refused_by_check_and_train_in_the_same_words(
    untrained_company: SmallCompany,
) -> None:
    demand = untrained_company.tables["demand"]
    shift = (TODAY - demand["ds"].max()).days // 7 + 30
    untrained_company.tables = {"demand": demand.assign(ds=demand["ds"] + pd.Timedelta(weeks=shift))}
    checked, trained = untrained_company.check(), untrained_company.train()
    assert (checked.status, trained.status) == (1, 1)
    refusal = trained.text[trained.text.index("demand.csv:") :].strip()
    assert "ds is not in the future" in refusal
    assert refusal in checked.text


def test_a_check_looks_from_the_day_asked_for(small_company: SmallCompany) -> None:
    small_company.write()
    checked = run("check", small_company.data, "--as-of", "2024-12-30", "--json")
    assert checked.status == 0
    assert '"as_of": "2024-12-30"' in checked.text
    assert '"last": "2024-12-23"' in checked.text


def test_a_config_that_training_refuses_fails_the_check_and_without_one_that_is_said(
    small_company: SmallCompany,
) -> None:
    small_company.write()
    assert "config: give --config FILE to have it judged" in run("check", small_company.data).text
    assert "to have it judged" not in small_company.check().text
    small_company.config.write_text(small_company.config.read_text() + "data: {last_period: maybe}\n")
    checked, trained = small_company.check(), small_company.train()
    assert (checked.status, trained.status) == (1, 1)
    assert "last_period" in checked.text
    assert checked.text.strip() == trained.text.strip()
