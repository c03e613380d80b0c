import json
import logging
import re
import sys

import pytest

from configs.logs.log_lines import JsonLines, LogError, TextLines, set_up_logs
from configs.logs.request_id import request_id, sane_or_new


@pytest.fixture
def asked():
    """A request that is answered now."""
    token = request_id.set("r-17")
    yield "r-17"
    request_id.reset(token)


def record(message="a %s", *values, error=None):
    return logging.LogRecord("purvey.serving", logging.ERROR, "x.py", 1, message, values, error)


def raised():
    try:
        int("“no” number")
    except ValueError:
        return sys.exc_info()


def test_a_line_of_json_says_when_what_where_and_of_which_request(asked):
    line = json.loads(JsonLines().format(record("plan %d\nis gone", 3)))
    assert line.pop("at").endswith("Z")
    assert line == {
        "level": "ERROR",
        "logger": "purvey.serving",
        "message": "plan 3\nis gone",
        "request_id": asked,
    }


def test_a_traceback_stays_within_its_line_of_json():
    text = JsonLines().format(record("oops", error=raised()))
    assert "\n" not in text
    assert "ValueError: invalid literal for int() with base 10: '“no” number'" in json.loads(text)["error"]
    assert "request_id" not in json.loads(text)


def test_a_line_of_text_names_the_request(asked):
    text = TextLines().format(record("plan %d", 3))
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z ERROR purvey\.serving \[r-17\] plan 3", text)


def test_another_form_is_refused():
    with pytest.raises(LogError, match="PURVEY_LOG is 'xml', expected text or json"):
        set_up_logs({"PURVEY_LOG": "xml"})


@pytest.mark.parametrize("sane", ["a", "4bf92f3577b34da6", "0:1.2_3-4", "x" * 128])
def test_a_sane_id_is_kept(sane):
    assert sane_or_new(sane) == sane


@pytest.mark.parametrize("insane", ["", "x" * 129, "a b", "a\nb", '{"a":1}', "-a", "é", "a\r\nSet-Cookie: x"])
def test_what_could_break_a_log_or_a_header_is_replaced(insane):
    assert re.fullmatch("[0-9a-f]{32}", sane_or_new(insane))
    assert sane_or_new(insane) != sane_or_new(insane)
