"""A client of the service with the follower of the test."""

import pytest
from clients import person_client


@pytest.fixture
def client(follower):
    return person_client(follower)
