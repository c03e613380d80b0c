"""A trained model as a folder of data files, addressed by the hash of its manifest."""

import hashlib
import json
import os
import shutil
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import pandas as pd

from artifacts.contents import BundleContents
from artifacts.explanation_store import ExplanationError, read_explanation, write_explanation
from artifacts.forecast_store import ForecastError, read_forecast, write_forecast
from artifacts.group_forecast_store import FILE, GroupForecastError, read_group_forecast, write_group_forecast
from configs.errors import DomainError
from distributions.demand_forecast import DemandForecast
from models.demand.attribution.explanation import Explanation
from models.demand.groups.calibration import Groups
from models.demand.groups.forecast import GroupForecast
from models.monitoring.scores import no_scores
from models.protocols import Forecaster, PlacedLeadTimeModel
from planning.policy.order_rules import OrderRules

FORMAT = 1
"""Version of the bundle's layout; a reader refuses any other."""

MANIFEST = "manifest.json"

Read = TypeVar("Read")


class BundleError(DomainError):
    """A bundle that cannot be used: says the file, what is wrong with it and the fix."""


@dataclass(frozen=True)
class Bundle:
    """A verified bundle; its models are read when first asked for."""

    folder: Path
    hash: str
    config: dict[str, Any]
    info: dict[str, Any]
    metrics: dict[str, float]

    @cached_property
    def demand(self) -> Forecaster:
        """The demand model."""
        from models.demand.forecaster import DemandEnsemble

        return DemandEnsemble.load(self.folder / "demand")

    @cached_property
    def lead_time(self) -> PlacedLeadTimeModel:
        """The lead-time model."""
        from models.lead_time.forecaster import LeadTimeForecaster

        return LeadTimeForecaster.load(self.folder / "lead_time")

    @cached_property
    def forecast(self) -> DemandForecast:
        """The forecast made at training time, from `info["cutoff"]` on."""
        try:
            return read_forecast(self.folder / "forecast.parquet")
        except ForecastError as error:
            raise BundleError(str(error)) from None

    @cached_property
    def explanation(self) -> Explanation | None:
        """The parts of `forecast`; none where the demand model could not say."""
        return _stored(self.folder / "explanation.parquet", read_explanation)

    @cached_property
    def groups(self) -> Groups | None:
        """How groups of SKUs err together; none in bundles trained before that was learned."""
        path = self.folder / "groups.json"
        return Groups.from_json(json.loads(path.read_text(encoding="utf-8"))) if path.exists() else None

    @cached_property
    def group_forecast(self) -> GroupForecast | None:
        """The forecast of groups that belongs to `forecast`; none as for `groups`."""
        return _stored(self.folder / FILE, read_group_forecast)

    @cached_property
    def rules(self) -> OrderRules:
        """Calibrated order rules; without shifts where none were calibrated."""
        return OrderRules.from_json(json.loads((self.folder / "rules.json").read_text(encoding="utf-8")))

    @cached_property
    def per_series(self) -> pd.DataFrame:
        """One row per SKU: what the backtest said about it."""
        return pd.read_parquet(self.folder / "per_series.parquet")

    @cached_property
    def scores(self) -> pd.DataFrame | None:
        """Figures of the backtest by sums, demand_class ("" all) and step k (0 all), with coverage; none kept: none."""
        path = self.folder / "scores.parquet"
        return pd.read_parquet(path) if path.exists() else None

    @cached_property
    def backtest(self) -> pd.DataFrame:
        """Scores of the training's rolling origins; no rows where they were not kept."""
        path = self.folder / "backtest.parquet"
        return pd.read_parquet(path) if path.exists() else no_scores()


def write_bundle(folder: Path, contents: BundleContents) -> str:
    """Write `contents` into `folder`, which is made, and return the bundle's hash.

    Nothing in the folder depends on the clock, the machine or the number of threads.
    """
    for part in ("demand", "lead_time"):
        (folder / part).mkdir(parents=True)
    contents.demand.save(folder / "demand")
    contents.lead_time.save(folder / "lead_time")
    write_forecast(contents.forecast, folder / "forecast.parquet")
    if contents.explanation is not None:
        write_explanation(contents.explanation, folder / "explanation.parquet")
    if contents.groups is not None:
        learned, forecast = contents.groups
        (folder / "groups.json").write_text(_canonical(learned.to_json()), encoding="utf-8")
        write_group_forecast(forecast, folder / FILE)
    (folder / "rules.json").write_text(_canonical(contents.rules.to_json()), encoding="utf-8")
    contents.per_series.to_parquet(folder / "per_series.parquet", index=False)
    if contents.scores is not None:
        contents.scores.to_parquet(folder / "scores.parquet", index=False)
    if contents.backtest is not None:
        contents.backtest.to_parquet(folder / "backtest.parquet", index=False)
    manifest = {
        "format": FORMAT,
        "files": {name: file_hash(folder / name) for name in _files(folder)},
        "config": dict(contents.config),
        "info": dict(contents.info),
        "metrics": dict(contents.metrics),
    }
    manifest["hash"] = _manifest_hash(manifest)
    (folder / MANIFEST).write_text(_canonical(manifest), encoding="utf-8")
    return str(manifest["hash"])


