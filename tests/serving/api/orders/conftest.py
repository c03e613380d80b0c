"""A client of the service with the follower of the test."""

import pytest
from starlette.testclient import TestClient

from serving.app import make_app


@pytest.fixture
def client(follower):
    return TestClient(make_app(follower, lambda: {"paths": {}}))
