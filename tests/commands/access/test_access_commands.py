import json

import pytest
from typer.testing import CliRunner

from commands.app import app
from configs.errors import DomainError
from database.access.api_keys import find_key
from database.access.secrets import verify_secret
from database.access.users import find_login, find_user
from database.engine import open_state
from database.migrate import upgrade
from database.settings import Settings


@pytest.fixture
def engine(tmp_path, monkeypatch):
    """The state database of the home that commands work on."""
    monkeypatch.setenv("PURVEY_HOME", str(tmp_path))
    settings = Settings()
    upgrade(settings.state_url)
    engine = open_state(settings)
    yield engine
    engine.dispose()


def run(*arguments: str, given: str = "", fails: bool = False):
    done = CliRunner().invoke(app, list(arguments), input=given)
    if fails:
        assert isinstance(done.exception, DomainError), done.output
        return str(done.exception)
    assert done.exit_code == 0, done.output
    return done


def test_a_person_is_added_changed_barred_and_listed(engine):
    run("users", "add", "ada", "--role", "buyer", "--password-stdin", given="correct horse battery\n")
    login = find_login(engine, "ada")
    assert verify_secret(login.password_hash, "correct horse battery")
    run("users", "role", "ada", "--role", "viewer", "--role", "approver")
    run("users", "limit", "ada", "2500")
    assert (find_user(engine, "ada").roles, find_user(engine, "ada").approval_limit) == (
        ("approver", "viewer"),
        2500,
    )
    run("users", "limit", "ada")
    assert find_user(engine, "ada").approval_limit is None
    run("users", "password", "ada", "--password-stdin", given="another horse battery\n")
    assert verify_secret(find_login(engine, "ada").password_hash, "another horse battery")
    run("users", "disable", "ada")
    assert find_user(engine, "ada").disabled_at is not None
    run("users", "enable", "ada")
    run("users", "logout", "ada")
    run("users", "add", "bob", "--role", "admin", "--no-password")
    rows = json.loads(run("users", "list", "--json").stdout)
    assert [(row["name"], row["password"], row["disabled"]) for row in rows] == [
        ("ada", "yes", None),
        ("bob", "no", None),
    ]


def test_a_key_is_printed_once_and_listed_by_its_beginning(engine):
    secret = run("keys", "add", "erp", "--role", "viewer", "--limit", "5").stdout.strip().splitlines()[-1]
    key = find_key(engine, secret)
    assert (key.name, key.roles, key.approval_limit, key.barred) == ("erp", ("viewer",), 5, "")
    assert 364 < (key.expires_at - key.created_at).days <= 365
    second = run("keys", "rotate", "erp", "--keep-hours", "0").stdout.strip().splitlines()[-1]
    assert [find_key(engine, each).barred for each in (secret, second)] == ["expired", ""]
    listed = run("keys", "list", "--json").stdout
    assert secret not in listed
    assert second not in listed
    assert [row["begins"] for row in json.loads(listed)] == [secret[:11], second[:11]]
    run("keys", "revoke", second[:11])
    assert find_key(engine, second).barred == "revoked"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (
            ("users", "add", "ada", "--role", "boss", "--no-password"),
            "--role boss: no such role; there are viewer",
        ),
        (("users", "limit", "ada", "5"), "nobody is called 'ada'"),
        (("keys", "revoke", "erp"), "there is no key 'erp'"),
        (("keys", "add", "erp", "--role", "viewer", "--owner", "ada"), "owner: nobody is called 'ada'"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(engine, arguments, words):
    assert words in run(*arguments, fails=True)


def test_while_access_is_open_the_commands_say_what_closes_it(engine, tmp_path):
    arguments = ("users", "add", "ada", "--role", "admin", "--no-password")
    assert "access is open until there is" in run(*arguments).output
    (tmp_path / "access.yaml").touch()
    assert "access is open" not in run("users", "list").output