def read_bundle(folder: Path, *, expected: str | None = None) -> Bundle:
    """Read the bundle in `folder` after checking every file against the manifest.

    Parameters
    ----------
    expected : the hash it must have, none: whatever it has

    Raises
    ------
    BundleError
        When a file is missing or altered, or the bundle is another one than expected.
    """
    manifest = _read_manifest(folder)
    if _manifest_hash(manifest) != manifest["hash"]:
        raise BundleError(f"{folder / MANIFEST}: altered after it was written; {_FIX}")
    if expected is not None and manifest["hash"] != expected:
        raise BundleError(f"{folder}: holds bundle {manifest['hash'][:12]}, not {expected[:12]}; {_FIX}")
    for name, digest in manifest["files"].items():
        path = folder / name
        if not path.is_file():
            raise BundleError(f"{path}: missing from the bundle; {_FIX}")
        if file_hash(path) != digest:
            raise BundleError(f"{path}: altered, its SHA-256 is not the manifest's; {_FIX}")
    return Bundle(folder, manifest["hash"], manifest["config"], manifest["info"], manifest["metrics"])


def open_bundle(store: Path, bundle_hash: str) -> Bundle:
    """Read bundle `bundle_hash` from the store.

    Raises
    ------
    BundleError
        As `read_bundle`.
    """
    return read_bundle(store / bundle_hash, expected=bundle_hash)


def publish(folder: Path, store: Path) -> Path:
    """Copy the bundle in `folder` to `store/HASH` and return that path; a reader sees all of it or nothing.

    A sound copy that is there already stays; a damaged one is replaced.

    Raises
    ------
    BundleError
        When the bundle in `folder` is damaged, or the store cannot be written.
    """
    bundle = read_bundle(folder)
    target = store / bundle.hash
    if _is_sound(target, bundle.hash):
        return target
    name = uuid.uuid4().hex
    incoming, damaged = store / f".incoming-{name}", store / f".damaged-{name}"
    try:
        store.mkdir(parents=True, exist_ok=True)
        shutil.copytree(folder, incoming)
        for file in [*_files(incoming), MANIFEST]:
            _sync(incoming / file)
        if target.exists() and not _is_sound(target, bundle.hash):
            target.rename(damaged)
        incoming.rename(target)
    except OSError as error:
        if not _is_sound(target, bundle.hash):  # else another process published the same bundle meanwhile
            raise BundleError(f"{target}: could not be written ({error.strerror or error})") from None
    finally:
        for leftover in (incoming, damaged):
            shutil.rmtree(leftover, ignore_errors=True)
    return target


def file_hash(path: Path) -> str:
    """SHA-256 of a file's bytes, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


_FIX = "promote a sound version (`purvey models promote`) or train again"


def _stored(path: Path, read: Callable[[Path], Read]) -> Read | None:
    """What `read` makes of a file that not every bundle has."""
    try:
        return read(path) if path.exists() else None
    except (ExplanationError, GroupForecastError) as error:
        raise BundleError(str(error)) from None


def _canonical(value: Any) -> str:
    return json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False, allow_nan=False) + "\n"


def _manifest_hash(manifest: Mapping[str, Any]) -> str:
    rest = {key: value for key, value in manifest.items() if key != "hash"}
    return hashlib.sha256(_canonical(rest).encode()).hexdigest()


def _files(folder: Path) -> list[str]:
    found = (path for path in folder.rglob("*") if path.is_file() and path.name != MANIFEST)
    return sorted(path.relative_to(folder).as_posix() for path in found)


def _read_manifest(folder: Path) -> dict[str, Any]:
    path = folder / MANIFEST
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise BundleError(f"{path}: no bundle here; {_FIX}") from None
    except (OSError, ValueError):
        raise BundleError(f"{path}: not readable as JSON; {_FIX}") from None
    parts = {"format", "files", "config", "info", "metrics", "hash"}
    if not isinstance(manifest, dict) or not parts <= manifest.keys():
        raise BundleError(f"{path}: not a bundle's manifest; {_FIX}")
    if manifest["format"] != FORMAT:
        raise BundleError(
            f"{path}: bundle format {manifest['format']!r}, this version reads {FORMAT}; train again"
        )
    return manifest


def _is_sound(folder: Path, bundle_hash: str) -> bool:
    try:
        read_bundle(folder, expected=bundle_hash)
    except BundleError:
        return False
    return True


def _sync(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())
