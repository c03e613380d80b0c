"""Promises: which are believed, what they are worth, and that nothing changes where there are none."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from benchmarks.promises.companies import START, honest, known_on, overwritten, partly, worthless
from distributions.distribution import Distribution
from distributions.levels import LEAD_TIME_LEVELS
from features.orders.promises import PROMISE, PromiseTrust
from models.lead_time.forecaster import LeadTimeForecaster
from models.lead_time.members.promise_error import PromiseError
from models.lead_time.members.registry import OF_PROMISES
from models.lead_time.repromised import Repromises

DAY = START + pd.Timedelta(days=400)


def few(lines: pd.DataFrame, suppliers: int = 12) -> pd.DataFrame:
    """The order lines of the suppliers with most of them, so that a test does not take long."""
    names = lines["supplier_id"].value_counts().index[:suppliers]
    return lines[lines["supplier_id"].isin(names)].reset_index(drop=True)


def drawn(kind: object, seed: int = 1) -> pd.DataFrame:
    return few(kind(np.random.default_rng(seed)))  # type: ignore[operator]


@pytest.fixture(scope="module")
def honest_model() -> LeadTimeForecaster:
    return LeadTimeForecaster().fit(known_on(drawn(honest), DAY))


def promised_in(days: float) -> pd.DataFrame:
    """New order lines of one supplier, promised after so many days."""
    line = known_on(drawn(honest), DAY).tail(1)
    return line.assign(ordered_at=DAY, promised_at=DAY + pd.Timedelta(days=days), is_open=True)


def test_a_promise_that_is_kept_moves_the_lead_time_with_it(honest_model: LeadTimeForecaster) -> None:
    soon, late = (honest_model.predict(promised_in(days)).quantile(0.5)[0] for days in (10.0, 60.0))
    assert late - soon == pytest.approx(50.0, rel=0.15)
    assert honest_model.promised_ is not None
    assert honest_model.promised_.share_of(OF_PROMISES) > 0.5


def test_a_promise_that_is_kept_narrows_the_lead_time(honest_model: LeadTimeForecaster) -> None:
    with_promise = honest_model.predict(promised_in(30.0)).std()[0]
    without = honest_model.predict(promised_in(30.0).assign(promised_at=pd.NaT)).std()[0]
    assert with_promise < 0.5 * without


def test_the_answer_says_how_far_it_rests_on_a_promise(honest_model: LeadTimeForecaster) -> None:
    both = pd.concat([promised_in(30.0), promised_in(30.0).assign(promised_at=pd.NaT)])
    weight = honest_model.describe(both)["promise_weight"].tolist()
    assert weight == [pytest.approx(honest_model.promised_.share_of(OF_PROMISES)), 0.0]  # type: ignore[union-attr]


def test_lines_without_a_promise_are_forecast_as_if_nobody_promised(honest_model: LeadTimeForecaster) -> None:
    rows = promised_in(30.0).drop(columns="promised_at")
    never = LeadTimeForecaster().fit(known_on(drawn(honest), DAY).drop(columns="promised_at"))
    assert np.array_equal(honest_model.predict(rows).values, never.predict(rows).values)
    assert never.promised_ is None


def test_a_company_that_overwrites_its_promises_is_forecast_as_if_nobody_promised() -> None:
    history = known_on(drawn(overwritten), DAY)
    rows = history.tail(20)
    assert PromiseTrust.learn(history).overwriting is None
    never = LeadTimeForecaster().fit(history.drop(columns="promised_at"))
    assert np.array_equal(LeadTimeForecaster().fit(history).predict(rows).values, never.predict(rows).values)


def test_a_supplier_that_overwrites_its_promises_is_not_believed_where_others_are() -> None:
    lines = drawn(honest)
    worst = lines["supplier_id"].value_counts().index[-1]
    history = known_on(lines.assign(overwritten=lines["supplier_id"] == worst), DAY)
    trust = PromiseTrust.learn(history)
    assert trust.overwriting == (worst,)
    assert np.isnan(trust.days(history)).tolist() == (history["supplier_id"] == worst).tolist()
    assert PromiseTrust.from_json(trust.to_json()) == trust


def test_a_promise_before_the_order_is_none() -> None:
    history = known_on(drawn(honest), DAY)
    early = history.assign(promised_at=history["ordered_at"] - pd.Timedelta(days=1))
    assert np.isnan(PromiseTrust(()).days(early)).all()
    assert (PromiseTrust(()).days(early.assign(promised_at=early["ordered_at"])) == 0).all()


def test_worthless_promises_hardly_move_a_lead_time() -> None:
    lines = drawn(worthless)
    model = LeadTimeForecaster().fit(known_on(lines, DAY))
    line = known_on(lines, DAY).tail(1).assign(ordered_at=DAY, is_open=True)
    median = [
        model.predict(line.assign(promised_at=DAY + pd.Timedelta(days=days))).quantile(0.5)[0]
        for days in (14, 42)
    ]
    assert abs(np.log(median[1] / median[0])) < 0.15


def test_a_bundle_keeps_what_promises_are_worth(tmp_path: Path) -> None:
    history = known_on(drawn(partly), DAY)
    model = LeadTimeForecaster().fit(history)
    assert model.promised_ is not None
    model.save(tmp_path)
    rows = history.tail(40)
    assert rows["promised_at"].isna().any()
    assert rows["promised_at"].notna().any()
    assert np.array_equal(LeadTimeForecaster.load(tmp_path).predict(rows).values, model.predict(rows).values)


@pytest.mark.parametrize("kind", ["ratio", "days"])
def test_the_error_of_promises_is_the_supplier_s_own_and_censored(kind: str, tmp_path: Path) -> None:
    n = 400
    rows = pd.DataFrame(
        {
            "supplier_id": np.repeat(["late", "early"], n),
            "ordered_at": DAY,
            PROMISE: 20.0,
            "duration": np.repeat([30.0, 15.0], n),
            "is_open": False,
        }
    )
    # half of the late one's orders are still open, a day after their promise: they are at least a day late
    rows.loc[rows.index[: n // 2], ["duration", "is_open"]] = [21.0, True]
    error = PromiseError(kind, strength=5.0).fit(rows)  # type: ignore[arg-type]
    asked = pd.DataFrame({"supplier_id": ["late", "early"], PROMISE: [40.0, 40.0]})
    median = error.predict(asked).quantile(0.5)
    expected = [60.0, 30.0] if kind == "ratio" else [50.0, 35.0]
    assert median == pytest.approx(expected, rel=0.03)
    error.save(tmp_path)
    assert np.array_equal(PromiseError.load(tmp_path).predict(asked).values, error.predict(asked).values)


def repromised(*, kept: bool, seed: int = 3) -> pd.DataFrame:
    """Received lines that came twenty to sixty days after their promise, the new day known: kept, or a wish."""
    rng = np.random.default_rng(seed)
    n = 300
    lead = np.round(10 + rng.uniform(20, 60, n))
    new = lead + np.round(rng.normal(1, 2, n)) if kept else np.round(10 + rng.uniform(5, 90, n))
    ordered_at = START + pd.to_timedelta(np.arange(n), "D")
    return pd.DataFrame(
        {
            "order_id": [f"PO{k}" for k in range(n)],
            "line": "1",
            "supplier_id": "s",
            "unique_id": "a",
            "ordered_at": ordered_at,
            "quantity_ordered": 1.0,
            "quantity_received": 1.0,
            "quantity_open": 0.0,
            "never_came": 0.0,
            "closed_after": np.nan,
            "part_after": np.nan,
            "part_quantity": np.nan,
            "promised_at": ordered_at + pd.Timedelta(days=10),
            "repromised_at": ordered_at + pd.to_timedelta(new, "D"),
            "arrived_at": ordered_at + pd.to_timedelta(lead, "D"),
            "lead_time": lead,
            "duration": lead,
            "is_open": False,
            "age": np.nan,
        }
    )


def test_new_promises_that_are_kept_are_believed_and_wishes_are_not() -> None:
    levels = LEAD_TIME_LEVELS

    def even(rows: pd.DataFrame) -> Distribution:
        return Distribution(levels, np.tile(30 + 40 * levels, (len(rows), 1)))

    kept = Repromises.learn(repromised(kept=True), even, 365.0)
    assert kept.share > 0.8
    assert Repromises.learn(repromised(kept=False), even, 365.0).share < 0.5
    line = repromised(kept=True).tail(1).assign(is_open=True, lead_time=np.nan)
    assert kept.believed(line).all()
    promised = (line["repromised_at"] - line["ordered_at"]).dt.days.iloc[0]
    moved = Distribution(levels, kept.moved(line, even(line).values))
    assert moved.above(np.array([12.0])).quantile(0.5)[0] == pytest.approx(promised - 1, abs=3)


def test_new_promises_of_received_lines_and_overwritten_ones_move_nothing() -> None:
    rows = repromised(kept=True)
    model = LeadTimeForecaster().fit(rows)
    assert not model.repromises_.believed(rows).any()
    overwriting = LeadTimeForecaster().fit(rows.assign(repromised_at=rows["arrived_at"]))
    assert overwriting.repromises_.share == 0


def test_a_new_promise_moves_an_open_line_of_the_forecaster(tmp_path: Path) -> None:
    rows = repromised(kept=True)
    model = LeadTimeForecaster().fit(rows)
    line = rows.tail(1).assign(is_open=True, lead_time=np.nan, age=12.0, duration=12.0)
    soon, late = (
        model.predict(line.assign(repromised_at=line["ordered_at"] + pd.Timedelta(days=days)))
        for days in (35, 65)
    )
    assert late.quantile(0.5)[0] - soon.quantile(0.5)[0] > 15
    model.save(tmp_path)
    again = LeadTimeForecaster.load(tmp_path).predict(line)
    assert np.array_equal(again.values, model.predict(line).values)
