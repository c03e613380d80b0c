from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from database.access import login_attempts, sessions
from database.access.api_keys import add_key, find_key, list_keys, revoke_key, rotate_key
from database.access.login_attempts import begin_attempt, note_success
from database.access.secrets import AccessError, name_key, verify_secret
from database.access.sessions import end_session, find_session, open_session
from database.access.tables import api_keys, users
from database.access.users import (
    add_user,
    disable_user,
    find_login,
    find_user,
    list_users,
    set_limit,
    set_password,
    set_roles,
)
from database.schema import utc_now

PASSWORD = "correct horse battery"


def test_a_person_is_found_by_any_spelling_of_the_name_and_added_once(engine):
    added = add_user(engine, " Ada Ü ", ["buyer", "viewer", "buyer"], password=PASSWORD)
    assert (added.name, added.roles, added.has_password) == ("Ada Ü", ("buyer", "viewer"), True)
    for spelled in ("ada ü", "ADA Ü", "ａｄａ ü", "Ada U\u0308"):
        assert find_user(engine, spelled) == added
        with pytest.raises(AccessError, match="there is a"):
            add_user(engine, spelled, [])
    assert [user.name for user in list_users(engine)] == ["Ada Ü"]


@pytest.mark.parametrize("name", ["", "  ", "a" * 201, "a\nb", "a\u202eb", "a\x00b", "zero\u200bwidth"])
def test_a_name_that_cannot_be_read_is_refused(engine, name):
    with pytest.raises(AccessError, match="name:"):
        add_user(engine, name, [])


def test_of_a_name_without_end_only_the_beginning_is_looked_at(engine):
    marks = "a" + "\u0301\u0316" * 1_000
    assert name_key(marks) == name_key(marks[:800])
    with pytest.raises(AccessError, match="2,001 characters"):
        add_user(engine, marks, [])


def test_a_password_is_kept_as_a_hash_and_has_to_be_long(engine):
    add_user(engine, "ada", [], password=PASSWORD)
    stored = find_login(engine, "ada").password_hash
    assert stored.startswith("$argon2id$")
    assert PASSWORD not in stored
    assert verify_secret(stored, PASSWORD)
    assert not verify_secret(stored, PASSWORD + " ")
    assert not verify_secret(None, PASSWORD)
    for wrong in ("short", "x" * 1_001):
        with pytest.raises(AccessError, match="expected 12 to 1,000"):
            set_password(engine, "ada", wrong)


def test_roles_and_limits_change_and_nobody_unknown_does(engine):
    add_user(engine, "ada", ["viewer"])
    assert set_roles(engine, "ADA", ["approver"]).roles == ("approver",)
    assert set_limit(engine, "ada", 500).approval_limit == 500
    assert set_limit(engine, "ada", None).approval_limit is None
    for wrong in (-1, float("nan"), float("inf")):
        with pytest.raises(AccessError, match="no amount of money"):
            set_limit(engine, "ada", wrong)
    with pytest.raises(AccessError, match="nobody is called 'bob'"):
        set_roles(engine, "bob", [])


def test_a_session_lasts_its_hours_and_is_stored_as_a_hash(engine, monkeypatch):
    user = add_user(engine, "ada", ["viewer"])
    token = open_session(engine, user, hours=1, address="10.0.0.7")
    assert find_session(engine, token).user.name == "ada"
    with engine.connect() as connection:
        stored = connection.execute(sessions.sessions.select()).mappings().one()
    assert token not in str(dict(stored))
    now = utc_now()
    monkeypatch.setattr(sessions, "utc_now", lambda: now + timedelta(hours=1))
    assert find_session(engine, token) is None


def test_sessions_end_one_by_one_and_all_with_a_new_password_or_a_bar(engine):
    user = add_user(engine, "ada", ["viewer"])
    one, other = (open_session(engine, user, hours=1, address="") for _ in range(2))
    end_session(engine, one)
    assert (find_session(engine, one), find_session(engine, other).user.id) == (None, user.id)
    set_password(engine, "ada", PASSWORD)
    assert find_session(engine, other) is None
    last = open_session(engine, user, hours=1, address="")
    disable_user(engine, "ada")
    assert find_session(engine, last) is None
    disable_user(engine, "ada", disabled=False)
    assert find_session(engine, last) is None, "a bar ends sessions for good"


def test_a_key_is_kept_as_hashes_and_found_by_all_of_its_text(engine):
    key, secret = add_key(engine, "erp", ["buyer"])
    assert find_key(engine, secret) == key
    for wrong in (secret[:-1], secret + "x", secret.replace("pv_", "px_"), f"pv_{key.prefix}_", ""):
        assert find_key(engine, wrong) is None, wrong
    with engine.connect() as connection:
        stored = connection.execute(api_keys.select()).mappings().one()
    assert secret.split("_", 2)[2] not in str(dict(stored))
    assert stored["key_hash"].startswith("$argon2id$")


