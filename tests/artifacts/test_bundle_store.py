from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from artifacts.bundle import read_bundle
from artifacts.bundle_store import open_bundle, publish
from artifacts.manifest import BundleError


def test_a_bundle_under_a_wrong_hash_is_refused(folder: Path, tmp_path: Path) -> None:
    path = publish(folder, tmp_path / "store")
    path.rename(path.with_name("0" * 64))
    with pytest.raises(BundleError, match=r"holds bundle .*, not 000000000000"):
        open_bundle(tmp_path / "store", "0" * 64)


def test_publishing_addresses_the_bundle_by_its_hash_and_leaves_nothing_else(
    folder: Path, tmp_path: Path
) -> None:
    path = publish(folder, tmp_path / "store")
    assert path.name == read_bundle(folder).hash
    assert list((tmp_path / "store").iterdir()) == [path]
    assert open_bundle(tmp_path / "store", path.name).metrics == {"decision_cost": 1.5}


def test_publishing_again_keeps_the_sound_copy(folder: Path, tmp_path: Path) -> None:
    path = publish(folder, tmp_path / "store")
    before = path.stat().st_ino
    assert publish(folder, tmp_path / "store").stat().st_ino == before


def test_publishing_again_replaces_a_damaged_copy(folder: Path, tmp_path: Path) -> None:
    path = publish(folder, tmp_path / "store")
    (path / "rules.json").unlink()
    publish(folder, tmp_path / "store")
    assert open_bundle(tmp_path / "store", path.name).rules.shift == {"lumpy": -0.5}


def test_a_damaged_bundle_is_not_published(folder: Path, tmp_path: Path) -> None:
    (folder / "rules.json").write_text("{}")
    with pytest.raises(BundleError, match=r"rules\.json: altered"):
        publish(folder, tmp_path / "store")
    assert not (tmp_path / "store").exists()


def test_a_store_that_cannot_be_written_is_named(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "store").write_text("a file, no folder")
    with pytest.raises(BundleError, match=r"store/.* could not be written"):
        publish(folder, tmp_path / "store")


def test_many_at_once_publish_the_same_bundle(folder: Path, tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        paths = list(pool.map(publish, [folder] * 16, [tmp_path / "store"] * 16))
    assert len(set(paths)) == 1
    assert list((tmp_path / "store").iterdir()) == paths[:1]
    assert open_bundle(tmp_path / "store", paths[0].name).metrics == {"decision_cost": 1.5}
