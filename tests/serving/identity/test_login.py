import re

import pytest
from access_homes import PASSWORD, client_of

from configs.access import AccessConfig, ProxyConfig
from database.access import login_attempts
from database.access.api_keys import add_key
from database.access.secrets import AccessError
from database.access.users import (
    change_own_password,
    disable_user,
    end_sessions,
    find_login,
    set_password,
    set_roles,
)
from database.audit.history import audit_history
from database.schema import utc_now
from serving.identity import login, sessions

CLOSED = AccessConfig()
PEOPLE = {"accept": "text/html"}


@pytest.fixture(autouse=True)
def _nothing_stays_fresh(monkeypatch):
    """Every request looks its session up."""
    monkeypatch.setattr(sessions, "FRESH_SECONDS", -1.0)


def token_on(page) -> str:
    token = re.search(r'<meta name="form-token" content="([0-9a-f]{64})">', page.text)[1]
    forms = re.findall(
        r'<form[^>]*method="post"[^>]*>(?:<input type="hidden" name="form_token" value="(\w*)">)?', page.text
    )
    assert set(forms) <= {token}, "every form that changes something has it"
    return token


def log_in(client, name="viewer", password=PASSWORD, **more):
    page = client.get("/login", headers=PEOPLE)
    form = {"name": name, "password": password, "form_token": token_on(page)} | more
    return client.post("/login", data=form, headers=PEOPLE)


def test_name_and_password_open_a_session_that_leads_back(follower):
    client = client_of(follower, CLOSED)
    answer = log_in(client, "VIEWER", next="/stock?x=1")
    assert (answer.status_code, answer.headers["location"]) == (303, "/stock?x=1")
    page = client.get("/levers", headers=PEOPLE)
    assert page.status_code == 200
    assert "Log out" in page.text
    assert "Open access" not in page.text


@pytest.mark.parametrize(("tls", "name"), [(False, "purvey_session"), (True, "__Host-purvey_session")])
def test_the_sessions_cookie_is_hidden_from_scripts_and_other_sites(follower, tls, name):
    client = client_of(
        follower, AccessConfig(tls=tls), base="https://localhost" if tls else "http://localhost"
    )
    cookie = log_in(client).headers["set-cookie"]
    assert cookie.startswith(f"{name}=")
    for flag in ("HttpOnly", "SameSite=lax", "Path=/", "Max-Age=43200"):
        assert flag in cookie
    assert ("Secure" in cookie) is tls
    assert "Domain" not in cookie


@pytest.mark.parametrize(
    "target",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:x", "/\t/evil.example"],
)
def test_a_login_leads_to_no_other_site(follower, target):
    assert log_in(client_of(follower, CLOSED), next=target).headers["location"] == "/"


def test_a_wrong_password_and_a_name_nobody_has_sound_and_cost_the_same(follower, monkeypatch):
    hashed = []
    verify = login.verify_secret
    monkeypatch.setattr(login, "verify_secret", lambda *given: hashed.append(1) or verify(*given))
    disable_user(follower.engine, "planner")
    said = []
    for name in ("viewer", "nobody at all", "planner"):
        answer = log_in(client_of(follower, CLOSED), name, PASSWORD + ("" if name == "planner" else "!"))
        assert answer.status_code == 401
        said.append(re.search(r'role="alert">([^<]+)<', answer.text)[1])
    assert set(said) == {"name or password is wrong."}
    assert len(hashed) == 3


def test_sessions_end_by_logout_command_password_and_bar(follower):
    for end in (
        lambda client: client.post("/logout", data={"form_token": token_on(client.get("/levers"))}),
        lambda _: end_sessions(follower.engine, "viewer"),
        lambda _: set_password(follower.engine, "viewer", PASSWORD),
        lambda _: disable_user(follower.engine, "viewer"),
    ):
        client = client_of(follower, CLOSED)
        assert log_in(client).status_code == 303
        cookie = client.cookies["purvey_session"]
        assert client.get("/levers").status_code == 200
        end(client)
        client.cookies.set("purvey_session", cookie)
        assert client.get("/levers").status_code == 401


def test_a_role_that_is_taken_away_is_gone_from_running_sessions(follower):
    client = client_of(follower, CLOSED)
    log_in(client)
    set_roles(follower.engine, "viewer", [])
    assert client.get("/levers").status_code == 403


def test_a_session_that_is_made_up_opens_nothing(follower):
    client = client_of(follower, CLOSED)
    for token in ("", "x", "0" * 43, "'; drop table sessions; --"):
        client.cookies.set("purvey_session", token)
        assert client.get("/levers").status_code == 401


