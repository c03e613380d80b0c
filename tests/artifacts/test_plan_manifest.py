import json

import numpy as np
import pytest

from artifacts.plan_manifest import SnapshotError, check_plan_files, write_plan_manifest
from artifacts.plan_snapshot import read_snapshot


@pytest.fixture
def plan(home):
    """The folder of a plan run."""
    (folder,) = (home / "plans").iterdir()
    return folder


def test_every_flipped_byte_of_a_plan_run_is_found(plan):
    rng = np.random.default_rng(7)
    for path in sorted(path for path in plan.rglob("*") if path.is_file()):
        sound = path.read_bytes()
        for place in {0, len(sound) - 1, *rng.integers(0, len(sound), 6).tolist()}:
            flipped = bytearray(sound)
            flipped[place] ^= 1 << int(rng.integers(8))
            path.write_bytes(flipped)
            with pytest.raises(SnapshotError, match=r"run `purvey plan` again"):
                read_snapshot(plan)
        path.write_bytes(sound)
    read_snapshot(plan)


def test_every_missing_or_shortened_file_is_found(plan):
    for path in sorted(path for path in plan.rglob("*") if path.is_file()):
        sound = path.read_bytes()
        path.write_bytes(sound[:-1])
        with pytest.raises(SnapshotError):
            read_snapshot(plan)
        path.unlink()
        with pytest.raises(SnapshotError):
            read_snapshot(plan)
        path.write_bytes(sound)
    read_snapshot(plan)


def test_a_file_put_in_is_found(plan):
    (plan / "more.parquet").write_bytes(b"x")
    with pytest.raises(SnapshotError, match=r"more\.parquet: not a file of this plan run"):
        read_snapshot(plan)


def test_a_plan_run_made_before_there_were_manifests_is_read(plan):
    (plan / "manifest.json").unlink()
    facts = json.loads((plan / "facts.json").read_text())
    del facts["manifest"]
    (plan / "facts.json").write_text(json.dumps(facts))
    assert "manifest" not in read_snapshot(plan).facts


def test_a_manifest_that_is_edited_to_fit_is_found(plan):
    path = plan / "manifest.json"
    manifest = json.loads(path.read_text())
    manifest["files"]["plan.parquet"] = "0" * 64
    path.write_text(json.dumps(manifest))
    with pytest.raises(SnapshotError, match="altered after it was written"):
        check_plan_files(plan, expected=True)


def test_the_manifest_names_all_files_but_itself(tmp_path):
    (tmp_path / "a").write_text("x")
    write_plan_manifest(tmp_path)
    assert list(json.loads((tmp_path / "manifest.json").read_text())["files"]) == ["a"]
    check_plan_files(tmp_path, expected=True)
