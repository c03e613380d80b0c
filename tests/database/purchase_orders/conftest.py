"""State databases with a plan run."""

import pytest
from order_requests import add_run
from state_databases import engine, make_engine, postgres  # noqa: F401 -- fixtures


@pytest.fixture
def run(engine) -> int:  # noqa: F811 -- the fixture
    return add_run(engine)
