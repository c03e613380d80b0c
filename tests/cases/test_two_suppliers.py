"""Case: a pair of suppliers is approved, and the plans from then on order from both, as it was played.

Six SKUs of uneven demand, about 20 a week, bought from S1 within days; S2 is cheaper and takes five weeks.
"""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import order_api
import pandas as pd
import pytest
from clients import PersonClient, person_client
from small_company import CONFIG, FIRST, SmallCompany

from database.settings import Settings
from serving.state.follower import Follower


def with_a_slow_and_cheap_supplier(company: SmallCompany) -> None:
    rng, tables = np.random.default_rng(5), company.tables
    tables["demand"]["y"] = rng.negative_binomial(2, 2 / 22, len(tables["demand"]))
    tables["items"] = tables["items"].assign(unit_price=30.0)
    offers, orders = tables["offers"], tables["purchase_orders"]
    tables["offers"] = pd.concat(
        [
            offers.assign(unit_price=10.0, preferred=True),
            offers.assign(supplier_id="S2", unit_price=8.5, preferred=False),
        ],
        ignore_index=True,
    )
    took = {"S1": rng.integers(2, 5, len(orders)), "S2": np.round(rng.gamma(12, 35 / 12, len(orders)))}
    both = [
        orders.assign(
            order_id=supplier + orders["order_id"],
            supplier_id=supplier,
            received_at=orders["ordered_at"] + pd.to_timedelta(days, unit="D"),
            promised_at=orders["ordered_at"] + pd.Timedelta(days=3 if supplier == "S1" else 35),
        )
        for supplier, days in took.items()
    ]
    begun = both[1]["ordered_at"] < FIRST + pd.Timedelta(weeks=40)
    tables["purchase_orders"] = pd.concat([both[0], both[1][begun]], ignore_index=True)
    company.config.write_text(CONFIG.replace("holding_cost_rate", "lost_sales: true, holding_cost_rate"))


@contextmanager
def client_of(company: SmallCompany) -> Iterator[PersonClient]:
    follower = Follower()
    follower.open(Settings(home=company.home))
    try:
        yield person_client(follower)
    finally:
        follower.close()


def approve(client: PersonClient, action_id: str, **more: object) -> None:
    said = {"action_id": action_id, "verdict": "approve", "who": "ada", **more}
    answer = client.post("/v1/decisions", json=said)
    assert answer.status_code == 201, answer.text


def tops_up_served(client: PersonClient) -> set[str]:
    """SKUs that the service, which plans from what the plan run kept, orders from two suppliers."""
    served = client.app.state.follower.current()
    assessment = served.planner(served.forecast).assess(served.inputs)
    return set(assessment.forecast.unique_ids[assessment.from_two])


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The company's folder after its first plan. Not to be written to: copy it."""
    folder = tmp_path_factory.mktemp("pairs")
    company = SmallCompany(folder)
    with_a_slow_and_cheap_supplier(company)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PURVEY_HOME", str(company.home))
        assert company.train().status == 0
        assert company.plan().status == 0
    return folder


@pytest.fixture
def company(planned: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SmallCompany:
    shutil.copytree(planned, tmp_path / "company")
    company = SmallCompany(tmp_path / "company")
    with_a_slow_and_cheap_supplier(company)
    monkeypatch.setenv("PURVEY_HOME", str(company.home))
    return company


def test_an_approved_pair_of_suppliers_is_ordered_from_as_it_was_played(company: SmallCompany) -> None:
    assert set(company.table("order_lines")["supplier_id"]) == {"S1"}
    actions = company.table("actions")
    pairs = actions[(actions["kind"] == "dual_source") & (actions["alternative_to"] == "")]
    assert len(pairs) >= 3
    with client_of(company) as client:
        for action_id in pairs["action_id"]:
            approve(client, action_id)
    assert company.plan().status == 0
    skus = set(pairs["unique_id"])
    lines = company.table("order_lines")
    lines = lines[lines["unique_id"].isin(skus)]
    tops_up = lines[lines["origin"] == "top_up"]
    assert set(lines["supplier_id"]) == {"S1", "S2"}
    assert set(tops_up["supplier_id"]) == {"S1"}
    assert set(lines.loc[lines["supplier_id"] == "S2", "unique_id"]) == skus
    plan, now = company.table(), company.table("actions")
    assert (plan.loc[sorted(skus), "supplier_id"] == "S2").all()
    assert not len(now[now["unique_id"].isin(skus) & now["kind"].isin(["dual_source", "switch_vendor"])])
    facts = {row.unique_id: json.loads(row.facts) for row in pairs.itertuples()}
    for sku in skus:  # the base supplier's reorder point is the agreed one, a day's forecast later
        assert plan.loc[sku, "reorder_point"] == round(facts[sku]["base_reorder_point"])
    sku, units = tops_up[["unique_id", "quantity"]].iloc[0]
    assert f"S1 tops up, {units:g} there today" in company.page(f"/skus/{sku}")
    assert "Tops up the SKU's other supplier, as agreed" in company.page("/orders/proposals/S1")
    listed = company.page("/orders")
    assert all(supplier in listed for supplier in ("S1", "S2"))
    with client_of(company) as client:
        assert tops_up_served(client) == skus  # the service plans as the plan run does
        order_api.approve(client, "S1")
        proposed = client.get("/v1/orders", params={"supplier_id": "S2"}).json()["orders"]
        assert [row["status"] for row in proposed] == [
            "proposed"
        ]  # the order at S1 answers its own part alone
        assert proposed[0]["lines"] == (lines["supplier_id"] == "S2").sum()
    assert company.plan().status == 0
    again = company.table("order_lines")
    before = lines[lines["supplier_id"] == "S2"].set_index("unique_id")["quantity"]
    after = again[again["supplier_id"] == "S2"].set_index("unique_id")["quantity"]
    assert set(again["supplier_id"]) == {"S2"}
    assert (after[sorted(skus)] == before[sorted(skus)]).all()


@pytest.mark.parametrize("count_on", [0, 1])
def test_an_agreed_lead_time_is_pending_or_counted_on_and_the_pages_say_so(
    company: SmallCompany, count_on: int
) -> None:
    actions, before = company.table("actions"), company.table("lead_time")
    agreement = actions[(actions["kind"] == "lead_time_sla") & (actions["supplier_id"] == "S1")].iloc[0]
    longest = json.loads(agreement["facts"])["longest_days"]
    with client_of(company) as client:
        approve(client, agreement["action_id"], agreed={"count_on": count_on})
    assert company.plan().status == 0
    after, of_s1 = company.table("lead_time"), before["supplier_id"] == "S1"
    sku = next(iter(longest))
    moved = (after.loc[of_s1, "mean"] < before.loc[of_s1, "mean"] - 1e-9).to_numpy()
    assert moved.all() if count_on else not moved.any()
    says = (
        "plans count on it until 8 orders"
        if count_on
        else "pending, plans go by what is learned until 8 orders"
    )
    for page in (f"/skus/{sku}", "/suppliers/S1"):
        assert f"that orders take at most {longest[sku]:.0f} days: {says}" in company.page(page)
