import pytest
from order_api import approve, proposal, write


def test_proposals_add_up_to_the_plan_to_the_cent(client, follower):
    answer = client.get("/v1/orders").json()
    plan = follower.current().snapshot.plan
    expected = (plan["order_quantity"] * plan["unit_price"]).sum()
    assert answer["totals"]["to_decide"]["goods"] == pytest.approx(expected, abs=0.005)
    assert {row["status"] for row in answer["orders"]} == {"proposed"}
    for row in answer["orders"]:
        lines = proposal(client, row["supplier_id"])["lines"]
        assert row["goods"] == pytest.approx(sum(line["goods"] for line in lines), abs=0.005)
        assert row["lines"] == len(lines)


def test_an_edit_makes_a_draft_and_prices_the_line(client):
    seen = proposal(client)
    line = seen["lines"][0]
    edit = {"supplier_id": "north", "version": 0, "plan": seen["plan"]}
    edit["changes"] = [{"unique_id": line["unique_id"], "quantity": line["quantity"] + 10}]
    order = write(client, "edit", **edit)
    assert (order["status"], order["version"], order["created_by"]) == ("draft", 1, "ada")
    changed = order["lines"][0]
    assert (changed["quantity"], changed["edited"]) == (line["quantity"] + 10, True)
    assert order["goods"] == pytest.approx(seen["goods"] + 10 * line["unit_price"])
    assert write(client, "edit", status=200, **edit) == order
    shown = client.get(f"/v1/orders/{order['order_id']}").json()
    assert [event["kind"] for event in shown["events"]] == ["edited", "created"]
    rows = client.get("/v1/orders?supplier_id=north").json()["orders"]
    assert [(row["order_id"], row["goods"]) for row in rows] == [(order["order_id"], order["goods"])]
    totals = client.get("/v1/orders").json()["totals"]
    assert totals["to_decide"]["goods"] == pytest.approx(
        totals["draft"]["goods"] + totals["proposed"]["goods"]
    )


def test_an_order_changed_meanwhile_is_412_with_both_versions(client):
    order = approve(client)
    write(client, "reopen", order_id=order["order_id"], version=1)
    late = write(client, "withdraw", status=412, order_id=order["order_id"], version=1)
    assert (late["code"], late["seen"], late["version"], late["changed_by"]) == ("order_changed", 1, 2, "ada")
    assert "you saw version 1, it is at version 2" in late["detail"]


@pytest.mark.parametrize(
    ("quantity", "term", "words"),
    [
        (
            45,
            "order_multiple",
            "quantity is 45, but orders of sku00 from north are in multiples of 10; order 50",
        ),
        (10, "moq", "quantity is 10, below the MOQ of 20 of sku00 from north; order 20, or drop the line"),
    ],
)
def test_a_quantity_that_breaks_a_term_is_refused_with_term_value_and_fix(client, quantity, term, words):
    check = client.post(
        "/v1/orders/check", json={"supplier_id": "north", "unique_id": "sku00", "quantity": quantity}
    ).json()
    assert [breach["term"] for breach in check["breaches"]] == [term]
    for accept in (False, True):
        refused = write(
            client, "edit", status=422, supplier_id="north", version=0, plan=1, reason="they agreed", accept_breach=accept,
            changes=[{"unique_id": "sku00", "quantity": quantity}],
        )  # fmt: skip
        assert (refused["code"], refused["detail"]) == ("term_broken", words)
        assert refused["breaches"][0]["may_accept"] is False
    assert client.get("/v1/orders?status=draft").json()["orders"] == []


def test_the_check_says_what_the_plan_says_of_its_own_quantity(client, follower):
    lines = follower.current().snapshot.order_lines
    for row in lines.head(6).itertuples():
        body = {"supplier_id": row.supplier_id, "unique_id": row.unique_id, "quantity": row.quantity}
        check = client.post("/v1/orders/check", json=body).json()
        for name in ("goods", "stock_days_now", "stock_days_after"):
            assert check[name] == pytest.approx(getattr(row, name), rel=1e-9), name
        for name in ("risk_if_skipped", "risk_if_ordered"):
            assert check[name] == pytest.approx(getattr(row, name), abs=0.02), name
        assert check["breaches"] == []


