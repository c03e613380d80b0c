"""Letters sent as one e-mail, through a mail server with or without STARTTLS."""

import json
import smtplib
import ssl
from collections.abc import Sequence
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any

from configs.alerts.alert_options import EmailConfig
from configs.formats import money
from database.alerts.outbox import Delivery
from jobs.alerts.webhooks import WAIT_SECONDS, DeliveryError
from procurement.alerts.rules import KINDS, SEVERITIES


def send_email(target: EmailConfig, deliveries: Sequence[Delivery], *, now: datetime, password: str) -> None:
    """Send letters as one mail.

    Raises
    ------
    DeliveryError
        When the mail server did not take it.
    """
    message = mail_of(target, deliveries, now)
    try:
        with smtplib.SMTP(target.host, target.port, timeout=WAIT_SECONDS) as server:
            if target.starttls:
                server.starttls(context=ssl.create_default_context())
            if target.user:
                server.login(target.user, password)
            refused = server.send_message(message)
    except (OSError, smtplib.SMTPException) as error:
        raise DeliveryError(f"{target.host}:{target.port}: {error}") from None
    if refused:
        raise DeliveryError(f"{target.host}:{target.port} took it for nobody of {', '.join(sorted(refused))}")


def mail_of(target: EmailConfig, deliveries: Sequence[Delivery], now: datetime) -> EmailMessage:
    """The mail about letters, the most pressing first; `X-Purvey-Id` names them, for who wants to drop doubles."""
    said = sorted((json.loads(each.payload) for each in deliveries), key=_pressing)
    message = EmailMessage()
    message["Subject"] = _subject(said)
    message["From"], message["To"] = target.sender, ", ".join(target.to)
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<{deliveries[0].delivery_id}@{target.sender.rpartition('@')[2]}>"
    message["X-Purvey-Id"] = " ".join(each.delivery_id for each in deliveries)
    text = "\n\n".join(_paragraph(each) for each in said) + "\n"
    message.set_content(text, cte="quoted-printable")  # not every server takes eight bits
    return message


def _pressing(said: dict[str, Any]) -> tuple[int, float, int]:
    """Sorts letters: the most pressing first, then the most money."""
    row = said["exception"]
    return -SEVERITIES.index(row["severity"]), -(row["money"] or 0.0), row["id"]


def _subject(said: Sequence[dict[str, Any]]) -> str:
    """Subject of a mail: how many letters it has, and how many of them are urgent."""
    urgent = sum(each["exception"]["severity"] == "urgent" and each["event"] == "opened" for each in said)
    count = f"{len(said)} alert{'' if len(said) == 1 else 's'}"
    return f"Purvey: {count}" + (f", {urgent} urgent" if urgent else "")


def _paragraph(said: dict[str, Any]) -> str:
    """What a mail says about one exception."""
    row = said["exception"]
    head = f"[{row['severity']}] {KINDS[row['kind']].label}, for {row['owner']}"
    if said["event"] == "closed":
        head += f": closed, {row['closed_because']}"
    worth = "" if row["money"] is None else f"\nMoney: {money(row['money'], said['currency'])}"
    return f"{head}\n{row['text']}{worth}\n{said['link']}"
