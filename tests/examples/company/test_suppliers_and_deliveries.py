import numpy as np
import pytest

from examples.company.deliveries import deliver
from examples.company.suppliers import draw_lead_time, mean_lead_time, order_wait, read_suppliers, season


def test_there_is_a_supplier_of_every_law() -> None:
    suppliers = read_suppliers()
    assert set(suppliers["law"]) == {"gamma", "lognormal", "customs", "erodes", "improves", "congestion"}
    assert suppliers["supplier_id"].is_unique


@pytest.mark.parametrize("supplier_id", ["D04", "D09", "D12", "D15", "D17", "D19"])
@pytest.mark.parametrize("day", [0, 200, 320])
def test_draws_have_the_laws_mean(supplier_id: str, day: int) -> None:
    law = read_suppliers().set_index("supplier_id").loc[[supplier_id] * 20_000]
    drawn = draw_lead_time(law, np.full(len(law), float(day)), np.random.default_rng(1))
    expected = mean_lead_time(law, np.full(len(law), float(day)))[0]
    assert drawn.mean() == pytest.approx(expected, rel=0.02)
    assert drawn.min() >= 1
    assert (drawn == np.rint(drawn)).all()


def test_draws_of_a_stationary_law_have_its_spread() -> None:
    law = read_suppliers().set_index("supplier_id").loc[["D05"] * 20_000]
    drawn = draw_lead_time(law, np.zeros(len(law)), np.random.default_rng(1))
    assert drawn.std() / drawn.mean() == pytest.approx(0.25, rel=0.03)


def test_congestion_peaks_in_mid_november_and_is_over_at_new_year() -> None:
    assert season(np.array([0, 200, 272, 317, 364])).tolist() == [0, 0, 0, 1, 0]


def test_an_order_waits_for_its_suppliers_next_order_day() -> None:
    suppliers = read_suppliers().set_index("supplier_id").loc[["D01", "D03", "D04"]]  # any, Tue and Fri, Wed
    assert order_wait(suppliers, 0).tolist() == [0, 1, 2]
    assert order_wait(suppliers, 1).tolist() == [0, 0, 1]
    assert order_wait(suppliers, 10).tolist() == [0, 1, 6]


def test_a_line_is_delivered_whole_or_short_and_never_twice() -> None:
    law = read_suppliers().set_index("supplier_id").loc[["D11"] * 5_000]
    quantity = np.full(len(law), 40.0)
    fate = deliver(law, 100, quantity, np.zeros(len(law), bool), np.random.default_rng(2))
    total = fate.first_quantity + fate.last_quantity
    assert (total <= quantity).all()
    assert (total < quantity).mean() == pytest.approx(0.06, abs=0.015)
    assert (fate.first_quantity > 0).mean() == pytest.approx(0.12, abs=0.02)
    assert (fate.first_day < fate.last_day)[fate.first_quantity > 0].all()
    assert (fate.rejected <= fate.last_quantity).all()
    assert fate.rejected.sum() / total.sum() == pytest.approx(0.045, abs=0.003)


def test_an_expedited_line_takes_six_tenths_of_its_time() -> None:
    law = read_suppliers().set_index("supplier_id").loc[["D05"] * 5_000]
    quantity, nobody = np.full(len(law), 40.0), np.zeros(len(law), bool)
    usual = deliver(law, 100, quantity, nobody, np.random.default_rng(3)).lead_time
    hurried = deliver(law, 100, quantity, ~nobody, np.random.default_rng(3)).lead_time
    np.testing.assert_array_equal(hurried, np.rint(0.6 * usual))


def test_a_new_promise_is_made_only_for_late_lines_and_before_the_old_one() -> None:
    law = read_suppliers().set_index("supplier_id").loc[["D09"] * 5_000]
    fate = deliver(law, 100, np.full(len(law), 40.0), np.zeros(len(law), bool), np.random.default_rng(4))
    anew = ~np.isnan(fate.repromised_day)
    assert (fate.last_day[anew] > fate.promised_day[anew] + 2).all()
    assert (fate.repromised_day[anew] > fate.promised_day[anew]).all()
    assert (fate.announced_day < fate.promised_day).all()
    assert np.abs(fate.repromised_day - fate.last_day)[anew].mean() < 2
