"""What is sent about an exception, and to which targets: one letter a target, as JSON text that is never changed."""

import json
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from configs.alerts.alert_options import AlertsConfig, EmailConfig, WebhookConfig
from database.alerts.exception_store import Letters
from procurement.alerts.rules import SEVERITIES

WEBHOOK, EMAIL = "webhook:", "email:"
"""Beginnings of the names of channels; the name of the target follows."""

_SAID = (
    "id", "rule", "kind", "subject", "severity", "owner", "state", "value", "text", "money", "opened_at",
    "opened_on", "closed_at", "closed_because", "plan_run",
)  # fmt: skip


def letters_of(config: AlertsConfig, currency: str) -> Letters:
    """Return what makes the letters about an exception: (channel, JSON text) of each target that wants to know."""

    def letters(event: str, row: Mapping[str, Any]) -> list[tuple[str, str]]:
        channels = [name for name, target in _targets(config) if _wants(target, event, row)]
        if not channels:
            return []
        text = letter(event, row, page=config.page, currency=currency)
        return [(name, text) for name in channels]

    return letters


def letter(event: str, row: Mapping[str, Any], *, page: str, currency: str) -> str:
    """JSON text about a row of the table `exceptions`: `event`, `exception`, `currency`, `link`."""
    said = {name: _plain(row[name]) for name in _SAID}
    link = f"{page}{row['link']}" if page else row["link"]
    document = {"event": event, "exception": said, "currency": currency, "link": link}
    return json.dumps(document, sort_keys=True, allow_nan=False)


def _targets(config: AlertsConfig) -> Iterator[tuple[str, WebhookConfig | EmailConfig]]:
    for name, webhook in config.webhooks.items():
        yield f"{WEBHOOK}{name}", webhook
    for name, email in config.emails.items():
        yield f"{EMAIL}{name}", email


def _wants(target: WebhookConfig | EmailConfig, event: str, row: Mapping[str, Any]) -> bool:
    """Whether a target is told about an event."""
    if event == "closed" and not target.closings:
        return False
    presses = SEVERITIES.index(row["severity"]) >= SEVERITIES.index(target.least_severity)
    return presses and (not target.kinds or row["kind"] in target.kinds)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else value
