from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from artifacts.bundle_contents import BundleContents, write_bundle
from artifacts.bundle_store import open_bundle
from artifacts.manifest import BundleError
from database.ledger import LedgerEntry, LedgerRow
from distributions.demand_forecast import DemandForecast
from distributions.levels import DEMAND_LEVELS
from planning.policy.order_rules import OrderRules
from training.registry.mlflow_registry import ModelVersion, UnknownVersionError
from training.registry.promoter import Promoter, PromotionError


@dataclass
class FakeLedger:
    rows: list[LedgerRow] = field(default_factory=list)
    broken: bool = False

    def append(self, entry: LedgerEntry) -> LedgerRow:
        if self.broken:
            raise OSError("disk full")
        row = LedgerRow(len(self.rows), datetime.now(UTC), **vars(entry))
        self.rows.append(row)
        return row

    def champion(self) -> LedgerRow | None:
        promotions = [row for row in self.rows if row.action != "register"]
        return promotions[-1] if promotions else None

    def history(self) -> list[LedgerRow]:
        return self.rows[::-1]


@dataclass
class FakeRegistry:
    folders: dict[str, tuple[Path, str]]
    named: dict[str, str] = field(default_factory=dict)
    broken: bool = False

    def versions(self) -> list[ModelVersion]:
        return [ModelVersion(n, h, "run", datetime.now(UTC)) for n, (_, h) in self.folders.items()]

    def find(self, name: str) -> ModelVersion:
        for version in self.versions():
            if version.number == self.named.get(name, name):
                return version
        raise UnknownVersionError(name)

    def bundle_folder(self, version: ModelVersion) -> Path:
        return self.folders[version.number][0]

    def aliases(self) -> dict[str, str]:
        return dict(self.named)

    def set_alias(self, alias: str, number: str | None) -> None:
        if self.broken:
            self.broken = False
            raise OSError("connection lost")
        if number is None:
            self.named.pop(alias, None)
        else:
            self.named[alias] = number


def _bundle(folder: Path, cost: float) -> tuple[Path, str]:
    one = np.ones((1, 1))
    wide = np.ones((1, 1, len(DEMAND_LEVELS)))
    forecast = DemandForecast(
        np.array(["a"], object), pd.Timestamp("2024-01-01"), pd.date_range("2024-01-08", periods=2, freq="W-MON").to_numpy(),
        DEMAND_LEVELS, one, wide, one, wide, np.array(["smooth"], object), np.array([""], object),
    )  # fmt: skip
    nothing = SimpleNamespace(save=lambda folder: None)
    contents = BundleContents(
        demand=nothing, lead_time=nothing, forecast=forecast, rules=OrderRules(), config={}, info={},
        metrics={"decision_cost": cost}, per_series=pd.DataFrame({"unique_id": ["a"]}),
    )  # fmt: skip
    return folder, write_bundle(folder, contents)


@pytest.fixture
def promoter(tmp_path: Path) -> Promoter:
    folders = {str(n): _bundle(tmp_path / f"v{n}", cost=float(n)) for n in (1, 2, 3)}
    return Promoter(FakeRegistry(folders), FakeLedger(), tmp_path / "store")


def _promote(promoter: Promoter, *numbers: str) -> None:
    for number in numbers:
        promoter.promote(number, who="ada", why="better")


def test_a_promotion_publishes_the_bundle_sets_the_alias_and_says_who_and_why(promoter: Promoter) -> None:
    row = promoter.promote("2", who="ada", why="cheaper")
    assert (row.version, row.action, row.who, row.why) == ("2", "promote", "ada", "cheaper")
    assert row.metrics == {"decision_cost": 2.0}
    assert open_bundle(promoter.store, row.bundle_hash).metrics == {"decision_cost": 2.0}
    assert promoter.registry.aliases() == {"champion": "2"}


def test_a_promoted_challenger_is_challenger_no_more(promoter: Promoter) -> None:
    promoter.registry.set_alias("challenger", "2")
    promoter.promote("challenger", who="ada", why="")
    assert promoter.registry.aliases() == {"champion": "2"}


