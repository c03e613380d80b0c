"""Today's orders in the browser without JavaScript: looked at, edited, approved, exported, taken back."""

import io
import re
import shutil

import pandas as pd
import pytest
from clients import person_client

from database.settings import Settings
from jobs.plan import run_plan
from serving.orders.order_view import orders_now
from serving.orders.proposals import order_lines

HTML = {"accept": "text/html,*/*"}


@pytest.fixture
def client(follower):
    return person_client(follower, headers=HTML, follow_redirects=False)


@pytest.fixture
def supplier(follower) -> str:
    """The supplier with most lines to order today."""
    return order_lines(follower.current())["supplier_id"].value_counts().index[0]


def fields(page: str) -> dict[str, str]:
    """The fields of the order's form as a browser would send them unchanged."""
    form = page[page.index('<form id="order"') :]
    form = form[: form.index("</form>")]
    found = {}
    for tag in re.findall(r"<input [^>]*>", form):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and "checkbox" not in tag:
            found[name[1]] = value[1] if value else ""
    return found


def text(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text))


def test_the_list_sums_up_to_what_the_plan_orders(client, follower) -> None:
    lines = order_lines(follower.current())
    page = text(client.get("/orders"))
    assert f"to decide {lines['supplier_id'].nunique()} order" in page
    assert f"lines {len(lines)}" in page
    goods = (lines["quantity"] * lines["unit_price"]).sum()
    assert f"goods {goods:,.0f} EUR" in page
    table = pd.read_csv(io.BytesIO(client.get("/orders.csv").content))
    assert table["goods"].sum() == pytest.approx(goods)
    assert set(table["unique_id"]) == set(lines["unique_id"])


def test_a_header_sorts_and_a_second_click_turns_it_round(client) -> None:
    first = client.get("/orders?sort=-goods").text
    assert 'aria-sort="descending"' in first
    assert "sort=goods" in first
    goods = [float(found.replace(",", "")) for found in re.findall(r"<b>([\d,]+\.\d\d)</b> <span", first)]
    assert goods == sorted(goods, reverse=True)
    assert len(goods) > 1


def test_an_order_shows_each_line_with_stock_and_risk_without_and_with_it(client, follower, supplier) -> None:
    lines = order_lines(follower.current()).query("supplier_id == @supplier")
    page = client.get(f"/orders/proposals/{supplier}")
    assert page.status_code == 200
    for sku in lines["unique_id"]:
        assert f"/skus/{sku}" in page.text
    assert "risk if skipped" in page.text
    assert f"{lines['goods'].sum():,.2f}" in page.text


def test_a_check_shows_the_new_numbers_and_stores_nothing(client, follower, supplier) -> None:
    page = client.get(f"/orders/proposals/{supplier}").text
    sent = fields(page)
    more = float(sent["quantity-0"]) * 3
    answer = client.post(
        f"/orders/proposals/{supplier}", data=sent | {"quantity-0": f"{more:g}", "what": "check"}
    )
    assert answer.status_code == 200
    assert f'value="{more:,.0f}"' in answer.text
    assert "plan: " in answer.text
    assert all(row.status == "proposed" for row in orders_now(follower).orders)


def test_an_edit_makes_a_draft_and_approving_it_takes_it_out_of_what_is_to_decide(
    client, follower, supplier
) -> None:
    sent = fields(client.get(f"/orders/proposals/{supplier}").text)
    more = float(sent["quantity-0"]) * 2
    answer = client.post(
        f"/orders/proposals/{supplier}",
        data=sent | {"quantity-0": f"{more:g}", "what": "edit", "reason": "fair next week"},
    )
    assert answer.status_code == 303, text(answer)
    page = client.get(answer.headers["location"])
    assert "draft" in page.text
    assert "fair next week" in page.text
    approved = client.post(answer.headers["location"], data=fields(page.text) | {"what": "approve"})
    assert approved.headers["location"].startswith("/orders?done=")
    said = text(client.get(approved.headers["location"]))
    assert "Approved:" in said
    assert not any(
        row.supplier_id == supplier for row in orders_now(follower).orders if row.status == "proposed"
    )
    order = next(row for row in orders_now(follower).orders if row.status == "approved")
    assert more in {line.quantity for line in order.order.lines}


def test_ticked_orders_are_approved_together_and_one_that_cannot_be_leaves_the_others(
    client, follower
) -> None:
    page = client.get("/orders").text
    ticks = re.findall(r'name="order" value="([^"]*)"', page)[:2]
    stale = "proposal|north|999"
    answer = client.post("/orders", data={"order": [*ticks, stale]})
    assert answer.status_code == 303
    said = text(client.get(answer.headers["location"]))
    assert "you saw plan 999" in said
    assert sum(row.status == "approved" for row in orders_now(follower).orders) == len(ticks)


