"""Opening of the model ledger and of the promoter, as the settings place state database, MLflow and bundle store."""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine

from database import ledger
from database.engine import open_state
from database.ledger import LedgerEntry, LedgerRow
from database.migrate import check_current, upgrade_state
from database.settings import Settings
from training.registry.lock import exclusive_lock
from training.registry.mlflow_registry import MlflowRegistry
from training.registry.promoter import Promoter


@dataclass(frozen=True)
class OpenedLedger:
    """The model ledger, opened in the state database of the settings."""

    engine: Engine

    def append(self, entry: LedgerEntry) -> LedgerRow:
        """Add an entry to the opened ledger and return its row."""
        return ledger.append(self.engine, entry)

    def champion(self) -> LedgerRow | None:
        """Row of the opened ledger that made the current champion."""
        return ledger.champion(self.engine)

    def history(self) -> list[LedgerRow]:
        """All rows of the opened ledger, the newest first."""
        return ledger.history(self.engine)


def open_ledger(settings: Settings) -> OpenedLedger:
    """Open the model ledger of the settings, for promotion; a SQLite state database that is not there yet is made.

    Raises
    ------
    StateError
        When the database is a migration behind.
    """
    engine = open_state(settings)
    file = engine.url.database
    if engine.dialect.name == "sqlite" and file:
        with exclusive_lock(settings.home, "upgrade"):  # or another process would find it half made
            if not Path(file).exists():
                upgrade_state(settings)
    check_current(engine)
    return OpenedLedger(engine)


def open_promoter(settings: Settings) -> Promoter:
    """Open the model ledger, and with it MLflow registry and bundle store, as one promoter."""
    return Promoter(MlflowRegistry(settings.mlflow_url), open_ledger(settings), settings.bundles)
