"""A planner's whole Monday on the demo, in the browser: look, edit two quantities, approve, export, plan again."""

import re
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from sites import Site, serve

from benchmarks.dirty.clean_company import cut, quick_config
from database.settings import Settings
from database.sources.data_directory import write_directory
from examples import demo
from jobs.plan import run_plan
from serving.orders.order_view import orders_now
from training.options_and_result import TrainOptions
from training.pipeline import train


def rows(page, selector: str = "table.list tbody tr"):
    return page.locator(selector)


def suppliers_of(page) -> list[str]:
    """Suppliers in the list of orders, in its order."""
    return page.locator("table.list tbody tr td:nth-child(2) a").all_inner_texts()


@pytest.fixture
def demo_data(tmp_path: Path) -> Path:
    """Every fifth SKU of the demo company, with all its suppliers."""
    write_directory(cut(demo.make(7)[0], every=5), tmp_path / "data")
    return tmp_path / "data"


@pytest.fixture
def monday(demo_data: Path, tmp_path: Path) -> Iterator[Site]:
    """Pages of the demo's first plan, that nobody has decided on."""
    settings = Settings(home=tmp_path / "home")
    train(quick_config(levers="vendors_and_lots"), str(demo_data), settings, TrainOptions(promote=True))
    run_plan(settings, source=str(demo_data), out=tmp_path / "out")
    with serve(tmp_path / "home") as running:
        yield running


def test_a_planners_monday(monday: Site, visit, demo_data: Path, tmp_path: Path) -> None:
    page = visit(f"{monday.root}/orders", name="ada")
    suppliers = suppliers_of(page)
    assert len(suppliers) > 10

    # open the most urgent, change two quantities: checked as they are entered
    page.get_by_role("link", name=suppliers[0], exact=True).first.click()
    quantities = page.locator("input.qty[name^=quantity-]")
    changed = {}
    assert quantities.count() >= 2
    for n in range(2):
        field, row = quantities.nth(n), page.locator("tr[data-sku]").nth(n)
        units = float(field.input_value().replace(",", "")) * 2
        goods = row.locator('[data-cell="goods"]').inner_text()
        field.fill(f"{units:g}")
        page.wait_for_function(
            "([cell, was]) => cell.textContent !== was",
            arg=[row.locator('[data-cell="goods"]').element_handle(), goods],
        )
        changed[row.get_attribute("data-sku")] = units
    page.get_by_role("button", name="Save").click()
    page.wait_for_url(re.compile(r"/orders/PV-"))
    order_id = page.url.rsplit("/", 1)[1]
    page.get_by_role("button", name="Approve order").click()
    page.wait_for_url(re.compile("done="))
    assert order_id in page.locator(".done").inner_text()

    # approve others from the list, ticked
    ticks = page.locator("input[type=checkbox][name=order]")
    approved = 3
    for n in range(approved):
        ticks.nth(n).check()
    page.get_by_role("button", name="Approve ticked").click()
    page.wait_for_url(re.compile("done="))
    assert page.locator(".done a").count() == approved

    # export the first
    page.goto(f"{monday.root}/orders/{order_id}")
    with page.expect_download() as caught:
        page.get_by_role("button", name="Export").click()
    table = pd.read_csv(caught.value.path(), dtype={"unique_id": str})
    assert changed.items() <= dict(zip(table["unique_id"], table["quantity"], strict=True)).items()

    # plan again on the same tables: what was approved counts as on order, and nothing is ordered twice
    ordered = _approved_units(monday)
    run_plan(Settings(home=tmp_path / "home"), source=str(demo_data), out=tmp_path / "out")
    monday.follower.refresh()
    plan = monday.follower.current().snapshot.plan.set_index("unique_id")
    for sku, units in ordered.items():
        assert plan.loc[sku, "on_order"] >= units, sku
        assert plan.loc[sku, "order_quantity"] == 0, sku
    page.goto(f"{monday.root}/orders?status=exported")
    assert order_id in page.locator("table.list").inner_text()


def _approved_units(site: Site) -> dict[str, float]:
    """Units of each SKU on orders that were approved or exported here."""
    placed = [row.order for row in orders_now(site.follower).orders if row.status in {"approved", "exported"}]
    found: dict[str, float] = {}
    for order in placed:
        for line in order.ordered:
            found[line.unique_id] = found.get(line.unique_id, 0.0) + line.quantity
    return found
