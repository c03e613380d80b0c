"""The whole assessment: with little and with everything, the same whatever the order of the rows."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from configs.schema import Config
from database.sources.load_tables import read_source
from features.contract.tables import RawTable
from features.quality.check import check_tables
from procurement.assessment.baseline import FINDINGS, FURTHER, HEADLINES, Baseline, assess_baseline


def assessed(raw: dict[str, RawTable]) -> Baseline:
    config = Config()
    return assess_baseline(check_tables(raw, config.data), config)


def shuffled(raw: dict[str, RawTable], seed: int) -> dict[str, RawTable]:
    return {
        name: RawTable(table.frame.sample(frac=1, random_state=seed).reset_index(drop=True), table.origin)
        for name, table in raw.items()
    }


@pytest.fixture
def raw(company: Path) -> dict[str, RawTable]:
    return read_source(str(company))


def test_the_report_has_every_finding_in_order_and_five_numbers_and_three_steps(
    raw: dict[str, RawTable],
) -> None:
    baseline = assessed(raw)
    assert [finding.name for finding in baseline.findings] == [
        "stockouts", "stock", "safety_stock", "lead_times", "spend", "segments", "data_trust", "levers",
    ]  # fmt: skip
    assert len(FINDINGS) == len(baseline.findings)
    assert len(baseline.headlines) == len(HEADLINES) == 5
    assert len(baseline.next_steps) == len(set(baseline.next_steps)) == 3


def test_every_range_holds_its_figure_and_says_how_it_was_worked_out(raw: dict[str, RawTable]) -> None:
    figures = [figure for finding in assessed(raw).findings for figure in finding.figures]
    assert len(figures) > 20
    for figure in figures:
        assert figure.how
        if figure.value.known:
            assert figure.value.low <= figure.value.middle <= figure.value.high
        if figure.unit == "share" and figure.name != "variation":
            assert figure.value.low >= 0
            assert figure.value.high <= 1


@pytest.mark.parametrize("seed", [1, 2])
def test_the_order_of_rows_does_not_matter(raw: dict[str, RawTable], seed: int) -> None:
    one, other = assessed(raw), assessed(shuffled(raw, seed))
    for left, right in zip(one.findings, other.findings, strict=True):
        assert [figure.name for figure in left.figures] == [figure.name for figure in right.figures]
        for figure, again in zip(left.figures, right.figures, strict=True):
            ends = [[each.value.low, each.value.middle, each.value.high] for each in (figure, again)]
            np.testing.assert_allclose(ends[0], ends[1], rtol=1e-9, err_msg=figure.name)
        for name, table in left.tables.items():
            pd.testing.assert_frame_equal(table, right.tables[name], rtol=1e-9)
        assert left.notes == right.notes
    assert one.next_steps == other.next_steps


@pytest.mark.parametrize(
    "given", [("demand",), ("demand", "stock"), ("demand", "purchase_orders"), ("demand", "items")]
)
def test_with_little_it_says_what_is_missing_and_what_each_table_would_add(
    raw: dict[str, RawTable], given: tuple[str, ...]
) -> None:
    baseline = assessed({name: raw[name] for name in given})
    said = {figure.name: figure for figure in baseline.headlines}
    assert not said["value"].value.known
    assert "give" in said["value"].how
    absent = baseline.missing_tables
    assert set(absent["table"]) == set(FURTHER) - set(given)
    assert (absent["adds"].str.len() > 10).all()
    for finding in baseline.findings:
        assert finding.figures or finding.missing
    assert any(step.startswith("Give ") for step in baseline.next_steps)


def test_with_stock_and_prices_it_values_the_stock(raw: dict[str, RawTable]) -> None:
    baseline = assessed({name: raw[name] for name in ("demand", "stock", "items")})
    on_hand = raw["stock"].frame.set_index("unique_id")["on_hand"].astype(float)
    cost = raw["items"].frame.set_index("unique_id")["unit_cost"].astype(float)
    assert baseline.finding("stock").value("value").middle == pytest.approx(float((on_hand * cost).sum()))
