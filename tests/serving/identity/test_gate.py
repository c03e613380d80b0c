import pytest
from access_homes import client_of
from clients import LOCAL, TRUSTING

from configs.access import AccessConfig, ProxyConfig
from database.settings import Settings

NAMED = {"x-forwarded-user": "viewer"}
PEOPLE = {"accept": "text/html"}


def code(answer, status: int) -> str:
    assert answer.status_code == status, answer.text
    return answer.json()["code"]


def test_open_access_is_one_named_local_user_and_every_page_says_so(follower):
    page = client_of(follower).get("/", headers=PEOPLE)
    assert page.status_code == 200
    assert "Open access." in page.text
    assert "local user (open access)" in page.text


@pytest.mark.parametrize("peer", ["10.0.0.7", "192.168.1.2", "2001:db8::1", "", "testclient"])
def test_open_access_is_closed_to_whoever_comes_from_elsewhere(follower, peer):
    assert code(client_of(follower, peer=peer).get("/v1/suppliers"), 403) == "access_not_configured"


@pytest.mark.parametrize("header", ["x-forwarded-for", "forwarded", "via", "x-forwarded-host"])
def test_open_access_is_closed_to_what_a_proxy_passes_on(follower, header):
    assert code(client_of(follower).get("/v1/suppliers", headers={header: "127.0.0.1"}), 403)


@pytest.mark.parametrize("peer", ["127.0.0.1", "::1", "::ffff:127.0.0.1", "127.8.8.8"])
def test_open_access_is_open_at_loopback(follower, peer):
    assert client_of(follower, peer=peer).get("/docs.json").status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:3000", "purvey.test:x", "", "[::1",
             "purvey.test.:80", "user@localhost"],
)  # fmt: skip
def test_a_host_that_is_not_ours_is_refused_though_it_leads_here(follower, host):
    client = client_of(follower, AccessConfig(hosts=("purvey.test",), proxy=TRUSTING.proxy))
    assert code(client.get("/docs.json", headers={"host": host} | NAMED), 421) == "unknown_host"
    client = client_of(follower)
    assert code(client.post("/v1/plan", json={}, headers={"host": host or "x"}), 421) == "unknown_host"


@pytest.mark.parametrize(
    "host", ["purvey.test", "PURVEY.test:8443", "localhost:3000", "127.0.0.1", "[::1]:80", "[::1]"]
)
def test_hosts_of_the_list_and_loopback_are_ours(follower, host):
    client = client_of(follower, AccessConfig(hosts=("purvey.test",), proxy=TRUSTING.proxy))
    assert client.get("/docs.json", headers={"host": host} | NAMED).status_code == 200


def test_a_host_that_is_there_twice_is_refused(follower):
    client = client_of(follower)
    answer = client.get("/docs.json", headers=[("host", "localhost"), ("host", "evil.example")])
    assert code(answer, 421) == "unknown_host"


@pytest.mark.parametrize(
    ("headers", "let_in"),
    [
        ({"origin": LOCAL}, True),
        ({"origin": LOCAL, "sec-fetch-site": "same-origin"}, True),
        ({}, True),
        ({"origin": "https://127.0.0.1:3000"}, False),
        ({"origin": "http://127.0.0.1"}, False),
        ({"origin": "http://evil.example"}, False),
        ({"origin": "null"}, False),
        ({"origin": "//["}, False),
        ({"sec-fetch-site": "cross-site"}, False),
        ({"sec-fetch-site": "same-site"}, False),
    ],
)
def test_what_changes_something_comes_from_our_own_origin(follower, headers, let_in):
    answer = client_of(follower).post(
        "/v1/decisions", json={"action_id": "x", "verdict": "approve"}, headers=headers
    )
    assert (answer.json()["code"] != "foreign_origin") is let_in


def test_behind_tls_forms_come_from_https(follower):
    client = client_of(follower, AccessConfig(tls=True, proxy=TRUSTING.proxy, hosts=("purvey.test",)))
    own = {"host": "purvey.test", **NAMED}
    http = client.post("/v1/plan", json={}, headers={"origin": "http://purvey.test", **own})
    https = client.post("/v1/plan", json={}, headers={"origin": "https://purvey.test", **own})
    assert code(http, 403) == "foreign_origin"
    assert https.status_code == 404  # let in: the typed API is not mounted here