def test_a_key_ends_at_its_time_by_rotation_and_by_revocation(engine):
    add_key(engine, "old", ["viewer"], expires_at=utc_now() - timedelta(seconds=1))
    _, first = add_key(engine, "erp", ["viewer"], approval_limit=10)
    with pytest.raises(AccessError, match="there is a key erp already"):
        add_key(engine, "erp", ["viewer"])
    second, text = rotate_key(engine, "erp", keep_for=timedelta(0))
    assert (second.roles, second.approval_limit) == (("viewer",), 10)
    assert [find_key(engine, each).barred for each in (first, text)] == ["expired", ""]
    assert revoke_key(engine, "erp") == 1
    assert [key.barred for key in list_keys(engine)] == ["revoked", "revoked", "expired"]
    for change in (
        lambda: rotate_key(engine, "erp", keep_for=timedelta(0)),
        lambda: revoke_key(engine, "nope"),
    ):
        with pytest.raises(AccessError, match="no key"):
            change()


def test_a_persons_key_has_no_more_than_the_person(engine):
    add_user(engine, "ada", ["viewer", "buyer"], approval_limit=100)
    key, secret = add_key(engine, "script", ["buyer", "admin"], owner="ADA", approval_limit=900)
    known = (key.owner, key.roles, key.approval_limit, key.owner_limit)
    assert known == ("ada", ("buyer",), 900, 100), "approved is within both (serving.identity.api_keys)"
    disable_user(engine, "ada")
    assert "disabled" in find_key(engine, secret).barred
    with pytest.raises(AccessError, match="nobody is called 'bob'"):
        add_key(engine, "other", [], owner="bob")


@pytest.fixture
def still(monkeypatch):
    """A clock that stands still, so that no wait ends meanwhile."""
    now = utc_now()
    monkeypatch.setattr(login_attempts, "utc_now", lambda: now)


def waits(engine, times, name="ada", address="10.0.0.7"):
    return [begin_attempt(engine, name, address)[1] for _ in range(times)]


def test_failures_cost_longer_and_longer_waits_that_end(engine, monkeypatch):
    now = [utc_now()]
    monkeypatch.setattr(login_attempts, "utc_now", lambda: now[0])
    assert waits(engine, 6) == [0, 0, 0, 0, 0, 1]
    found = []
    for _ in range(9):
        wait = begin_attempt(engine, "ADA", "10.0.0.7")[1]
        found.append(wait)
        now[0] += timedelta(seconds=wait)
        assert begin_attempt(engine, "ada", "10.0.0.7")[1] == 0
    assert found == [1, 2, 4, 8, 16, 32, 64, 128, 256]
    now[0] += timedelta(minutes=16)
    assert waits(engine, 1) == [0]


def test_a_success_forgets_the_failures_of_that_name_from_there(engine, still):
    waits(engine, 4)
    waits(engine, 4, address="10.0.0.8")
    attempt, _ = begin_attempt(engine, "ada", "10.0.0.7")
    note_success(engine, attempt, "ada")
    assert waits(engine, 5) == [0] * 5
    assert waits(engine, 2, address="10.0.0.8") == [0, 1]


def test_guesses_at_many_names_from_one_address_wait_and_a_good_login_there_frees_none(engine, still):
    for n in range(login_attempts.FREE_OF_ADDRESS):
        assert waits(engine, 1, name=f"name{n}") == [0]
    assert waits(engine, 1, name="another") == [1]
    assert waits(engine, 1, name="another", address="10.0.0.8") == [0]


def test_guesses_at_one_name_from_many_addresses_wait(engine, still):
    for n in range(login_attempts.FREE_FROM_ANYWHERE):
        assert waits(engine, 1, address=f"10.0.1.{n}") == [0]
    assert waits(engine, 1, address="10.0.2.1") == [1]


def test_many_guesses_at_once_are_counted_as_many(engine, still):
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: begin_attempt(engine, "ada", "10.0.0.7")[1], range(24)))
    assert found.count(0) == login_attempts.FREE_OF_NAME


def test_what_is_done_with_people_and_keys_is_recorded(engine):
    from database.audit.table import audit_log

    add_user(engine, "ada", ["viewer"], password=PASSWORD)
    _, secret = add_key(engine, "erp", ["viewer"], owner="ada")
    attempt, _ = begin_attempt(engine, "ada", "10.0.0.7")
    note_success(engine, attempt, "ada")
    login_attempts.note_failure(engine, "ada", "10.0.0.8")
    revoke_key(engine, "erp")
    with engine.connect() as connection:
        rows = connection.execute(audit_log.select().order_by(audit_log.c.sequence)).mappings().all()
        stored = connection.execute(users.select()).mappings().one()["password_hash"]
    assert [row["what"] for row in rows][-5:] == [
        "user.add",
        "key.add",
        "login.succeed",
        "login.fail",
        "key.revoke",
    ]
    for hidden in (PASSWORD, secret, stored):
        assert hidden not in str(rows)


def test_spellings_of_a_name_have_one_key():
    assert len({name_key(name) for name in ("Straße", "STRASSE", "strasse", "Ｓtrasse")}) == 1
    assert name_key("ada") != name_key("adа"), "a Cyrillic letter is another one"
