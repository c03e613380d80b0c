import base64
import json
import time

import pytest
from access_homes import client_of
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey
from local_issuer import serve_issuer

from configs.access import AccessConfig, OidcConfig, OidcRoles
from database.access.users import add_user, disable_user
from serving.identity import bearer_tokens
from serving.identity.key_set import PAUSE_SECONDS, IssuerKeys, IssuerKeysError


@pytest.fixture
def issuer():
    with serve_issuer() as issuer:
        yield issuer


@pytest.fixture
def config(issuer):
    roles = OidcRoles(buyer=("buying",), viewer=("all", "everybody"))
    return AccessConfig(oidc=OidcConfig(issuer=issuer.root, audience="purvey", roles=roles))


@pytest.fixture
def ask(follower, config):
    """Asks with a bearer token."""
    client = client_of(follower, config, peer="10.0.0.7")

    def ask(token, path="/docs.json", method="GET"):
        return client.request(method, path, headers={"authorization": f"Bearer {token}"})

    return ask


def test_a_token_of_the_issuer_asks_with_the_roles_that_its_claim_maps_to(issuer, ask):
    assert ask(issuer.token()).status_code == 200
    assert ask(issuer.token(roles="everybody")).status_code == 200
    refused = ask(issuer.token(), "/v1/overrides", "POST")
    assert refused.json()["detail"] == "POST /v1/overrides takes the role planner; u-1 has buyer"
    assert ask(issuer.token(roles=["planner", 7])).status_code == 403, (
        "a value is no role unless it is mapped"
    )
    assert ask(issuer.token(roles=None)).status_code == 403


@pytest.mark.parametrize(
    "wrong",
    [
        {"iss": "https://other.example"},
        {"iss": None},
        {"aud": "another service"},
        {"aud": ["another", "services"]},
        {"aud": None},
        {"exp": int(time.time()) - 3600},
        {"exp": None},
        {"exp": "soon"},
        {"nbf": int(time.time()) + 3600},
        {"sub": None},
        {"sub": ""},
    ],
)
def test_a_token_that_is_not_for_us_or_not_in_force_is_refused(issuer, ask, wrong):
    answer = ask(issuer.token(**wrong))
    assert (answer.status_code, answer.json()["code"]) == (401, "token_refused"), wrong


def test_clocks_may_be_a_little_off(issuer, ask):
    now = int(time.time())
    assert ask(issuer.token(exp=now - 20, nbf=now + 20)).status_code == 200
    assert ask(issuer.token(exp=now - 120)).status_code == 401
    assert ask(issuer.token(aud=["purvey", "another"])).status_code == 200


def part(document) -> str:
    return base64.urlsafe_b64encode(json.dumps(document).encode()).rstrip(b"=").decode()


def test_a_token_that_nobody_signed_is_refused(issuer, ask):
    body = part(issuer.claims())
    for header in ({"alg": "none"}, {"alg": "None", "kid": "first"}, {"alg": "ES256", "kid": "first"}):
        assert ask(f"{part(header)}.{body}.").status_code == 401, header


def test_a_token_signed_by_anything_but_the_issuers_key_is_refused(issuer, ask):
    forged = ECKey.generate_key("P-256", {"kid": "first"})
    assert (
        ask(jwt.encode({"alg": "ES256", "kid": "first"}, issuer.claims(), forged, ["ES256"])).status_code
        == 401
    )
    embedded = {"alg": "ES256", "kid": "first", "jwk": forged.as_dict(private=False)}
    assert ask(jwt.encode(embedded, issuer.claims(), forged, ["ES256"])).status_code == 401
    public = OctKey.import_key(json.dumps(issuer.published[0]).encode())
    hmac = jwt.encode({"alg": "HS256", "kid": "first"}, issuer.claims(), public, ["HS256"])
    assert ask(hmac).status_code == 401
    head, body, signature = issuer.token().split(".")
    assert ask(f"{head}.{part(issuer.claims(sub='ceo'))}.{signature}").status_code == 401
    for text in ("x", "x.y", "x.y.z", f"{head}.{body}", "a" * 20_000):
        assert ask(text).status_code == 401, text[:20]


