"""Promotion and rollback of the champion across bundle store, MLflow aliases and ledger, the ledger's row last."""

import getpass
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from artifacts.bundle import Bundle, read_bundle
from artifacts.bundle_store import open_bundle, publish
from artifacts.manifest import BundleError
from configs.errors import DomainError
from database.ledger import LedgerAction, LedgerEntry, LedgerRow
from training.registry.mlflow_registry import CHALLENGER, CHAMPION, ModelVersion


class PromotionError(DomainError):
    """A promotion or rollback that cannot be done: says why; the champion is the one before."""


class ModelRegistry(Protocol):
    """What the promoter asks of a model registry: find versions, fetch bundles, set aliases."""

    def versions(self) -> list[ModelVersion]:
        """Model versions that can be promoted, the newest first."""
        ...

    def find(self, name: str) -> ModelVersion:
        """Model version to promote, by number or alias; UnknownVersionError when there is none."""
        ...

    def bundle_folder(self, version: ModelVersion) -> Path:
        """Local folder with the version's bundle, from which a promotion publishes it."""
        ...

    def aliases(self) -> dict[str, str]:
        """Alias → version number, before and after a promotion."""
        ...

    def set_alias(self, alias: str, number: str | None) -> None:
        """Point the alias at the version promoted, or nowhere."""
        ...


class PromoterLedger(Protocol):
    """What the promoter asks of a ledger, the record of who made which model champion, when and why."""

    def append(self, entry: LedgerEntry) -> LedgerRow:
        """Add the entry that the promoter ends a promotion or rollback with, and return its row."""
        ...

    def champion(self) -> LedgerRow | None:
        """Row of the current champion, as the promoter finds it; None before the first promotion."""
        ...

    def history(self) -> list[LedgerRow]:
        """All rows, the newest first, in which the promoter looks for the champion to roll back to."""
        ...


@dataclass(frozen=True)
class Promoter:
    """Promotes and rolls back model versions: registry, ledger and bundle store, changed together.

    The server reads the ledger only. So bundle first, alias second, ledger last: whatever fails, the ledger names a
    champion whose bundle is complete in the store.
    """

    registry: ModelRegistry
    ledger: PromoterLedger
    store: Path

    def promote(self, name: str, *, who: str, why: str) -> LedgerRow:
        """Promote the version of that number or alias to champion.

        Raises
        ------
        UnknownVersionError
            When there is no such version.
        PromotionError
            When it is champion already and its bundle in the store is sound.
        BundleError
            When its bundle is damaged, or the store cannot be written.
        """
        version = self.registry.find(name)
        champion = self.ledger.champion()
        if champion is not None and _identity(champion) == (version.number, version.bundle_hash):
            try:
                open_bundle(self.store, champion.bundle_hash)
            except BundleError:  # promoting the champion again is how a damaged store is mended
                return self._make_champion(version, action="promote", who=who, why=why)
            raise PromotionError(f"version {version.number} is champion already")
        return self._make_champion(version, action="promote", who=who, why=why)

    def rollback(self, *, who: str, why: str) -> LedgerRow:
        """Roll back to the champion before the current one.

        Raises
        ------
        PromotionError
            When there was none, or its number stands for another model in MLflow now.
        """
        champions = self.champions()
        if len(champions) < 2:
            raise PromotionError("there is no earlier champion to go back to")
        previous = champions[-2]
        version = self.registry.find(previous.version)
        if _identity(previous) != (version.number, version.bundle_hash):
            raise PromotionError(
                f"version {version.number} in MLflow is not the one that was champion (bundle "
                f"{previous.bundle_hash[:12]}); was PURVEY_TRACKING_URI changed?"
            )
        return self._make_champion(version, action="rollback", who=who, why=why)

    def champions(self) -> list[LedgerRow]:
        """Ledger rows of the champions in order, the current one's last; a rollback takes the last one off.

        After promotions of 1, 2 and 3 a rollback leaves 1 and 2, so that a second one goes on to 1.
        """
        champions: list[LedgerRow] = []
        for row in reversed(self.ledger.history()):
            if row.action == "promote" and not (champions and _identity(champions[-1]) == _identity(row)):
                champions.append(row)
            elif row.action == "rollback" and champions:
                champions.pop()
        return champions

    def _make_champion(self, version: ModelVersion, *, action: LedgerAction, who: str, why: str) -> LedgerRow:
        """Publish the bundle, set the champion alias, append the ledger row; the aliases are restored on failure."""
        bundle = self._published(version, expected=version.bundle_hash)
        before = self.registry.aliases()
        try:
            self.registry.set_alias(CHAMPION, version.number)
            if before.get(CHALLENGER) == version.number:
                self.registry.set_alias(CHALLENGER, None)
            return self.ledger.append(
                LedgerEntry(bundle.hash, version.number, action, who, why, bundle.metrics)
            )
        except BaseException:
            # The ledger still names the old champion; MLflow's aliases must not say otherwise.
            self._restore_aliases(before)
            raise

    def repaired_bundle(self, row: LedgerRow) -> Bundle:
        """Bundle of a champion's ledger row, put back into the store from MLflow when it is damaged there.

        Raises
        ------
        BundleError, RegistryError
            When MLflow has no sound copy either.
        """
        try:
            return open_bundle(self.store, row.bundle_hash)
        except BundleError:
            return self._published(self.registry.find(row.version), expected=row.bundle_hash)

    def _published(self, version: ModelVersion, *, expected: str) -> Bundle:
        """The version's bundle in the store, published there from MLflow unless a sound copy is there already."""
        try:
            return open_bundle(self.store, expected)
        except BundleError:
            sound = read_bundle(self.registry.bundle_folder(version), expected_hash=expected)
            return read_bundle(publish(sound.folder, self.store), expected_hash=expected)

    def _restore_aliases(self, before: Mapping[str, str]) -> None:
        for alias in (CHAMPION, CHALLENGER):
            self.registry.set_alias(alias, before.get(alias))


def _identity(row: LedgerRow) -> tuple[str, str]:
    """Version number and bundle hash of a ledger row together: numbers start anew in another MLflow."""
    return row.version, row.bundle_hash


def current_user() -> str:
    """Who promotes or rolls back a champion, unless the promoter is told: the name of the user at the keyboard."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a container may run as a number without a name
        return "unknown"