def test_more_units_mean_less_risk_and_more_days_and_none_means_the_risk_of_skipping(client):
    checks = [
        client.post(
            "/v1/orders/check", json={"supplier_id": "north", "unique_id": "sku00", "quantity": q}
        ).json()
        for q in (0, 20, 100, 400)
    ]
    risks = [check["risk_if_ordered"] for check in checks]
    assert risks == sorted(risks, reverse=True)
    assert risks[0] == checks[0]["risk_if_skipped"] > risks[-1]
    days = [check["stock_days_after"] for check in checks]
    assert days == sorted(days)
    assert days[0] == checks[0]["stock_days_now"]
    assert client.get("/v1/orders").json()["totals"].keys() == {"to_decide", "proposed"}


def test_a_line_is_added_dropped_and_moved_to_another_supplier(client):
    seen = proposal(client)
    first, both, second = (line["unique_id"] for line in seen["lines"][:3])
    assert int(both[3:]) % 2  # south offers it, too
    order = write(
        client, "edit", supplier_id="north", version=0, plan=1,
        changes=[{"unique_id": first, "quantity": 0}, {"unique_id": both, "supplier_id": "south"}],
    )  # fmt: skip
    quantities = {line["unique_id"]: line["quantity"] for line in order["lines"]}
    assert (quantities[first], quantities[both]) == (0, 0)
    there = client.get("/v1/orders?supplier_id=south").json()["orders"]
    assert [row["status"] for row in there] == ["draft"]
    moved = next(
        line
        for line in client.get(f"/v1/orders/{there[0]['order_id']}").json()["lines"]
        if line["unique_id"] == both
    )
    assert (moved["origin"], moved["unit_price"]) == ("moved", 10.2 + int(both[3:]))
    again = write(
        client, "edit", order_id=order["order_id"], version=1, changes=[{"unique_id": first, "quantity": 40}]
    )
    twice = write(
        client,
        "edit",
        status=422,
        order_id=order["order_id"],
        version=2,
        changes=[{"unique_id": both, "quantity": 40}],
    )
    assert f"{both} is on {there[0]['order_id']} already" in twice["detail"]
    assert again["lines"][0]["quantity"] == 40
    refused = write(
        client, "edit", status=422, order_id=order["order_id"], version=2,
        changes=[{"unique_id": second, "supplier_id": "elsewhere"}],
    )  # fmt: skip
    assert "elsewhere has no offer" in refused["detail"]


def test_a_sku_that_is_on_another_order_is_not_ordered_twice(client):
    order = approve(client)
    sku = next(line["unique_id"] for line in order["lines"] if int(line["unique_id"][3:]) % 2)
    refused = write(
        client,
        "edit",
        status=422,
        supplier_id="south",
        version=0,
        plan=1,
        changes=[{"unique_id": sku, "quantity": 20}],
    )
    assert f"{sku} is on {order['order_id']} already" in refused["detail"]


