import threading

import pytest

from distributions.cancellation import CancelToken, WorkCancelled, cancellable, current_token
from distributions.parallel import map_in_threads


@pytest.mark.parametrize("chunks", [[1], [1, 2, 3, 4]], ids=["one", "in threads"])
def test_cancelled_work_begins_no_chunk(chunks):
    token, done = CancelToken(), []
    token.cancel()
    with cancellable(token), pytest.raises(WorkCancelled):
        list(map_in_threads(done.append, chunks))
    assert done == []


def test_work_stops_at_the_chunk_after_it_was_cancelled():
    token, done, lock = CancelToken(), [], threading.Lock()

    def work(chunk):
        with lock:
            done.append(chunk)
            if len(done) == 2:
                token.cancel()

    with cancellable(token), pytest.raises(WorkCancelled):
        list(map_in_threads(work, range(1_000)))
    assert 2 <= len(done) < 100


def test_work_within_threads_knows_of_its_cancelling_too():
    token = CancelToken()

    def outer(chunk):
        token.cancel()
        return list(map_in_threads(lambda inner: inner, [chunk, chunk]))

    with cancellable(token), pytest.raises(WorkCancelled):
        list(map_in_threads(outer, [1, 2]))


def test_work_that_nobody_can_cancel_goes_on():
    with cancellable(CancelToken()):
        pass
    current_token().check()
    assert list(map_in_threads(lambda chunk: 2 * chunk, [1, 2, 3])) == [2, 4, 6]


def test_nothing_that_makes_up_for_errors_makes_up_for_a_cancelling():
    assert not issubclass(WorkCancelled, Exception)
