"""Every option of `alerts.yaml`: which rules open exceptions, and where word of them is sent."""

import re
from collections.abc import Iterable
from datetime import date
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, field_validator, model_validator

from configs.section import Section, option

Severity = Literal["info", "warning", "urgent"]
"""How much an exception presses, the least first."""

AlertKind = Literal[
    "order_due", "stockout_risk", "supplier_eroding", "budget", "price", "unusual_spend", "overdue",
    "contract_ending", "data_stale", "model_due", "expiring",
]  # fmt: skip
"""What a rule watches; `procurement.alerts.rules.KINDS` says more of each."""

_NAME = re.compile(r"[A-Za-z0-9_-]{1,60}")


class AlertRuleConfig(Section):
    """One rule. What it does not say is as its kind has it by default, which docs/alerts.md lists."""

    kind: AlertKind | None = option(None, "what it watches; none: what its name says")
    enabled: bool = option(True, "false: it opens nothing, and what it opened closes")
    open_at: float | None = option(None, "value at which it opens; none: the kind's")
    close_at: float | None = option(None, "value which has to be passed before it closes; none: the kind's")
    least_days: int | None = option(None, "how long it has to last before it opens", "days", ge=0, le=366)
    least_money: float | None = option(None, "less money than this opens nothing", "money", ge=0)
    severity: Severity | None = option(None, "how much it presses; none: the kind's")
    owner: str | None = option(None, "role or person whose it is; none: the kind's")
    mute_until: date | None = option(None, "it opens nothing before this day")


class _Target(Section):
    """What all targets have."""

    least_severity: Severity = option("warning", "exceptions that press less are not sent")
    kinds: tuple[AlertKind, ...] = option((), "kinds that are sent; none: all")
    closings: bool = option(False, "also say so when an exception has closed itself")


class WebhookConfig(_Target):
    """An address that is sent JSON by POST, signed with `PURVEY_WEBHOOK_SECRET`."""

    url: str = option("", "http or https address, without name and password in it", validate_default=True)

    @field_validator("url")
    @classmethod
    def _plain_address(cls, given: str) -> str:
        try:
            address = urlsplit(given)
            usable = address.scheme in {"http", "https"} and bool(address.hostname) and address.port != 0
        except ValueError:
            usable = False
        if not usable or not given.isascii() or any(not mark.isprintable() or mark == " " for mark in given):
            raise ValueError(f"{given!r:.80} is no http or https address")
        if "@" in address.netloc:
            raise ValueError("it has a name or password in it; receivers know us by the signature")
        return given


class EmailConfig(_Target):
    """People who get e-mail, through a server whose password is `PURVEY_SMTP_PASSWORD`."""

    host: str = option("localhost", "mail server")
    port: int = option(587, "its port", ge=1, le=65535)
    starttls: bool = option(True, "encrypt the connection, and send nothing where that fails")
    user: str = option("", "name at the mail server; none: no login")
    sender: str = option("", "address that the mail comes from")
    to: tuple[str, ...] = option((), "addresses that it goes to")

    @model_validator(mode="after")
    def _complete(self) -> "EmailConfig":
        for name, addresses in (("sender", (self.sender,)), ("to", self.to)):
            if not addresses:
                raise ValueError(f"{name}: an address is needed")
            for address in addresses:
                if not re.fullmatch(r"[!-~]+@[!-~]+", address):
                    raise ValueError(f"{name}: {address!r:.80} is no e-mail address")
        if self.user and not self.starttls and self.host not in {"localhost", "127.0.0.1", "::1"}:
            raise ValueError("user: a password is not sent without starttls")
        return self


class AlertsConfig(Section):
    """Rules and targets of alerts. The file is `alerts.yaml` in the home, or what `PURVEY_ALERTS` names."""

    page: str = option(
        "", "address under which people reach the pages, for links: https://purvey.example.com"
    )
    rules: dict[str, AlertRuleConfig] = Field(
        default_factory=dict, description="rules by name; one named as a kind changes that kind's own rule"
    )
    webhooks: dict[str, WebhookConfig] = Field(default_factory=dict, description="webhooks by name")
    emails: dict[str, EmailConfig] = Field(default_factory=dict, description="groups of people by name")

    @field_validator("page")
    @classmethod
    def _address(cls, given: str) -> str:
        if given and (urlsplit(given).scheme not in {"http", "https"} or not given.isprintable()):
            raise ValueError(f"{given!r:.80} is no http or https address")
        return given.rstrip("/")

    @model_validator(mode="after")
    def _names(self) -> "AlertsConfig":
        for section, names in self._named():
            for name in names:
                if not _NAME.fullmatch(name):
                    raise ValueError(f"{section}.{name!r:.80}: a name has letters, digits, - and _ only")
        return self

    def _named(self) -> Iterable[tuple[str, Iterable[str]]]:
        return (("rules", self.rules), ("webhooks", self.webhooks), ("emails", self.emails))