def test_an_export_is_a_download_and_the_same_again(client):
    order = approve(client)
    path = f"/v1/orders/{order['order_id']}/export"
    first = client.post(path, json={"who": "ada"})
    again = client.post(path, json={"who": "bob", "format": "csv"})
    assert first.content == again.content
    assert first.headers["etag"] == again.headers["etag"]
    assert first.headers["content-disposition"] == f'attachment; filename="{order["order_id"]}.csv"'
    assert "x-already-exported" not in first.headers
    assert "by ada" in again.headers["x-already-exported"]
    document = client.post(path, json={"who": "bob", "format": "json"}).json()
    total = sum(row["quantity"] * row["unit_price"] for row in document["order_lines"])
    assert total == pytest.approx(order["goods"], abs=0.005)
    exported = client.get(f"/v1/orders/{order['order_id']}").json()
    assert (exported["status"], exported["exported_by"], exported["version"]) == ("exported", "ada", 2)
    refused = write(client, "withdraw", status=409, order_id=order["order_id"], version=2)
    assert "cancel it in the ERP system" in refused["detail"]


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        ({"what": "approve", "version": 0, "who": "ada"}, 422, "order_id: give it"),
        ({"what": "approve", "order_id": "x", "supplier_id": "y", "version": 0, "who": "ada"}, 422, "not both"),
        ({"what": "approve", "order_id": "PV-1", "version": 0, "who": "ada"}, 404, "no purchase order PV-1"),
        ({"what": "approve", "supplier_id": "nobody", "version": 0, "plan": 1, "who": "ada"}, 404, "no supplier nobody"),
        ({"what": "approve", "supplier_id": "north", "version": 0, "who": "ada"}, 422, "plan: the number"),
        ({"what": "approve", "supplier_id": "north", "version": 2, "plan": 1, "who": "ada"}, 422, "version 0"),
        ({"what": "approve", "supplier_id": "north", "version": 0, "plan": 7, "who": "ada"}, 412, "you saw plan 7"),
        ({"what": "withdraw", "supplier_id": "north", "version": 0, "plan": 1, "who": "ada"}, 422, "leave it"),
        ({"what": "buy", "version": 0}, 422, 'what is "buy"'),
        ({"what": "edit", "supplier_id": "north", "version": 0, "plan": 1, "who": "ada"}, 422, "nothing is changed"),
        (
            {"what": "edit", "supplier_id": "north", "version": 0, "plan": 1, "who": "ada", "order_on": "2024-07-14"},
            422,
            "order_on is 2024-07-14, which is over",
        ),
        (
            {
                "what": "edit", "supplier_id": "north", "version": 0, "plan": 1, "who": "ada",
                "changes": [{"unique_id": "sku00", "quantity": -5}],
            },
            422,
            "changes.0.quantity is -5",
        ),
        (
            {
                "what": "edit", "supplier_id": "north", "version": 0, "plan": 1, "who": "ada",
                "changes": [{"unique_id": "sku00", "due": "2024-07-01"}],
            },
            422,
            "due of sku00 is 2024-07-01, before its order goes out on 2024-07-15",
        ),
        (
            {
                "what": "edit", "supplier_id": "north", "version": 0, "plan": 1, "who": "ada",
                "changes": [{"unique_id": "sku00", "quantity": 40}, {"unique_id": "sku00", "quantity": 50}],
            },
            422,
            "sku00 stands there twice",
        ),
        (
            {
                "what": "approve", "supplier_id": "north", "version": 0, "plan": 1, "who": "ada",
                "changes": [{"unique_id": "sku00", "quantity": 40}],
            },
            422,
            "only an edit changes lines",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_one_problem_and_nothing_is_stored(client, body, status, words):
    answer = client.post("/v1/orders", json=body)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert words in answer.json()["detail"]
    assert set(client.get("/v1/orders").json()["totals"]) == {"to_decide", "proposed"}


@pytest.mark.parametrize("path", ["/v1/orders?status=done", "/v1/orders?suplier=north", "/v1/orders?limit=x"])
def test_a_query_that_cannot_be_meant_is_a_problem(client, path):
    assert client.get(path).status_code == 422


def test_another_sites_page_changes_nothing(client):
    for path in ("/v1/orders", "/v1/orders/PV-1/export", "/v1/orders/export"):
        assert client.post(path, json={}, headers={"origin": "http://evil"}).status_code == 403


def test_a_format_that_there_is_not_names_those_there_are(client):
    order = approve(client)
    answer = client.post(f"/v1/orders/{order['order_id']}/export", json={"who": "ada", "format": "sap.csv"})
    assert answer.status_code == 422
    assert "odoo, erpnext, frepple, aws" in answer.json()["detail"]


def test_the_description_names_every_field_that_orders_have(client):
    document = client.get("/docs.json").json()
    assert {"get", "post"} == set(document["paths"]["/v1/orders"])
    schemas = document["components"]["schemas"]
    schema, listed, checked = (schemas[name] for name in ("Order", "OrderList", "LineCheck"))
    order = client.get(f"/v1/orders/{approve(client)['order_id']}").json()
    assert set(order) == set(schema["properties"])
    assert set(order["lines"][0]) == set(schema["properties"]["lines"]["items"]["properties"])
    rows = client.get("/v1/orders").json()["orders"]
    assert set(rows[0]) == set(listed["properties"]["orders"]["items"]["properties"])
    check = client.post(
        "/v1/orders/check", json={"supplier_id": "south", "unique_id": "sku01", "quantity": 400}
    ).json()
    assert set(check) == set(checked["properties"])
