import os
import socket
import sys
import threading

import pytest

from configs.errors import ConfigError
from database.engine import StateError, open_engine
from database.migrate import check_current, upgrade
from database.settings import Settings
from serving import run
from serving.run import ROOT, ServeError, check_port_free, serve, serve_command, serve_environment


class BecameServerError(Exception):
    """Instead of becoming the server."""


@pytest.fixture
def started(monkeypatch):
    def become(program, command, environment):
        raise BecameServerError(program, command, environment)

    monkeypatch.setattr(os, "execve", become)


@pytest.fixture
def taken():
    """A port that somebody listens at."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening.getsockname()[1]


@pytest.fixture
def port():
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return listening.getsockname()[1]


def test_a_state_database_that_is_not_there_is_made_before_serving(started, tmp_path, port):
    settings = Settings(home=tmp_path / "home")
    with pytest.raises(BecameServerError):
        serve(settings, "127.0.0.1", port)
    engine = open_engine(settings.state_url)
    check_current(engine)
    engine.dispose()


def test_a_database_at_another_revision_is_refused(started, tmp_path):
    settings = Settings(home=tmp_path)
    upgrade(settings.state_url)
    engine = open_engine(settings.state_url)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0000'")
    engine.dispose()
    with pytest.raises(StateError, match="run `purvey db upgrade`"):
        serve(settings, "127.0.0.1", 3000)


def test_workers_find_the_home_from_any_folder_and_report_nowhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    environment = serve_environment(Settings(), {"PATH": "x"})
    assert environment["PURVEY_HOME"] == str(tmp_path / ".purvey")
    assert environment["PURVEY_DATABASE_URL"] == f"sqlite:///{tmp_path / '.purvey' / 'purvey.db'}"
    assert environment["BENTOML_DO_NOT_TRACK"] == "True"
    assert environment["PATH"] == "x"


def test_the_server_listens_at_the_given_host_and_port():
    command = serve_command("0.0.0.0", 8080)
    assert command[:4] == [sys.executable, "-m", "bentoml", "serve"]
    assert command[command.index("--host") + 1] == "0.0.0.0"
    assert command[command.index("--port") + 1] == "8080"
    assert (ROOT / "serving" / "service.py").exists()


@pytest.mark.parametrize("wrong", [0, -1, 65536])
def test_a_number_that_is_no_port_is_refused(wrong):
    with pytest.raises(ServeError, match=f"--port {wrong}: a number from 1 to 65535"):
        check_port_free("127.0.0.1", wrong)


def test_a_port_in_use_is_refused_before_anything_starts(started, tmp_path, taken, monkeypatch):
    monkeypatch.setattr(run, "HANDOVER_SECONDS", 0.2)
    with pytest.raises(ServeError, match=f"--port {taken}: .*in use; choose another"):
        serve(Settings(home=tmp_path / "home"), "127.0.0.1", taken)


def test_a_port_that_is_freed_in_a_moment_is_waited_for():
    listening = socket.create_server(("127.0.0.1", 0))
    port = listening.getsockname()[1]
    threading.Timer(0.3, listening.close).start()
    check_port_free("127.0.0.1", port)
    assert listening.fileno() == -1


def test_a_host_that_is_not_ours_is_refused(port):
    with pytest.raises(ServeError, match=r"--host nobody\.invalid"):
        check_port_free("nobody.invalid", port)


def test_without_access_configured_nobody_is_served_from_elsewhere(started, tmp_path, port):
    settings = Settings(home=tmp_path / "home")
    with pytest.raises(
        ServeError, match=r"--host 0\.0\.0\.0: access is not configured.*access\.yaml.*purvey users add"
    ):
        serve(settings, "0.0.0.0", port)
    assert not settings.home.exists()


def test_with_access_configured_and_no_host_nobody_could_ask(started, tmp_path, port):
    (tmp_path / "access.yaml").write_text("tls: true\n")
    with pytest.raises(ServeError, match="no host is allowed"):
        serve(Settings(home=tmp_path), "0.0.0.0", port)


def test_with_access_configured_and_a_host_the_server_listens_anywhere(started, tmp_path, port):
    (tmp_path / "who.yaml").write_text("hosts: [purvey.example.com]\n")
    settings = Settings(home=tmp_path, access=tmp_path / "who.yaml")
    with pytest.raises(BecameServerError) as became:
        serve(settings, "0.0.0.0", port)
    environment = became.value.args[2]
    assert environment["PURVEY_ACCESS"] == str(tmp_path / "who.yaml")
    assert environment["FORWARDED_ALLOW_IPS"] == "none"


@pytest.mark.parametrize("text", ["host: [a]\n", "hosts: [http://a/]\n", "limits: {viewer: 3}\n", "- a\n"])
def test_a_file_about_access_that_cannot_be_used_is_refused_at_loopback_too(started, tmp_path, text):
    (tmp_path / "access.yaml").write_text(text)
    with pytest.raises(ConfigError, match=r"access\.yaml: "):
        serve(Settings(home=tmp_path), "127.0.0.1", 3000)


def test_a_file_about_access_that_is_named_and_not_there_is_refused(started, tmp_path):
    with pytest.raises(ConfigError, match=r"nowhere\.yaml: no such file"):
        serve(Settings(home=tmp_path, access=tmp_path / "nowhere.yaml"), "127.0.0.1", 3000)
