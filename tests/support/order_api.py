"""Requests to `/v1/orders` for tests: what is proposed, an order written, one approved."""


def proposal(client, supplier="north"):
    return client.get(f"/v1/orders/proposals/{supplier}").json()


def write(client, what, *, status=201, **more):
    answer = client.post("/v1/orders", json={"what": what, "who": "ada", **more})
    assert answer.status_code == status, answer.text
    return answer.json()


def approve(client, supplier="north"):
    seen = proposal(client, supplier)
    return write(client, "approve", supplier_id=supplier, version=0, plan=seen["plan"])
