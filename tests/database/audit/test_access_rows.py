"""Roles, limits, passwords and keys that were given past the commands are found, whoever could write the database."""

from datetime import timedelta

import pytest

from database.access.api_keys import add_key, find_key, note_use, revoke_key, rotate_key
from database.access.users import (
    add_user,
    change_own_password,
    disable_user,
    find_login,
    set_limit,
    set_password,
    set_roles,
)
from database.audit.access_rows import access_problems
from database.audit.verify import verify


@pytest.fixture
def staffed(logged):
    """Ann, who may only look, Bob, whose password changed, and a key of each."""
    add_user(logged, "Ann", ["viewer"], password="a long enough word")
    add_user(logged, "Bob", ["approver"], password="another long word", approval_limit=100.0)
    set_password(logged, "Bob", "a third long word")
    add_key(logged, "erp", ["viewer"], owner="Ann")
    add_key(logged, "old", ["planner"])
    return logged


def test_what_the_commands_change_is_sound(staffed):
    set_roles(staffed, "Ann", ["viewer", "planner"])
    set_limit(staffed, "Bob", 5.0)
    disable_user(staffed, "Bob")
    disable_user(staffed, "Bob", disabled=False)
    change_own_password(staffed, find_login(staffed, "Ann"), "a fourth long word")
    rotate_key(staffed, "erp", keep_for=timedelta(days=1))
    _, text = rotate_key(staffed, "erp", keep_for=timedelta(hours=1))
    note_use(staffed, find_key(staffed, text).id)
    revoke_key(staffed, "old")
    assert verify(staffed).problems == ()


@pytest.mark.parametrize(
    ("table", "change", "said"),
    [
        ("users", "roles = '[\"admin\"]' WHERE name = 'Ann'", "users row 1, 'Ann': was changed after row 6"),
        ("users", "approval_limit = NULL WHERE name = 'Bob'", "users row 2, 'Bob': was changed after row 8"),
        ("users", "password_hash = 'x' WHERE name = 'Bob'", "users row 2, 'Bob': was changed after row 8"),
        ("users", "disabled_at = created_at WHERE id = 1", "users row 1, 'Ann': was changed after row 6"),
        ("api_keys", "owner_id = 2 WHERE name = 'erp'", "api_keys row 1, 'erp': was changed after row 9"),
        (
            "api_keys",
            "revoked_at = created_at WHERE id = 2",
            "api_keys row 2, 'old': was changed after row 10",
        ),
    ],
)
def test_what_is_changed_past_them_is_named(staffed, tamper, first_problem, table, change, said):
    tamper(f"UPDATE {table} SET {change}", table=table)
    assert first_problem().startswith(said)


def test_who_was_put_in_or_taken_out_past_them_is_named(staffed, tamper):
    columns = "name, name_key, password_hash, roles, approval_limit, created_at"
    copied = (
        "SELECT 'Eve', 'eve', password_hash, roles, approval_limit, created_at FROM users WHERE name = 'Bob'"
    )
    tamper(
        f"INSERT INTO users ({columns}) {copied}", "DELETE FROM api_keys WHERE name = 'old'", table="users"
    )
    assert verify(staffed).problems == (
        "users row 3, 'Eve': was put in past the audit log",
        "api_keys row 2: is missing, row 10 of the audit log recorded it",
    )


def test_the_first_person_put_in_past_them_is_named_too(logged, tamper, first_problem):
    columns = "id, name, name_key, roles, created_at"
    values = "1, 'Eve', 'eve', '[\"admin\"]', '2024-01-01 00:00:00.000000'"
    tamper(f"INSERT INTO users ({columns}) VALUES ({values})", table="users")
    assert first_problem() == "users row 1, 'Eve': was put in past the audit log"


def test_people_of_before_the_log_recorded_them_are_checked_from_their_first_change_on(logged, tamper):
    """A log begun by an earlier version neither says how many there were nor what they may."""
    columns = "id, name, name_key, roles, created_at"
    values = "1, 'Eve', 'eve', '[\"viewer\"]', '2024-01-01 00:00:00.000000'"
    tamper(f"INSERT INTO users ({columns}) VALUES ({values})", table="users")

    def problems():
        with logged.connect() as connection:
            return list(access_problems(connection, {}))

    assert problems() == []
    set_limit(logged, "Eve", 5.0)
    assert problems() == []
    tamper("UPDATE users SET approval_limit = 500 WHERE id = 1", table="users")
    assert len(problems()) == 1