def test_a_cookie_is_taken_as_it_stands_and_never_unquoted(follower):
    client = client_of(follower, CLOSED)
    log_in(client)
    token = client.cookies["purvey_session"]
    stranger = client_of(follower, CLOSED)
    for cookie, status in (
        (f"a=1; purvey_session={token};b", 200),
        (f'purvey_session="{token}"', 401),
        ('purvey_session="' + "\\" * 10_000 + '"', 401),
    ):
        assert stranger.get("/levers", headers={"cookie": cookie}).status_code == status


def change_password(client, old=PASSWORD, new="another horse battery", again=None):
    page = client.get("/password", headers=PEOPLE)
    form = {"old": old, "new": new, "again": new if again is None else again, "form_token": token_on(page)}
    return client.post("/password", data=form, headers=PEOPLE)


def test_whoever_is_logged_in_changes_their_password_and_every_other_session_ends(follower):
    client, other = client_of(follower, CLOSED), client_of(follower, CLOSED)
    log_in(client)
    log_in(other)
    assert 'href="/password"' in client.get("/levers", headers=PEOPLE).text
    before = client.cookies["purvey_session"]
    answer = change_password(client)
    assert (answer.status_code, answer.headers["location"]) == (303, "/password?changed=yes")
    assert client.cookies["purvey_session"] != before, "who has the old cookie is out as well"
    assert "The password is changed" in client.get("/password?changed=yes", headers=PEOPLE).text
    assert other.get("/levers").status_code == 401
    other.cookies.set("purvey_session", before)
    assert other.get("/levers").status_code == 401
    assert log_in(client_of(follower, CLOSED)).status_code == 401
    assert log_in(client_of(follower, CLOSED), password="another horse battery").status_code == 303
    done = audit_history(follower.engine, limit=20, subject="users/viewer")
    changed = [(row["who"], row["detail"]) for row in done if row["what"] == "user.password"]
    assert [(who, detail["own"], len(detail["states"])) for who, detail in changed] == [("viewer", True, 1)]


@pytest.mark.parametrize(
    ("form", "status", "said"),
    [
        ({"old": "wrong"}, 403, "the old password is wrong"),
        ({"new": "short"}, 422, "expected 12 to 1,000"),
        ({"again": "something else"}, 422, "not the same in both fields"),
        ({"new": PASSWORD}, 422, "the new password is the old one"),
    ],
)
def test_a_password_is_not_changed_without_the_old_one_and_a_usable_new_one(follower, form, status, said):
    client = client_of(follower, CLOSED)
    log_in(client)
    answer = change_password(client, **form)
    assert (answer.status_code, said in answer.text) == (status, True)
    assert client.get("/levers").status_code == 200, "the session goes on"
    assert log_in(client_of(follower, CLOSED)).status_code == 303