def test_an_approved_order_is_exported_once_and_can_be_downloaded_again(client, follower) -> None:
    reference = re.search(r'name="order" value="([^"]*)"', client.get("/orders").text)[1]
    done = client.post("/orders", data={"one": reference}).headers["location"]
    order_id = done.split("done=")[1]
    first = client.post(f"/orders/{order_id}/export", data={"format": "csv"})
    assert first.status_code == 200
    assert order_id in first.headers["content-disposition"]
    again = client.post(f"/orders/{order_id}/export", data={"format": "csv"})
    assert again.content == first.content
    assert "already exported" in again.headers["x-already-exported"]
    assert "exported" in client.get(f"/orders/{order_id}").text
    undone = client.post(f"/orders/{order_id}", data={"what": "withdraw", "version": "3"})
    assert undone.status_code in {412, 422}
    assert "Not saved." in undone.text


def test_approved_orders_that_are_ticked_are_exported_in_one_file(client, follower) -> None:
    ticks = re.findall(r'name="order" value="([^"]*)"', client.get("/orders").text)
    client.post("/orders", data={"order": ticks})
    page = client.get("/orders?status=approved").text
    assert 'formaction="/orders/export"' in page
    ids = re.findall(r'name="order" value="([^"]*)"', page)
    assert len(ids) == len(ticks) > 1
    goods = sum(row.goods for row in orders_now(follower).orders if row.status == "approved")
    file = client.post("/orders/export", data={"order": ids, "format": "csv"})
    assert file.status_code == 200
    table = pd.read_csv(io.BytesIO(file.content))
    assert table["goods"].sum() == pytest.approx(goods)
    assert set(table["order_id"]) == set(ids)
    assert "together with" in client.get(f"/orders/{ids[0]}").text
    late = client.post("/orders/export", data={"order": ids[:2], "format": "csv"})
    assert "nothing was exported" in text(client.get(late.headers["location"]))
    none = client.post("/orders/export", data={"format": "csv"})
    assert "no order is named" in text(client.get(none.headers["location"]))


def test_below_the_suppliers_minimum_approving_asks_for_a_reason_and_loses_nothing(
    client, follower, home, company, tmp_path
) -> None:
    shutil.copytree(company, tmp_path / "source")
    path = tmp_path / "source" / "suppliers.csv"
    pd.read_csv(path).assign(minimum_order_value=2000.0).to_csv(path, index=False)
    run_plan(Settings(home=home), source=str(tmp_path / "source"), out=home / "out")
    follower.refresh()
    sent = fields(client.get("/orders/proposals/north").text)
    edited = sent | {f"drop-{n}": "yes" for n in range(1, 99) if f"sku-{n}" in sent}
    refused = client.post(
        "/orders/proposals/north", data=edited | {"what": "approve", "accept": "yes", "reason": "few"}
    )
    assert refused.status_code == 422
    assert "Not approved." in refused.text
    assert "below its minimum of 2000" in text(refused)
    assert 'value="few"' in refused.text
    assert "approve it all the same" in refused.text
    draft = next(row for row in orders_now(follower).orders if row.status == "draft")
    assert draft.lines == 1, "what was edited is kept"
    where = f"/orders/{draft.order_id}"
    assert f'action="{where}"' in refused.text
    again = fields(refused.text) | {"what": "approve"}
    assert client.post(where, data=again).status_code == 422
    done = client.post(where, data=again | {"accept": "yes"})
    assert done.headers["location"] == f"/orders?done={draft.order_id}"
    assert re.search(
        r"although the order to north is worth [^;]* below its minimum of 2000 ?:", text(client.get(where))
    )


def test_what_somebody_else_changed_is_412_with_both_versions_and_what_was_entered(client, supplier) -> None:
    sent = fields(client.get(f"/orders/proposals/{supplier}").text)
    more = f"{float(sent['quantity-0']) * 2:g}"
    made = client.post(f"/orders/proposals/{supplier}", data=sent | {"quantity-0": more, "what": "edit"})
    where = made.headers["location"]
    mine = fields(client.get(where).text)
    client.post(where, data=mine | {"what": "comment", "reason": "hello"})
    client.post(where, data=mine | {"quantity-0": f"{float(more) * 2:g}", "what": "edit", "who": "bob"})
    late = client.post(where, data=mine | {"quantity-0": f"{float(more) * 3:g}", "what": "edit"})
    assert late.status_code == 412
    assert "was changed meanwhile" in late.text


def test_nonsense_in_a_quantity_says_which_sku_and_keeps_the_rest(client, supplier) -> None:
    sent = fields(client.get(f"/orders/proposals/{supplier}").text)
    answer = client.post(f"/orders/proposals/{supplier}", data=sent | {"quantity-0": "many", "what": "edit"})
    assert answer.status_code == 422
    assert f"of {sent['sku-0']} is no number of units" in re.sub(r"&#39;", "'", answer.text)


def test_an_unknown_order_or_supplier_is_a_404_page(client) -> None:
    for path in ("/orders/PV-2026-999999", "/orders/proposals/nobody"):
        assert client.get(path).status_code == 404
