"""What the service's tests ask: the homes with a champion and a plan, and what is served from them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from homes import home, maker, planned_home, trained_home  # noqa: F401 -- fixtures

from database.settings import Settings
from serving.state.follower import Follower
from serving.state.served import Served


@pytest.fixture(scope="module")
def served(planned_home: Path) -> Iterator[Served]:  # noqa: F811 -- the fixture
    """The champion and plan of the planned home, as requests see them."""
    follower = Follower()
    follower.open(Settings(home=planned_home))
    assert follower.trouble == ""
    yield follower.current()
    follower.close()


@pytest.fixture
def follower(home: Path) -> Iterator[Follower]:  # noqa: F811 -- the fixture
    """The follower of a home of the test's own, to be written to."""
    follower = Follower()
    follower.open(Settings(home=home))
    assert follower.trouble == ""
    yield follower
    follower.close()
