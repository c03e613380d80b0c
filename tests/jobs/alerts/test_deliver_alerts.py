import hashlib
import hmac
import json
import os
import signal
import socket
import subprocess
import sys
import time
from datetime import timedelta
from email import message_from_string
from email.policy import default
from pathlib import Path

import pytest
from alert_posts import NOW, SECRET
from sqlalchemy import select

from database.alerts.alert_tables import outbox
from database.alerts.outbox import LEASE
from jobs.alerts.deliver_alerts import DeliveryCounts, deliver_alerts
from jobs.alerts.webhooks import DeliveryError, send_webhook

ROOT = Path(__file__).parents[3]


def at(**later):
    return lambda: NOW + timedelta(**later)


def errors(post):
    with post.engine.connect() as connection:
        return list(connection.execute(select(outbox.c.last_error).order_by(outbox.c.id)).scalars())


def test_a_webhook_gets_the_exception_as_json_once(post, receiver):
    post.configure(webhooks={"erp": {"url": receiver.url}}, page="https://purvey.example.com/")
    post.open("a")
    assert deliver_alerts(post.settings, clock=at()) == DeliveryCounts(1, 0, 0)
    assert deliver_alerts(post.settings, clock=at(days=1)) == DeliveryCounts(0, 0, 0)
    [(path, headers, body)] = receiver.letters
    said = json.loads(body)
    assert path == "/hook?from=purvey"
    assert headers["Content-Type"] == "application/json"
    assert (said["event"], said["currency"]) == ("opened", "EUR")
    assert said["link"] == "https://purvey.example.com/skus/a"
    assert (said["exception"]["id"], said["exception"]["text"]) == (1, "a runs out.")
    assert said["exception"]["opened_at"] == "2026-03-02T12:00:00+00:00"


def test_a_receiver_can_verify_who_sent_it_and_when(post, receiver):
    post.configure(webhooks={"erp": {"url": receiver.url}})
    post.open("ä")
    deliver_alerts(post.settings, clock=at(seconds=7))
    _, headers, body = receiver.letters[0]
    stamp = headers["X-Purvey-Timestamp"]
    assert int(stamp) == int((NOW + timedelta(seconds=7)).timestamp())
    expected = hmac.new(SECRET.encode(), f"{stamp}.{body}".encode(), hashlib.sha256).hexdigest()
    assert headers["X-Purvey-Signature"] == f"sha256={expected}"


def test_without_a_secret_nothing_is_sent_unsigned(post, receiver):
    post.configure(webhooks={"erp": {"url": receiver.url}})
    post.open("a")
    settings = post.settings.model_copy(update={"webhook_secret": type(post.settings.webhook_secret)("")})
    assert deliver_alerts(settings, clock=at()) == DeliveryCounts(0, 1, 1)
    assert receiver.letters == []
    assert "PURVEY_WEBHOOK_SECRET is not set" in errors(post)[0]


def test_what_fails_is_tried_again_later_with_the_same_id(post, receiver):
    receiver.answers = [500, 503, 200]
    post.configure(webhooks={"erp": {"url": receiver.url}})
    post.open("a")
    assert deliver_alerts(post.settings, clock=at()) == DeliveryCounts(0, 1, 1)
    assert errors(post)[0].endswith("answered 500, expected 2xx")
    assert deliver_alerts(post.settings, clock=at(seconds=59)) == DeliveryCounts(0, 0, 1)
    assert deliver_alerts(post.settings, clock=at(seconds=60)) == DeliveryCounts(0, 1, 1)
    assert deliver_alerts(post.settings, clock=at(seconds=179)).failed == 0
    assert deliver_alerts(post.settings, clock=at(seconds=180)) == DeliveryCounts(1, 0, 0)
    assert len({headers["X-Purvey-Id"] for _, headers, _ in receiver.letters}) == 1
    assert len(receiver.letters) == 3


def test_a_redirect_is_not_followed(post, receiver):
    receiver.answers, receiver.headers = [302], {"Location": receiver.url}
    post.configure(webhooks={"erp": {"url": receiver.url}})
    post.open("a")
    assert deliver_alerts(post.settings, clock=at()).failed == 1
    assert len(receiver.letters) == 1


def test_a_target_that_is_down_is_asked_once_and_holds_no_other_up(post, receiver):
    with socket.socket() as taken:  # bound and not listening: refused
        taken.bind(("127.0.0.1", 0))
        down = f"http://127.0.0.1:{taken.getsockname()[1]}/"
        post.configure(webhooks={"down": {"url": down}, "erp": {"url": receiver.url}})
        post.open("a", "b", "c")
        assert deliver_alerts(post.settings, clock=at()) == DeliveryCounts(3, 1, 3)
    assert len(receiver.letters) == 3


def test_a_target_that_is_gone_from_the_file_is_said(post, receiver):
    post.configure(webhooks={"erp": {"url": receiver.url}})
    post.open("a")
    post.configure()
    assert deliver_alerts(post.settings, clock=at()).failed == 1
    assert errors(post) == ["alerts.yaml has no such target any more"]


