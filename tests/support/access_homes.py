"""Homes without a model for tests of access: people of every role, and clients who ask as somebody."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from clients import LOCAL
from starlette.testclient import TestClient

from configs.access import AccessConfig
from database.access.users import add_user
from database.migrate import upgrade
from database.settings import Settings
from serving.app import make_app
from serving.identity.access import ALL_ROLES, Access
from serving.state.follower import Follower

PASSWORD = "correct horse battery"


@pytest.fixture(scope="session")
def peopled_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home without a model, with a person called like each role. Not to be written to: copy it."""
    home = tmp_path_factory.mktemp("peopled")
    settings = Settings(home=home)
    upgrade(settings.state_url)
    follower = Follower()
    follower.open(settings)
    for role in sorted(ALL_ROLES):
        add_user(follower.engine, role, [role], password=PASSWORD)
    follower.close()
    return home


@pytest.fixture
def follower(peopled_home: Path, tmp_path: Path) -> Iterator[Follower]:
    """The follower of a copy of that home."""
    (tmp_path / "purvey.db").write_bytes((peopled_home / "purvey.db").read_bytes())
    for name in ("audit.key", "audit.head"):
        if (peopled_home / name).exists():
            (tmp_path / name).write_bytes((peopled_home / name).read_bytes())
    follower = Follower()
    follower.open(Settings(home=tmp_path))
    yield follower
    follower.close()


def client_of(
    follower: Follower, config: AccessConfig | None = None, *, peer: str = "127.0.0.1", base: str = LOCAL
) -> TestClient:
    """A client that shows nobody, of the home as `config` says who may ask; none: as its access.yaml says."""
    app = make_app(follower, lambda: {"paths": {}}, Access(follower, config))
    return TestClient(app, base_url=base, client=(peer, 50_000), follow_redirects=False)
