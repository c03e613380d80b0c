"""Who is champion: promotion and rollback, with the ledger's row written last."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from artifacts.bundle import Bundle, BundleError, open_bundle, publish, read_bundle
from configs.errors import DomainError
from database.ledger import LedgerAction, LedgerRow
from training.registry.registry import CHALLENGER, CHAMPION, ModelRegistry, Version


class PromotionError(DomainError):
    """A promotion or rollback that cannot be done: says why; the champion is the one before."""


class Ledger(Protocol):
    """The record of who made which model champion, when and why."""

    def append(
        self, *, bundle_hash: str, version: str, action: LedgerAction,
        who: str, why: str, metrics: Mapping[str, Any],
    ) -> LedgerRow:  # fmt: skip
        """Add a row."""
        ...

    def champion(self) -> LedgerRow | None:
        """The row that made the current champion."""
        ...

    def history(self) -> list[LedgerRow]:
        """All rows, the newest first."""
        ...


@dataclass(frozen=True)
class Promoter:
    """The registry, the ledger and the bundle store, changed together.

    The server reads the ledger only. So bundle first, alias second, ledger last: whatever fails, the ledger names a
    champion whose bundle is complete in the store.
    """

    registry: ModelRegistry
    ledger: Ledger
    store: Path

    def promote(self, name: str, *, who: str, why: str) -> LedgerRow:
        """Make the version of that number or alias champion.

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
        if champion is not None and _who(champion) == (version.number, version.bundle_hash):
            try:
                open_bundle(self.store, champion.bundle_hash)
            except BundleError:  # promoting the champion again is how a damaged store is mended
                return self._crown(version, action="promote", who=who, why=why)
            raise PromotionError(f"version {version.number} is champion already")
        return self._crown(version, action="promote", who=who, why=why)

    def rollback(self, *, who: str, why: str) -> LedgerRow:
        """Give the title back to the champion before the current one.

        Raises
        ------
        PromotionError
            When there was none, or its number stands for another model in MLflow now.
        """
        line = self.line()
        if len(line) < 2:
            raise PromotionError("there is no earlier champion to go back to")
        version = self.registry.find(line[-2].version)
        if _who(line[-2]) != (version.number, version.bundle_hash):
            raise PromotionError(
                f"version {version.number} in MLflow is not the one that was champion (bundle "
                f"{line[-2].bundle_hash[:12]}); was PURVEY_TRACKING_URI changed?"
            )
        return self._crown(version, action="rollback", who=who, why=why)

    def line(self) -> list[LedgerRow]:
        """Return the rows that made the champions in order, the current one's last; a rollback ends a reign.

        After promotions of 1, 2 and 3 a rollback leaves 1 and 2, so that a second one goes on to 1.
        """
        champions: list[LedgerRow] = []
        for row in reversed(self.ledger.history()):
            if row.action == "promote" and not (champions and _who(champions[-1]) == _who(row)):
                champions.append(row)
            elif row.action == "rollback" and champions:
                champions.pop()
        return champions

    def _crown(self, version: Version, *, action: LedgerAction, who: str, why: str) -> LedgerRow:
        bundle = self._published(version, expected=version.bundle_hash)
        before = self.registry.aliases()
        try:
            self.registry.set_alias(CHAMPION, version.number)
            if before.get(CHALLENGER) == version.number:
                self.registry.set_alias(CHALLENGER, None)
            return self.ledger.append(
                bundle_hash=bundle.hash, version=version.number, action=action, who=who, why=why,
                metrics=bundle.metrics,
            )  # fmt: skip
        except BaseException:
            # The ledger still names the old champion; MLflow's aliases must not say otherwise.
            self._restore(before)
            raise

    def mended(self, row: LedgerRow) -> Bundle:
        """Return the bundle of a champion's row, put back into the store from MLflow when it is damaged there.

        Raises
        ------
        BundleError, RegistryError
            When MLflow has no sound copy either.
        """
        try:
            return open_bundle(self.store, row.bundle_hash)
        except BundleError:
            return self._published(self.registry.find(row.version), expected=row.bundle_hash)

    def _published(self, version: Version, *, expected: str) -> Bundle:
        """Return the version's bundle in the store, put there from MLflow unless a sound copy is there already."""
        try:
            return open_bundle(self.store, expected)
        except BundleError:
            sound = read_bundle(self.registry.bundle_folder(version), expected=expected)
            return read_bundle(publish(sound.folder, self.store), expected=expected)

    def _restore(self, before: Mapping[str, str]) -> None:
        for alias in (CHAMPION, CHALLENGER):
            self.registry.set_alias(alias, before.get(alias))


def _who(row: LedgerRow) -> tuple[str, str]:
    """Number and bundle together: numbers start anew in another MLflow."""
    return row.version, row.bundle_hash
