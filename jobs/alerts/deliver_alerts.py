"""The outbox, sent: each delivery claimed, sent, and marked delivered, or tried again later."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from configs.alerts.alert_options import AlertsConfig
from database.alerts.outbox import Delivery, claim, mark_delivered, mark_failed, outbox_counts
from database.engine import open_state
from database.migrate import check_current
from database.schema import utc_now
from database.settings import Settings
from jobs.alerts.alert_settings import configured_alerts
from jobs.alerts.emails import send_email
from jobs.alerts.letters import EMAIL, WEBHOOK
from jobs.alerts.webhooks import DeliveryError, send_webhook

log = logging.getLogger("purvey.alerts")


@dataclass(frozen=True)
class DeliveryCounts:
    """How many deliveries arrived, how many failed now, and how many of the outbox wait still."""

    delivered: int
    failed: int
    waiting: int


def deliver_alerts(settings: Settings, *, clock: Callable[[], datetime] = utc_now) -> DeliveryCounts:
    """Send whatever is due in the outbox; a channel that fails is left alone until the next time.

    Killed between sending and writing that down, it sends again: at least once, with the same id.

    Raises
    ------
    StateError, ConfigError
        When state or `alerts.yaml` cannot be used.
    """
    config, engine = configured_alerts(settings), open_state(settings)
    delivered = failed = 0
    broken: set[str] = set()
    try:
        check_current(engine)
        while claimed := claim(engine, clock(), together=EMAIL, without=broken):
            try:
                _send(settings, config, claimed, clock())
            except DeliveryError as error:
                log.warning("%s: %s", claimed[0].channel, error)
                mark_failed(engine, claimed, str(error), clock())
                broken.add(claimed[0].channel)
                failed += len(claimed)
            else:
                mark_delivered(engine, claimed, clock())
                delivered += len(claimed)
        waiting = outbox_counts(engine).waiting
    finally:
        engine.dispose()
    return DeliveryCounts(delivered, failed, waiting)


def _send(settings: Settings, config: AlertsConfig, claimed: Sequence[Delivery], now: datetime) -> None:
    """Send claimed deliveries of one channel: of a webhook one, of e-mail all of them together."""
    channel, first = claimed[0].channel, claimed[0]
    if channel.startswith(EMAIL):
        email = config.emails.get(channel.removeprefix(EMAIL))
        if email is not None:
            password = settings.smtp_password.get_secret_value()
            send_email(email, claimed, now=now, password=password)
            return
    else:
        webhook = config.webhooks.get(channel.removeprefix(WEBHOOK))
        if webhook is not None:
            send_webhook(
                webhook.url, first.payload, delivery_id=first.delivery_id, timestamp=int(now.timestamp()),
                secret=settings.webhook_secret.get_secret_value(),
            )  # fmt: skip
            return
    raise DeliveryError("alerts.yaml has no such target any more")
