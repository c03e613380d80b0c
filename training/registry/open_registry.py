"""Opening of the model ledger and of the promoter, as the settings place state database, MLflow and bundle store."""

import getpass
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine

from database import ledger
from database.engine import open_engine
from database.ledger import LedgerEntry, LedgerRow
from database.migrate import check_current, upgrade
from database.settings import Settings
from training.registry.lock import exclusive_lock
from training.registry.mlflow_registry import MlflowRegistry
from training.registry.promoter import Promoter


@dataclass(frozen=True)
class DatabaseLedger:
    """The model ledger in the state database."""

    engine: Engine

    def append(self, entry: LedgerEntry) -> LedgerRow:
        """Add an entry to the model ledger and return its row."""
        return ledger.append(self.engine, entry)

    def champion(self) -> LedgerRow | None:
        """Ledger row that made the current champion."""
        return ledger.champion(self.engine)

    def history(self) -> list[LedgerRow]:
        """All rows of the model ledger, the newest first."""
        return ledger.history(self.engine)


def open_ledger(settings: Settings) -> DatabaseLedger:
    """Open the model ledger; a SQLite state database that is not there yet is made.

    Raises
    ------
    StateError
        When the database is a migration behind.
    """
    engine = open_engine(settings.state_url)
    file = engine.url.database
    if engine.dialect.name == "sqlite" and file:
        with exclusive_lock(settings.home, "upgrade"):  # or another process would find it half made
            if not Path(file).exists():
                upgrade(settings.state_url)
    check_current(engine)
    return DatabaseLedger(engine)


def open_promoter(settings: Settings) -> Promoter:
    """Open MLflow registry, model ledger and bundle store as one promoter."""
    return Promoter(MlflowRegistry(settings.mlflow_url), open_ledger(settings), settings.bundles)


def current_user() -> str:
    """Name of the user at the keyboard, for the model ledger."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a container may run as a number without a name
        return "unknown"
