import shutil
import struct
from pathlib import Path

import pytest
from sites import serve

from benchmarks.browser import chromium_path
from benchmarks.screenshots import PICTURES, take_pictures


def size_of(png: Path) -> tuple[int, ...]:
    return struct.unpack(">II", png.read_bytes()[16:24])


def test_the_readme_s_pictures_are_taken_at_their_sizes(busy_home, tmp_path):
    path = chromium_path()
    if path is None:
        pytest.skip("Chromium is not installed; `make browser` installs it where apt-get is")
    home = tmp_path / "home"
    shutil.copytree(busy_home, home)
    with serve(home, open_access=True) as site:
        take_pictures(list(PICTURES), site.root, browser=path, out=tmp_path)
    sizes = {picture.name: size_of(tmp_path / f"{picture.name}.png") for picture in PICTURES}
    assert len(sizes) == len(PICTURES)
    assert sizes["worklist"] == (1280, 1000)
    assert sizes["phone"] == (2 * 390, 2 * 844)
