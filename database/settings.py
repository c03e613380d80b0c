"""Where things are kept, from the environment."""

from pathlib import Path

from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """`PURVEY_HOME`, `PURVEY_DATABASE_URL`, `PURVEY_TRACKING_URI` and `PURVEY_SOURCE`."""

    model_config = SettingsConfigDict(env_prefix="PURVEY_", frozen=True)

    home: Path = Path(".purvey")
    database_url: str = ""
    tracking_uri: str = ""
    source: str | None = None

    @property
    def state_url(self) -> str:
        """SQLAlchemy URL of the state database."""
        return self.database_url or f"sqlite:///{self.home.absolute() / 'purvey.db'}"

    @property
    def mlflow_url(self) -> str:
        """MLflow's tracking URI."""
        return self.tracking_uri or f"sqlite:///{self.home.absolute() / 'mlflow.db'}"

    @property
    def bundles(self) -> Path:
        """The bundle store: one folder per published bundle, named by its hash."""
        return self.home / "bundles"

    @property
    def plans(self) -> Path:
        """One folder per planning run."""
        return self.home / "plans"

    @property
    def monitoring(self) -> Path:
        """One folder per champion that was monitored, named by its bundle's hash."""
        return self.home / "monitoring"