def test_a_rollback_returns_to_the_champion_before(promoter: Promoter) -> None:
    _promote(promoter, "1", "2")
    row = promoter.rollback(who="bob", why="wrong orders")
    assert (row.version, row.action, row.why) == ("1", "rollback", "wrong orders")
    assert promoter.registry.aliases()["champion"] == "1"


def test_rollbacks_go_on_back_instead_of_to_and_fro(promoter: Promoter) -> None:
    _promote(promoter, "1", "2", "3")
    assert [promoter.rollback(who="bob", why="").version for _ in range(2)] == ["2", "1"]


def test_a_promotion_after_a_rollback_can_itself_be_rolled_back(promoter: Promoter) -> None:
    _promote(promoter, "1", "2")
    promoter.rollback(who="bob", why="")
    _promote(promoter, "3")
    assert promoter.rollback(who="bob", why="").version == "1"


def test_without_an_earlier_champion_a_rollback_is_refused(promoter: Promoter) -> None:
    _promote(promoter, "1")
    with pytest.raises(PromotionError, match="no earlier champion"):
        promoter.rollback(who="bob", why="")


def test_promoting_the_champion_again_is_refused(promoter: Promoter) -> None:
    _promote(promoter, "1")
    with pytest.raises(PromotionError, match="version 1 is champion already"):
        _promote(promoter, "1")


def test_promoting_the_champion_again_mends_its_damaged_bundle(promoter: Promoter) -> None:
    _promote(promoter, "1", "2")
    row = promoter.ledger.champion()
    assert row is not None
    (promoter.store / row.bundle_hash / "rules.json").write_text("{}")
    _promote(promoter, "2")
    assert open_bundle(promoter.store, row.bundle_hash).metrics == {"decision_cost": 2.0}
    assert promoter.rollback(who="bob", why="").version == "1"


def test_an_unknown_version_changes_nothing(promoter: Promoter) -> None:
    _promote(promoter, "1")
    with pytest.raises(UnknownVersionError):
        _promote(promoter, "9")
    assert promoter.registry.aliases() == {"champion": "1"}


@pytest.mark.parametrize("part", ["registry", "ledger", "bundle"])
def test_whatever_fails_the_old_champion_is_served(promoter: Promoter, part: str, tmp_path: Path) -> None:
    _promote(promoter, "1")
    before = promoter.ledger.champion()
    assert before is not None
    if part == "bundle":
        (tmp_path / "v2" / "forecast.parquet").write_bytes(b"not this")
    else:
        getattr(promoter, part).broken = True
    with pytest.raises((OSError, BundleError)):
        _promote(promoter, "2")
    assert promoter.ledger.champion() == before
    assert promoter.registry.aliases() == {"champion": "1"}
    assert open_bundle(promoter.store, before.bundle_hash).metrics == {"decision_cost": 1.0}


def test_a_version_whose_bundle_is_another_one_is_refused(promoter: Promoter) -> None:
    registry = promoter.registry
    assert isinstance(registry, FakeRegistry)
    registry.folders["2"] = (registry.folders["3"][0], registry.folders["2"][1])
    with pytest.raises(BundleError, match="holds bundle"):
        _promote(promoter, "2")
    assert promoter.ledger.champion() is None


def test_in_another_mlflow_the_same_number_is_another_model(promoter: Promoter) -> None:
    _promote(promoter, "1", "2")
    registry = promoter.registry
    assert isinstance(registry, FakeRegistry)
    registry.folders = {"1": registry.folders["3"], "2": registry.folders["3"]}
    with pytest.raises(PromotionError, match="PURVEY_TRACKING_URI"):
        promoter.rollback(who="bob", why="")
    _promote(promoter, "2")
    row = promoter.ledger.champion()
    assert row is not None
    assert open_bundle(promoter.store, row.bundle_hash).metrics == {"decision_cost": 3.0}