def test_what_is_no_address_for_us_is_not_opened():
    with pytest.raises(DeliveryError, match="file: no such way to send"):
        send_webhook("file:///etc/passwd", "{}", delivery_id="1", timestamp=1, secret="s")


def test_targets_are_told_what_they_want_to_know(post, receiver):
    post.configure(
        webhooks={
            "urgent": {"url": receiver.url, "least_severity": "urgent"},
            "orders": {"url": receiver.url, "kinds": ["overdue"]},
            "all": {"url": receiver.url, "least_severity": "info", "closings": True},
        }
    )
    assert post.open("a", severity="warning")["queued"] == 1
    assert post.open("b", severity="urgent")["queued"] == 2
    assert post.open(closed=[1])["queued"] == 1


KILLED_BETWEEN = """
import os, signal, sys
from datetime import datetime
import jobs.alerts.deliver_alerts as delivering
from database.settings import Settings

sent = []
def counted(*given):
    sent.append(1)
    if len(sent) == 2:
        os.kill(os.getpid(), signal.SIGKILL)
    return mark(*given)

mark, delivering.mark_delivered = delivering.mark_delivered, counted
now = datetime.fromisoformat(sys.argv[1])
delivering.deliver_alerts(Settings(), clock=lambda: now)
"""


def test_killed_between_sending_and_writing_it_down_every_letter_arrives_and_doubles_have_one_id(
    post, receiver
):
    post.configure(webhooks={"erp": {"url": receiver.url}})
    post.open("a", "b", "c")
    environment = os.environ | {"PURVEY_HOME": str(post.settings.home), "PURVEY_WEBHOOK_SECRET": SECRET}
    command = [sys.executable, "-c", KILLED_BETWEEN]
    killed = subprocess.run([*command, NOW.isoformat()], env=environment, cwd=ROOT, check=False)
    assert killed.returncode == -signal.SIGKILL
    assert len(receiver.letters) == 2
    assert deliver_alerts(post.settings, clock=at(seconds=1)) == DeliveryCounts(
        1, 0, 1
    )  # one is leased still
    assert deliver_alerts(post.settings, clock=lambda: NOW + LEASE) == DeliveryCounts(1, 0, 0)
    ids = [headers["X-Purvey-Id"] for _, headers, _ in receiver.letters]
    assert (len(ids), len(set(ids))) == (4, 3)
    by_id = {
        headers["X-Purvey-Id"]: json.loads(body)["exception"]["subject"]
        for _, headers, body in receiver.letters
    }
    assert sorted(by_id.values()) == ["a", "b", "c"]


def test_the_command_delivers_again_and_again_until_it_is_ended(post, receiver):
    post.configure(webhooks={"erp": {"url": receiver.url}})
    post.open("a")
    environment = os.environ | {"PURVEY_HOME": str(post.settings.home), "PURVEY_WEBHOOK_SECRET": SECRET}
    command = [sys.executable, "-m", "commands", "alerts", "deliver", "--every", "60"]
    process = subprocess.Popen(command, env=environment, cwd=ROOT)
    try:
        for _ in range(600):
            if receiver.letters:
                break
            time.sleep(0.1)
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
    finally:
        process.kill()
    assert len(receiver.letters) == 1
    assert deliver_alerts(post.settings).waiting == 0


def mailing(server, **more):
    host, port = server.server_address
    return {
        "host": host,
        "port": port,
        "starttls": False,
        "sender": "purvey@example.com",
        "to": ["ada@example.com"],
    } | more


def test_mail_goes_as_one_message_the_most_pressing_first(post, mail_server):
    post.configure(emails={"us": mailing(mail_server)}, page="https://p.example")
    post.open("a", severity="warning")
    post.open("b", "ü")
    assert deliver_alerts(post.settings, clock=at()) == DeliveryCounts(3, 0, 0)
    [(to, text)] = mail_server.mails
    mail = message_from_string(text, policy=default)
    assert to == ["rcpt TO:<ada@example.com>"]
    assert mail["Subject"] == "Purvey: 3 alerts, 2 urgent"
    assert (mail["From"], mail["To"]) == ("purvey@example.com", "ada@example.com")
    assert len(mail["X-Purvey-Id"].split()) == 3
    body = mail.get_content()
    assert body.index("b runs out.") < body.index("ü runs out.") < body.index("a runs out.")
    assert "https://p.example/skus/b" in body
    assert "Money: 5 EUR" in body


def test_mail_that_nobody_is_there_for_is_tried_again(post, mail_server):
    mail_server.refused = ("ada",)
    post.configure(emails={"us": mailing(mail_server)})
    post.open("a")
    assert deliver_alerts(post.settings, clock=at()) == DeliveryCounts(0, 1, 1)
    mail_server.refused = ()
    assert deliver_alerts(post.settings, clock=at(minutes=1)) == DeliveryCounts(1, 0, 0)


def test_mail_is_not_sent_in_the_clear_where_it_is_to_be_encrypted(post, mail_server):
    post.configure(emails={"us": mailing(mail_server, starttls=True)})
    post.open("a")
    assert deliver_alerts(post.settings, clock=at()).failed == 1
    assert mail_server.mails == []
    assert "STARTTLS" in errors(post)[0]