def test_a_name_in_a_header_counts_only_from_a_trusted_proxy(follower):
    assert client_of(follower, TRUSTING).get("/docs.json", headers=NAMED).status_code == 200
    assert code(client_of(follower, TRUSTING, peer="10.0.0.9").get("/docs.json", headers=NAMED), 401)
    assert code(client_of(follower, AccessConfig()).get("/docs.json", headers=NAMED), 401) == "not_identified"


def test_an_address_passed_on_does_not_make_a_caller_a_proxy(follower):
    client = client_of(follower, TRUSTING, peer="10.0.0.9")
    forged = NAMED | {"x-forwarded-for": "127.0.0.1", "x-real-ip": "127.0.0.1", "forwarded": "for=127.0.0.1"}
    assert code(client.get("/docs.json", headers=forged), 401) == "not_identified"


def test_a_proxy_that_passes_on_what_it_was_sent_is_not_believed(follower):
    answer = client_of(follower, TRUSTING).get(
        "/docs.json", headers=[("x-forwarded-user", "admin"), ("x-forwarded-user", "viewer")]
    )
    assert code(answer, 401) == "two_names"


@pytest.mark.parametrize(
    ("addresses", "peer", "sent", "status"),
    [
        ((), "10.0.0.9", "s3cret", 200),
        ((), "10.0.0.9", "S3cret", 401),
        ((), "10.0.0.9", None, 401),
        (("10.0.0.0/24",), "10.0.0.9", "s3cret", 200),
        (("10.0.0.0/24",), "10.0.1.9", "s3cret", 401),
        (("10.0.0.0/24",), "10.0.0.9", "", 401),
    ],
)
def test_a_proxy_is_known_by_its_secret_and_where_both_are_set_by_its_address_too(
    follower, monkeypatch, addresses, peer, sent, status
):
    monkeypatch.setattr(follower, "settings", Settings(home=follower.settings.home, proxy_secret="s3cret"))
    client = client_of(
        follower, AccessConfig(proxy=ProxyConfig(addresses=addresses, roles=("viewer",))), peer=peer
    )
    headers = NAMED | ({} if sent is None else {"x-purvey-proxy-secret": sent})
    assert client.get("/docs.json", headers=headers).status_code == status


def test_somebody_without_a_role_is_told_which_it_takes(follower):
    client = client_of(follower, AccessConfig(proxy=ProxyConfig(addresses=("127.0.0.1",))))
    stranger = client.get("/docs.json", headers={"x-forwarded-user": "stranger"})
    assert code(stranger, 403) == "role_needed"
    assert "stranger has no role" in stranger.json()["detail"]
    page = client.post("/overrides", headers=NAMED | PEOPLE | {"content-type": "application/json"})
    assert page.status_code == 403
    assert "takes the role planner; viewer has viewer" in page.text


def test_who_is_not_known_is_led_to_the_login_or_told_how_to_identify(follower):
    client = client_of(follower, AccessConfig())
    page = client.get("/orders?status=approved", headers=PEOPLE)
    assert (page.status_code, page.headers["location"]) == (303, "/login?next=%2Forders%3Fstatus%3Dapproved")
    program = client.get("/v1/orders")
    assert code(program, 401) == "not_identified"
    assert program.headers["www-authenticate"] == 'Bearer realm="purvey"'


def test_a_config_that_cannot_be_used_lets_nobody_in(follower):
    follower.settings.access_file.write_text("hosts: [http://here/]\n")
    answer = client_of(follower).get("/docs.json")
    assert code(answer, 503) == "access_not_usable"
    assert "is no host name" in answer.json()["detail"]


def test_an_empty_file_asks_for_logins(follower):
    follower.settings.access_file.write_text("")
    assert code(client_of(follower).get("/docs.json"), 401) == "not_identified"


def test_a_name_that_a_request_gives_itself_is_refused_unless_it_is_the_callers(follower):
    client = client_of(follower, TRUSTING)
    body = {"kind": "comment", "text": "hello", "who": "The CEO"}
    answer = client.post("/v1/recommendations/x/notes", json=body, headers={"x-forwarded-user": "ada"})
    assert code(answer, 403) == "not_you"
    own = client.post(
        "/v1/recommendations/x/notes", json=body | {"who": "ada"}, headers={"x-forwarded-user": "ada"}
    )
    assert code(own, 404) == "unknown_action"
