"""Where home, state database and MLflow are, from environment variables."""

from pathlib import Path

from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """The environment variables `PURVEY_HOME`, `PURVEY_DATABASE_URL` and `PURVEY_TRACKING_URI`."""

    model_config = SettingsConfigDict(env_prefix="PURVEY_", frozen=True)

    home: Path = Path(".purvey")
    database_url: str = ""
    tracking_uri: str = ""

    @property
    def state_url(self) -> str:
        """SQLAlchemy URL of the state database."""
        return self.database_url or f"sqlite:///{self.home.absolute() / 'purvey.db'}"

    @property
    def mlflow_url(self) -> str:
        """MLflow's tracking URI, a SQLite file in the home where none is set."""
        return self.tracking_uri or f"sqlite:///{self.home.absolute() / 'mlflow.db'}"

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
