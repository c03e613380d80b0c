"""Where home, state database, MLflow and the file about access are, from environment variables."""

from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from database.audit.files import AuditFiles


class Settings(BaseSettings):
    """The environment variables `PURVEY_HOME`, `PURVEY_DATABASE_URL`, `PURVEY_TRACKING_URI`, and of access.

    `PURVEY_ACCESS` is the file that says who may ask, `PURVEY_PROXY_SECRET` what a trusted proxy knows,
    `PURVEY_WORKERS` the number of processes that serve. `PURVEY_ALERTS` is the file of alerts, `PURVEY_WEBHOOK_SECRET`
    signs webhooks, `PURVEY_SMTP_PASSWORD` opens the mail server.
    """

    model_config = SettingsConfigDict(env_prefix="PURVEY_", frozen=True)

    home: Path = Path(".purvey")
    database_url: str = ""
    tracking_uri: str = ""
    audit_head: Path | None = None
    workers: int = Field(1, ge=1, le=64)
    access: Path | None = None
    proxy_secret: SecretStr = SecretStr("")
    alerts: Path | None = None
    webhook_secret: SecretStr = SecretStr("")
    smtp_password: SecretStr = SecretStr("")

    @property
    def state_url(self) -> str:
        """SQLAlchemy URL of the state database."""
        return self.database_url or f"sqlite:///{self.home.absolute() / 'purvey.db'}"

    @property
    def mlflow_url(self) -> str:
        """MLflow's tracking URI, a SQLite file in the home where none is set."""
        return self.tracking_uri or f"sqlite:///{self.home.absolute() / 'mlflow.db'}"

    @property
    def audit_files(self) -> AuditFiles:
        """Key and head of the audit log: in the home, the head elsewhere where `PURVEY_AUDIT_HEAD` says so."""
        return AuditFiles.of_home(self.home, self.audit_head)

    @property
    def bundles(self) -> Path:
        """The bundle store: one folder per published bundle, named by its hash."""
        return self.home / "bundles"

    @property
    def plans(self) -> Path:
        """The folder of plan snapshots, one folder per plan run."""
        return self.home / "plans"

    @property
    def monitoring(self) -> Path:
        """The folder of monitoring reports, one folder per monitored champion, named by its bundle's hash."""
        return self.home / "monitoring"

    @property
    def access_file(self) -> Path:
        """The file that says who may ask; where none is named and none is in the home, access is open."""
        return self.access or self.home / "access.yaml"

    @property
    def alerts_file(self) -> Path:
        """The file of rules and targets of alerts; where it is not there, the rules are the default ones."""
        return self.alerts or self.home / "alerts.yaml"
