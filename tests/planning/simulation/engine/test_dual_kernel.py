"""Two suppliers of one SKU in one play against the slow and obvious simulator."""

import numpy as np
import pytest
from reference_dual import ReferencePair, ReferenceSupplier, random_pair

from planning.simulation.engine.dual_kernel import play_pairs

OF_SKU = ["demand", "missed", "stock_days", "wasted", "cycles", "short_cycles"]
OF_SUPPLIER = ["orders", "ordered", "spent", "pipeline_days", "received", "rejected"]


def kernel(pair: ReferencePair) -> tuple[dict, dict]:
    """The pair played by the kernel."""
    both = (pair.base, pair.surge)
    levels = [[each.reorder_point, each.order_up_to, [pair.a_day] * len(each.reorder_point)] for each in both]
    sku, supplier = play_pairs(
        np.zeros(1, np.intp),
        np.array(pair.demand, np.float32)[None, None, :],
        np.array([each.lead_days for each in both], np.int16)[None, :, :, None],
        np.moveaxis(np.array(levels, float), 1, 2)[None],
        np.array([[pair.shelf_life or 0, 1, not pair.lost_sales, pair.warm_up, pair.counts_from]], float),
        np.array([[facts(each) for each in both]], float),
        np.array([[[[0.0, each.offer.price]] for each in both]], float),
        np.array([pair.review, len(pair.demand) - pair.warm_up], np.int64),
    )
    names = ("base", "surge")
    return (
        dict(zip(OF_SKU, sku[0, 0].tolist(), strict=True)),
        {
            name: dict(zip(OF_SUPPLIER, supplier[0, 0, k].tolist(), strict=True))
            for k, name in enumerate(names)
        },
    )


def facts(each: ReferenceSupplier) -> list[float]:
    """What the kernel needs of a supplier's lane."""
    offer = each.offer
    return [offer.moq, offer.multiple, offer.maximum, offer.reject_share, 0, 0, np.inf, each.interval]


@pytest.mark.parametrize("seed", range(150))
def test_the_dual_kernel_agrees_with_the_reference_on_random_pairs(seed: int) -> None:
    pair = random_pair(np.random.default_rng(seed))
    sku, suppliers = kernel(pair)
    expected, bought = pair.play()
    assert sku == pytest.approx(expected)
    for name in ("base", "surge"):
        assert suppliers[name] == pytest.approx(bought[name]), name