def test_a_shared_secret_among_the_issuers_keys_is_no_key(issuer, ask):
    shared = OctKey.generate_key(256, {"kid": "shared"})
    issuer.published.append(shared.as_dict(private=True))
    assert (
        ask(jwt.encode({"alg": "HS256", "kid": "shared"}, issuer.claims(), shared, ["HS256"])).status_code
        == 401
    )


def test_a_new_key_is_fetched_once_and_a_withdrawn_one_ages(issuer):
    now = [0.0]
    keys = IssuerKeys(OidcConfig(issuer=issuer.root, audience="purvey"), clock=lambda: now[0])
    assert [key.kid for key in keys.current()] == ["first"]
    issuer.renew("second")
    assert [key.kid for key in keys.current(newer=True)] == ["first"], "not so soon"
    now[0] = PAUSE_SECONDS
    for _ in range(5):
        assert [key.kid for key in keys.current(newer=True)] == ["first", "second"]
    assert issuer.fetches == 2
    issuer.published.pop(0)
    now[0] += 700
    assert [key.kid for key in keys.current()] == ["second"]


def test_an_issuer_that_is_away_keeps_nobody_out_whose_key_is_known(issuer):
    now = [0.0]
    keys = IssuerKeys(OidcConfig(issuer=issuer.root, audience="purvey"), clock=lambda: now[0])
    keys.current()
    issuer.published.clear()
    now[0] = 1000.0
    assert [key.kid for key in keys.current()] == ["first"]
    now[0] = 1e6
    with pytest.raises(IssuerKeysError, match="cannot be fetched"):
        keys.current()


def test_keys_that_cannot_be_had_are_a_503_and_are_not_asked_for_again_and_again(issuer, ask):
    issuer.published.clear()
    answers = [ask(issuer.token()) for _ in range(4)]
    assert {answer.status_code for answer in answers} == {503}
    assert issuer.fetches == 1


def test_tokens_with_unknown_key_ids_do_not_make_us_ask_the_issuer_each_time(issuer, ask):
    ask(issuer.token())
    issuer.renew("unpublished")
    issuer.published.pop()
    assert {ask(issuer.token()).status_code for _ in range(4)} == {401}
    assert issuer.fetches <= 2


def test_somebody_who_is_disabled_here_is_kept_out_with_any_token(follower, issuer, ask, monkeypatch):
    monkeypatch.setattr(bearer_tokens, "FRESH_SECONDS", -1.0)
    add_user(follower.engine, "u-1", [])
    disable_user(follower.engine, "U-1")
    answer = ask(issuer.token())
    assert answer.status_code == 401
    assert "u-1 is disabled here" in answer.json()["detail"]


def test_without_an_issuer_no_token_is_taken(follower, issuer):
    client = client_of(follower, AccessConfig())
    answer = client.get("/docs.json", headers={"authorization": f"Bearer {issuer.token()}"})
    assert (answer.status_code, answer.json()["code"]) == (401, "token_refused")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"issuer": "https://id.example"}, "audience is needed"),
        ({"issuer": "http://id.example", "audience": "x"}, "is no https address"),
        (
            {"issuer": "https://id.example", "audience": "x", "jwks_url": "file:///etc/keys"},
            "is no https address",
        ),
        ({"issuer": "https://id.example", "audience": "x", "algorithms": ("none",)}, "Input should be"),
        ({"issuer": "https://id.example", "audience": "x", "algorithms": ("HS256",)}, "Input should be"),
    ],
)
def test_an_issuer_that_could_not_be_trusted_is_no_config(options, words):
    with pytest.raises(ValueError, match=words):
        OidcConfig(**options)
