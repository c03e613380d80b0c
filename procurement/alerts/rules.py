"""Rules of alerts as data: the kinds there are, their thresholds to open and to close, and a company's own."""

from dataclasses import dataclass, fields
from datetime import date
from typing import Literal, get_args

from configs.alerts.alert_options import AlertKind, AlertRuleConfig, AlertsConfig, Severity
from configs.errors import ConfigError

SEVERITIES: tuple[Severity, ...] = get_args(Severity)
"""The least pressing first."""


@dataclass(frozen=True)
class Kind:
    """What rules of a kind watch, and their defaults.

    Attributes
    ----------
    label : name for people
    opens : `above`: from `open_at` on upwards; `below`: from `open_at` on downwards
    unit : of the value: days, share or money
    needs : tables of a plan run that it is read from
    gone : why an exception closed that is not found any more
    """

    label: str
    opens: Literal["above", "below"]
    unit: Literal["days", "share", "money"]
    open_at: float
    close_at: float
    severity: Severity
    owner: str
    needs: tuple[str, ...]
    gone: str
    least_days: int = 0


KINDS: dict[AlertKind, Kind] = {
    "order_due": Kind(
        "order due", "below", "days", 2, 4, "warning", "buyer", ("plan",), "nothing is due there any more"
    ),
    "stockout_risk": Kind(
        "stock runs out", "above", "share", 0.5, 0.3, "urgent", "planner", ("running_out",),
        "its risk is within what its target accepts",
    ),
    "supplier_eroding": Kind(
        "supplier got worse", "above", "share", 0.05, 0.0, "warning", "buyer", ("scorecard", "orders"),
        "nothing shows that it is worse than before",
    ),
    "budget": Kind(
        "budget", "above", "share", 0.8, 0.6, "warning", "approver", ("budget_outlook",),
        "the budget is over, or will hardly be passed",
    ),
    "price": Kind(
        "price", "above", "money", 500, 250, "warning", "buyer", ("unusual_spend",),
        "it is older than 30 days, or is usual now",
    ),
    "unusual_spend": Kind(
        "unusual spend", "above", "money", 1000, 500, "warning", "approver", ("unusual_spend",),
        "it is older than 30 days, or is usual now",
    ),
    "overdue": Kind(
        "order overdue", "above", "days", 3, 1, "warning", "buyer", ("orders",),
        "it has come, was closed, or has a new date",
    ),
    "contract_ending": Kind(
        "contract ends", "below", "days", 60, 75, "info", "buyer", ("contracts",), "it was renewed or dropped"
    ),
    "data_stale": Kind(
        "data stale", "above", "days", 3, 1, "urgent", "admin", (), "the tables are up to date"
    ),
    "model_due": Kind(
        "model due", "above", "days", 90, 45, "info", "scientist", (), "a newer model is in force"
    ),
    "expiring": Kind(
        "stock expires", "below", "days", 14, 21, "warning", "planner", ("expiring_lots",),
        "it was sold or written off",
    ),
}  # fmt: skip


@dataclass(frozen=True)
class AlertRule:
    """One rule: `kind` says what it watches, `open_at` and `close_at` are values of that kind's unit.

    Attributes
    ----------
    least_days : days a finding has to last before it opens
    least_money : money below which nothing opens
    owner : role or person whose exceptions these are
    mute_until : nothing opens before this day; none: nothing is muted
    """

    name: str
    kind: AlertKind
    open_at: float
    close_at: float
    severity: Severity
    owner: str
    least_days: int = 0
    least_money: float = 0.0
    mute_until: date | None = None

    @property
    def sign(self) -> float:
        """1 where it opens above its threshold, −1 where below: value × sign is worse the larger it is."""
        return 1.0 if KINDS[self.kind].opens == "above" else -1.0


def default_rule(kind: AlertKind) -> AlertRule:
    """The rule of a kind that holds where nobody says otherwise; it is named as the kind."""
    known = KINDS[kind]
    return AlertRule(kind, kind, known.open_at, known.close_at, known.severity, known.owner, known.least_days)


def rules_of(config: AlertsConfig) -> tuple[AlertRule, ...]:
    """The rules of a company, by name: one of each kind as `alerts.yaml` changes it, and those that it adds.

    Raises
    ------
    ConfigError
        When a rule has no kind, or would close before it opens.
    """
    given = {kind: AlertRuleConfig() for kind in KINDS} | config.rules
    made = (_rule(name, said) for name, said in given.items() if said.enabled)
    return tuple(sorted(made, key=lambda rule: rule.name))


def _rule(name: str, said: AlertRuleConfig) -> AlertRule:
    """A rule of the file with what its kind has where the file says nothing."""
    kind = said.kind or next((known for known in KINDS if known == name), None)
    if kind is None:
        raise ConfigError(f"alerts.yaml: rules.{name}: kind is missing, expected one of {', '.join(KINDS)}")
    base = default_rule(kind)
    own = {
        field.name: value
        for field in fields(AlertRule)
        if field.name not in ("name", "kind") and (value := getattr(said, field.name)) is not None
    }
    rule = AlertRule(**{**vars(base), **own, "name": name})
    if rule.close_at * rule.sign > rule.open_at * rule.sign:
        side = "at most" if rule.sign > 0 else "at least"
        raise ConfigError(
            f"alerts.yaml: rules.{name}: close_at is {rule.close_at:g}, expected {side} open_at, {rule.open_at:g}"
        )
    return rule
