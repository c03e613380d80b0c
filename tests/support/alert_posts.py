"""A home with exceptions whose letters wait, and receivers at loopback."""

import json
import socketserver
import threading
from datetime import UTC, date, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pandas as pd
import pytest
from sqlalchemy import insert

from configs.alerts.alert_options import AlertsConfig
from configs.load import load_alerts
from database.alerts.exception_store import Changes, Evaluation, store_changes
from database.engine import open_state
from database.migrate import upgrade
from database.schema import plan_runs
from database.settings import Settings
from jobs.alerts.letters import letters_of

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
SECRET = "a secret of the tests"


class Receiver(ThreadingHTTPServer):
    """A webhook that keeps what it is sent, and answers the `answers` in turn, then the last again and again."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.letters, self.answers, self.headers = [], [204], {}

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_address[1]}/hook?from=purvey"


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"])).decode()
        self.server.letters.append((self.path, dict(self.headers), body))
        answers = self.server.answers
        self.send_response(answers.pop(0) if len(answers) > 1 else answers[0])
        for name, value in self.server.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        """Say nothing."""


class MailServer(socketserver.ThreadingTCPServer):
    """A mail server that takes everything, and says no to recipients at `refused`."""

    daemon_threads = allow_reuse_address = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _MailHandler)
        self.mails, self.refused = [], ()


class _MailHandler(socketserver.StreamRequestHandler):
    def handle(self):
        self.say("220 mail")
        to = []
        while line := self.rfile.readline().decode().strip():
            verb = line[:4].upper()
            if verb == "RCPT" and any(name in line for name in self.server.refused):
                self.say("550 nobody here")
            elif verb == "DATA":
                self.say("354 go on")
                lines = iter(lambda: self.rfile.readline().decode(), ".\r\n")
                self.server.mails.append((to, "".join(lines)))
                self.say("250 taken")
            elif verb == "QUIT":
                self.say("221 bye")
                return
            else:
                to += [line] if verb == "RCPT" else []
                self.say("250 ok")

    def say(self, text):
        self.wfile.write(f"{text}\r\n".encode())


def _running(server):
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def receiver():
    yield from _running(Receiver())


@pytest.fixture
def mail_server():
    yield from _running(MailServer())


class Post:
    """A home whose `alerts.yaml` has targets, and letters about exceptions that wait in its outbox."""

    def __init__(self, home):
        self.settings = Settings(home=home, webhook_secret=SECRET)
        upgrade(self.settings.state_url)
        self.engine = open_state(self.settings)
        with self.engine.begin() as connection:
            facts = {"bundle_hash": "b", "source": "s", "folder": "f", "facts": {}}
            connection.execute(insert(plan_runs).values(id=1, at=NOW, as_of=date(2026, 3, 2), **facts))

    def configure(self, **targets):
        text = json.dumps(AlertsConfig.model_validate(targets).model_dump(mode="json"))
        self.settings.alerts_file.write_text(text)  # JSON is YAML

    def open(self, *subjects, severity="urgent", closed=(), at=NOW):
        opened = pd.DataFrame(
            [{"rule": "stockout_risk", "kind": "stockout_risk", "subject": subject, "value": 0.9,
              "text": f"{subject} runs out.", "money": 5.0, "link": f"/skus/{subject}", "severity": severity,
              "owner": "planner"} for subject in subjects],
            columns=["rule", "kind", "subject", "value", "text", "money", "link", "severity", "owner"],
        )  # fmt: skip
        changes = Changes(
            opened,
            pd.DataFrame(columns=["id", "value", "text", "money", "link"]),
            pd.DataFrame([(key, "it is over") for key in closed], columns=["id", "reason"]),
            pd.DataFrame({"rule": [], "subject": [], "since": pd.to_datetime([])}),
        )
        letters = letters_of(load_alerts(self.settings.alerts_file), "EUR")
        return store_changes(self.engine, Evaluation(1, date(2026, 3, 2), at), lambda _: changes, letters)


@pytest.fixture
def post(tmp_path):
    made = Post(tmp_path / "home")
    yield made
    made.engine.dispose()
