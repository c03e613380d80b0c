from datetime import timedelta

import pytest
from access_homes import client_of

from configs.access import AccessConfig
from database.access import api_keys as stored
from database.access.api_keys import add_key, list_keys, revoke_key, rotate_key
from database.access.users import disable_user, set_limit, set_roles
from database.schema import utc_now
from serving.identity import api_keys
from serving.identity.api_keys import ApiKeys

CLOSED = AccessConfig()


@pytest.fixture(autouse=True)
def _nothing_stays_fresh(monkeypatch):
    """Every request looks its key up."""
    monkeypatch.setattr(api_keys, "FRESH_SECONDS", -1.0)


def ask(client, secret: str, path="/docs.json", method="GET"):
    return client.request(method, path, headers={"authorization": f"Bearer {secret}"})


def test_a_key_asks_with_its_roles_and_is_seen_to_be_used(follower):
    key, secret = add_key(follower.engine, "erp", ["viewer"])
    client = client_of(follower, CLOSED, peer="10.0.0.7")
    assert key.last_used_at is None
    assert ask(client, secret).status_code == 200
    assert ask(client, secret, "/v1/overrides", "POST").json()["code"] == "role_needed"
    assert list_keys(follower.engine)[0].last_used_at is not None


def test_a_key_that_is_revoked_or_over_opens_nothing(follower):
    client = client_of(follower, CLOSED)
    _, revoked = add_key(follower.engine, "one", ["viewer"])
    _, over = add_key(follower.engine, "two", ["viewer"], expires_at=utc_now() - timedelta(seconds=1))
    assert ask(client, revoked).status_code == 200
    assert revoke_key(follower.engine, "one") == 1
    for secret, why in ((revoked, "is revoked"), (over, "is expired")):
        answer = ask(client, secret)
        assert (answer.status_code, answer.json()["code"]) == (401, "key_refused")
        assert why in answer.json()["detail"]
        assert 'error="invalid_token"' in answer.headers["www-authenticate"]


def test_a_rotated_key_opens_as_long_as_it_is_kept_and_the_new_one_from_now_on(follower):
    client = client_of(follower, CLOSED)
    _, first = add_key(follower.engine, "erp", ["viewer"])
    _, second = rotate_key(follower.engine, "erp", keep_for=timedelta(hours=1))
    assert [ask(client, secret).status_code for secret in (first, second)] == [200, 200]
    _, third = rotate_key(follower.engine, "erp", keep_for=timedelta(0))
    assert [ask(client, secret).status_code for secret in (first, second, third)] == [401, 401, 200]


def test_a_persons_key_asks_in_their_name_while_they_may(follower):
    _, secret = add_key(follower.engine, "script", ["planner", "admin"], owner="planner")
    client = client_of(follower, CLOSED)
    refused = ask(client, secret, "/orders", "POST")
    assert "planner has planner" in refused.json()["detail"], "no more than its owner may"
    set_roles(follower.engine, "planner", ["viewer"])
    assert ask(client, secret).status_code == 403, "none of its roles is its owner's any more"
    disable_user(follower.engine, "planner")
    assert ask(client, secret).status_code == 401


@pytest.mark.parametrize(
    ("owner", "of_key", "of_owner", "least"),
    [
        ("approver", None, None, 50_000.0),
        ("approver", 1e9, None, 50_000.0),  # no more than its owner
        ("approver", 200.0, None, 200.0),
        ("approver", 1e9, 70_000.0, 70_000.0),
        ("approver", 0.0, None, 0.0),
        (None, 1e6, None, 1e6),  # nobody's key has the limit that it was given
    ],
)
def test_a_key_approves_within_its_limit_and_its_owners(follower, owner, of_key, of_owner, least):
    if of_owner is not None:
        set_limit(follower.engine, "approver", of_owner)
    _, secret = add_key(follower.engine, "script", ["approver"], owner=owner, approval_limit=of_key)
    config = AccessConfig(limits={"buyer": 1_000, "approver": 50_000})
    approver = ApiKeys(lambda: follower.engine).find(secret, "127.0.0.1", config).approver
    assert (approver.limit, approver.may_approve) == (least, least > 0)


def test_wrong_keys_cost_no_slow_hash_and_keep_no_right_one_of_their_address_out(follower, monkeypatch):
    key, secret = add_key(follower.engine, "erp", ["viewer"])
    hashed, verify = [], stored.verify_secret
    monkeypatch.setattr(stored, "verify_secret", lambda *given: hashed.append(1) or verify(*given))
    client = client_of(follower, CLOSED)
    guesses = [f"pv_{key.prefix}_{n:043}" for n in range(15)] + [
        "pv_",
        "pv_x",
        "pv_aaaaaaaa_b",
        f"pv_{key.prefix}_",
    ]
    assert {ask(client, guess).status_code for guess in guesses} == {401}
    statuses = [ask(client, f"pv_{key.prefix}_{n:043}").status_code for n in range(30)]
    assert (statuses[-1], hashed) == (429, [])
    assert ask(client, secret).status_code == 200


def test_a_known_key_is_hashed_once_and_looked_up_no_more_than_needed(follower, monkeypatch):
    monkeypatch.setattr(api_keys, "FRESH_SECONDS", 60.0)
    _, secret = add_key(follower.engine, "erp", ["viewer"])
    hashed, looked = [], []
    verify, reload = stored.verify_secret, api_keys.reload_key
    monkeypatch.setattr(stored, "verify_secret", lambda *given: hashed.append(1) or verify(*given))
    monkeypatch.setattr(api_keys, "reload_key", lambda *given: looked.append(1) or reload(*given))
    client = client_of(follower, CLOSED)
    assert {ask(client, secret).status_code for _ in range(20)} == {200}
    assert (len(hashed), len(looked)) == (1, 0)


@pytest.mark.parametrize("header", ["Basic dTpw", "Bearer", "Bearer  ", "pv_abc", "Token x"])
def test_a_header_that_is_no_bearer_is_refused_and_not_read_as_somebody_else(follower, header):
    answer = client_of(follower).get("/docs.json", headers={"authorization": header})
    assert (answer.status_code, answer.json()["code"]) == (401, "not_identified")


def test_a_wrong_key_is_not_made_good_by_open_access(follower):
    assert ask(client_of(follower), "pv_aaaaaaaa_bbbb").status_code == 401