def test_guesses_of_the_old_password_wait_as_logins_do_and_are_recorded(follower, monkeypatch):
    monkeypatch.setattr(login_attempts, "FREE_OF_NAME", 3)
    now = utc_now()
    monkeypatch.setattr(login_attempts, "utc_now", lambda: now)
    client = client_of(follower, CLOSED)
    log_in(client)
    answers = [change_password(client, old="wrong") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [403, 403, 403, 429]
    assert int(answers[-1].headers["retry-after"]) >= 1
    assert change_password(client).status_code == 429, "the right one waits as well"
    done = audit_history(follower.engine, limit=20, who="viewer")
    assert [row["what"] for row in done].count("user.password_refused") == 3


def test_a_password_that_an_administrator_has_set_meanwhile_stays(follower):
    known = find_login(follower.engine, "viewer")
    set_password(follower.engine, "viewer", "set by an administrator")
    with pytest.raises(AccessError, match="meanwhile"):
        change_own_password(follower.engine, known, "another horse battery")
    assert log_in(client_of(follower, CLOSED), password="set by an administrator").status_code == 303


def test_only_a_login_changes_a_password_no_key_and_nobody_with_open_access(follower):
    _, secret = add_key(follower.engine, "script", ["viewer"], owner="viewer")
    client = client_of(follower, CLOSED)
    key = {"authorization": f"Bearer {secret}"}
    form = {"old": PASSWORD, "new": "another horse battery", "again": "another horse battery"}
    for answer in (
        client.get("/password", headers=key),
        client.post("/password", data=form, headers=key),
        client_of(follower).get("/password"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (403, "not_logged_in")
    log_in(client)
    assert client.post("/password", data=form).json()["code"] == "form_token"


def test_failures_make_one_wait_and_another_address_not(follower, monkeypatch):
    monkeypatch.setattr(login_attempts, "FREE_OF_NAME", 3)
    now = utc_now()
    monkeypatch.setattr(login_attempts, "utc_now", lambda: now)  # no second passes
    client = client_of(follower, CLOSED)
    assert [log_in(client, password="wrong").status_code for _ in range(5)] == [401, 401, 401, 429, 429]
    waiting = log_in(client)
    assert waiting.status_code == 429, "the right password waits as well"
    assert int(waiting.headers["retry-after"]) >= 1
    assert log_in(client, "planner").status_code == 303, "somebody else at the same address does not"
    assert log_in(client_of(follower, CLOSED, peer="10.0.0.7")).status_code == 303


def test_behind_a_proxy_it_is_the_callers_address_that_waits(follower, monkeypatch):
    monkeypatch.setattr(login_attempts, "FREE_OF_NAME", 1)
    now = utc_now()
    monkeypatch.setattr(login_attempts, "utc_now", lambda: now)
    config = AccessConfig(proxy=ProxyConfig(addresses=("10.0.0.1",)))
    client = client_of(follower, config, peer="10.0.0.1")
    for forwarded, expected in (
        ("6.6.6.6", 401),
        ("6.6.6.6", 429),
        ("1.1.1.1, 6.6.6.6", 429),
        ("1.1.1.1", 303),
    ):
        client.cookies.clear()
        client.headers["x-forwarded-for"] = forwarded
        assert log_in(client, password=PASSWORD if expected == 303 else "wrong").status_code == expected
    direct = client_of(follower, config, peer="10.0.0.2")
    direct.headers["x-forwarded-for"] = "1.1.1.1"
    assert log_in(direct, password="wrong").status_code == 401
    assert log_in(direct, password="wrong").status_code == 429, "a header from elsewhere hides nobody"


def test_a_form_without_its_pages_token_changes_nothing(follower):
    client, other = client_of(follower, CLOSED), client_of(follower, CLOSED)
    log_in(client, "planner")
    log_in(other, "admin")
    mine, theirs = token_on(client.get("/levers")), token_on(other.get("/levers"))
    assert mine != theirs
    for form in ({}, {"form_token": theirs}, {"form_token": ""}, {"form_token": [mine, theirs]}):
        answer = client.post("/logout", data=form)
        assert (answer.status_code, answer.json()["code"]) == (403, "form_token")
    assert client.get("/levers").status_code == 200
    assert client.post("/logout", data={"form_token": mine}).status_code == 303
    assert client.get("/levers").status_code == 401


@pytest.mark.parametrize(
    "kind", ["application/x-www-form-urlencoded", "text/plain", "", "application/json, text/plain"]
)
def test_json_that_does_not_say_it_is_json_needs_the_token_too(follower, kind):
    client = client_of(follower, CLOSED)
    log_in(client, "approver")
    body = b'{"action_id": "x", "verdict": "approve"}'
    answer = client.post("/v1/decisions", content=body, headers={"content-type": kind} if kind else {})
    assert (answer.status_code, answer.json()["code"]) == (403, "form_token")
    honest = client.post(
        "/v1/decisions", content=body, headers={"content-type": "application/json; charset=utf-8"}
    )
    assert honest.json()["code"] != "form_token"


def test_a_key_needs_no_form_token(follower):
    _, secret = add_key(follower.engine, "erp", ["planner"])
    answer = client_of(follower, CLOSED).post(
        "/overrides", data={}, headers={"authorization": f"Bearer {secret}"}
    )
    assert answer.json()["code"] != "form_token"


def test_with_open_access_forms_of_other_pages_change_nothing_either(follower):
    client = client_of(follower)
    assert client.post("/overrides", data={}).json()["code"] == "form_token"
    token = token_on(client.get("/levers"))
    assert client.post("/overrides", data={"form_token": token}).json()["code"] != "form_token"


def test_whoever_is_not_let_in_is_told_nothing_of_the_company(follower):
    follower.trouble = "champion abc is not served"
    page = client_of(follower, CLOSED).get("/login", headers=PEOPLE)
    assert page.status_code == 200
    assert "champion" not in page.text


def test_while_the_database_is_away_those_known_may_read_and_nobody_else(follower, monkeypatch):
    client, stranger = client_of(follower, CLOSED), client_of(follower, CLOSED)
    log_in(client)
    stranger.cookies.set("purvey_session", "x" * 43)
    assert client.get("/docs.json").status_code == 200
    monkeypatch.setattr(type(follower), "engine", property(_away))
    assert client.get("/docs.json").status_code == 200
    assert client.post("/v1/plan", json={}).status_code == 503
    assert stranger.get("/docs.json").status_code == 503


def _away(_):
    from serving.http.problems import Problem

    raise Problem(503, "state_not_ready", "gone")
