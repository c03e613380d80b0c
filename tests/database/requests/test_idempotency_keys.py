from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from database.requests import idempotency_keys as table
from database.requests.idempotency_keys import (
    KeyedRequest,
    OtherRequestError,
    StoredAnswer,
    begin_request,
    forget_key,
    store_answer,
    sweep_keys,
)
from database.requests.request_tables import idempotency_keys
from database.schema import utc_now

ASKED = KeyedRequest("key:ada", "k1", "a" * 64)
ANSWER = StoredAnswer(201, {"content-type": "application/json"}, b'{"id": 1}')


def set_back(engine, by):
    with engine.begin() as connection:
        connection.execute(idempotency_keys.update().values(at=utc_now() - by))


def test_the_first_does_the_work_and_the_others_get_its_answer(engine):
    assert begin_request(engine, ASKED, "one") is True
    assert begin_request(engine, ASKED, "two") is False
    store_answer(engine, ASKED, "one", ANSWER)
    assert begin_request(engine, ASKED, "two") == ANSWER


def test_another_request_under_the_key_is_refused_and_another_callers_is_not(engine):
    begin_request(engine, ASKED, "one")
    with pytest.raises(OtherRequestError, match="'k1' came with another request before"):
        begin_request(engine, KeyedRequest("key:ada", "k1", "b" * 64), "two")
    assert begin_request(engine, KeyedRequest("key:bob", "k1", "b" * 64), "two") is True


def test_a_key_of_which_nothing_came_can_be_used_again(engine):
    begin_request(engine, ASKED, "one")
    forget_key(engine, ASKED, "another one")
    assert begin_request(engine, ASKED, "two") is False
    forget_key(engine, ASKED, "one")
    assert begin_request(engine, ASKED, "two") is True


def test_work_that_was_lost_with_its_process_is_done_again_and_an_answer_is_kept_for_a_day(engine):
    begin_request(engine, ASKED, "one")
    set_back(engine, table.ABANDONED_AFTER + timedelta(seconds=5))
    assert begin_request(engine, ASKED, "two") is True
    store_answer(engine, ASKED, "one", StoredAnswer(500, {}, b"late"))
    assert begin_request(engine, ASKED, "three") is False
    store_answer(engine, ASKED, "two", ANSWER)
    set_back(engine, timedelta(hours=23))
    assert begin_request(engine, ASKED, "three") == ANSWER
    assert sweep_keys(engine) == 0
    set_back(engine, timedelta(hours=25))
    assert begin_request(engine, ASKED, "three") is True


def test_of_many_at_once_one_begins(engine):
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda n: begin_request(engine, ASKED, f"owner {n}"), range(40)))
    assert sorted(found) == [False] * 39 + [True]


def test_old_keys_are_swept(engine):
    begin_request(engine, ASKED, "one")
    set_back(engine, timedelta(hours=25))
    begin_request(engine, KeyedRequest("key:ada", "k2", "a" * 64), "one")
    assert sweep_keys(engine) == 1
