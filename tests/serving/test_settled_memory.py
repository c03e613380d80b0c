import gc
import sys
import types

import pytest

from serving.settled_memory import SettledMemory


@pytest.fixture(autouse=True)
def unfrozen():
    yield
    gc.unfreeze()


def test_what_was_there_is_not_looked_through_again_and_garbage_is_gone():
    cycle = []
    cycle.append(cycle)
    del cycle
    SettledMemory().settle()
    assert gc.get_freeze_count() > 1_000
    assert len(gc.get_objects()) < 1_000
    assert gc.collect() < 100


def test_it_settles_again_only_when_modules_came(monkeypatch):
    memory = SettledMemory()
    memory.settle()
    settled = []
    monkeypatch.setattr(memory, "settle", lambda: settled.append(len(sys.modules)))
    memory.settle_new_modules()
    assert settled == []
    monkeypatch.setitem(sys.modules, "came_with_a_request", types.ModuleType("came_with_a_request"))
    memory.settle_new_modules()
    assert len(settled) == 1
