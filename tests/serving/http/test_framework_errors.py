from serving.http.framework_errors import translate_error


def test_a_failed_validation_names_its_first_place_and_counts_the_rest():
    body = b"""{"error": "2 validation errors", "detail": [
        {"loc": ["unique_ids", 3], "msg": "Input should be a valid string"},
        {"loc": ["horizon"], "msg": "Input should be greater than 0"}]}"""
    document = translate_error(400, body).document()
    assert document["status"] == 422
    assert document["detail"] == "unique_ids.3: Input should be a valid string (and 1 more)"
    assert [error["place"] for error in document["errors"]] == ["unique_ids.3", "horizon"]


def test_a_failed_validation_shows_the_value_that_was_sent():
    errors = b'{"detail": [{"loc": ["stock", 1, "on_hand"], "msg": "Input should be at least 0"}]}'
    request_body = b'{"stock": [{"on_hand": 3}, {"on_hand": -2}]}'
    assert (
        translate_error(400, errors, request_body).detail
        == "stock.1.on_hand is -2: Input should be at least 0"
    )
    assert translate_error(400, errors, b"[" * 10_000).detail == "stock.1.on_hand: Input should be at least 0"
    long = translate_error(400, errors, b'{"stock": [{}, {"on_hand": "' + b"x" * 10_000 + b'"}]}').detail
    assert len(long) < 200
