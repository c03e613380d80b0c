import sys

import pytest

from deploy.audit import outcome
from deploy.licences import READ, licence_of, licences, page, problem_of
from deploy.locks import WHOLE, locks, part_of_lock
from deploy.runtime_set import ROOT, closure, runtime_set

ON_LOCKED = pytest.mark.skipif(
    sys.platform != "linux" or sys.version_info[:2] != (3, 11),
    reason="the page and the locks are of this platform",
)


def test_the_runtime_set_goes_down_to_the_last_package_and_leaves_development_out():
    names = runtime_set()
    assert {"bentoml", "starlette", "numpy", "mlflow", "psycopg", "mcp", "anyio", "tzlocal"} <= names
    assert not names & {"pytest", "ruff", "mypy", "schemathesis", "hatchling", "cyclonedx-bom", "stockpyl"}
    assert closure(["starlette>=0.40"]) >= {"starlette", "anyio"}


@ON_LOCKED
def test_the_images_locks_are_parts_of_the_whole_one():
    for path, text in locks().items():
        assert path.read_text(encoding="utf-8") == text, f"run python -m deploy.locks: {path.name}"
        assert all(line in WHOLE.read_text(encoding="utf-8") for line in text.splitlines())
        assert "index-url" not in text


def test_an_entry_comes_with_all_its_hashes():
    text = part_of_lock({"tzlocal"})
    assert text.startswith("tzlocal==")
    assert text.count("--hash=sha256:") >= 2
    assert part_of_lock({"tz"}) == ""


def test_every_package_may_be_shipped_under_its_licence():
    found = [sentence for name, licence in licences().items() if (sentence := problem_of(name, licence))]
    assert found == []


@ON_LOCKED
def test_the_page_of_licences_is_that_of_what_is_installed():
    assert (ROOT / "docs" / "licences.md").read_text(encoding="utf-8") == page()


def test_licences_that_were_read_are_of_packages_that_are_there():
    assert READ.keys() <= runtime_set()


@pytest.mark.parametrize(
    "licence",
    [
        "GPL-3.0-only",
        "AGPL-3.0",
        "GNU Lesser General Public License v3",
        "SSPL-1.0",
        "MIT AND GPL-2.0-only",
        "",
        "Foo",
    ],
)
def test_what_asks_for_more_or_is_unknown_is_refused(licence):
    assert problem_of("some-package", licence).startswith("some-package: ")


@pytest.mark.parametrize(
    "licence", ["MIT", "Apache-2.0 AND MIT", "BSD License, Apache Software License", "MPL-2.0 AND MIT"]
)
def test_what_asks_to_be_named_is_allowed(licence):
    assert problem_of("some-package", licence) == ""


def test_a_licence_is_read_off_expression_classifiers_or_text():
    class About(dict):
        def get_all(self, name):
            return self.get(name)

    both = About({"License-Expression": ["MIT"], "License": ["long text"]})
    assert licence_of(both) == "MIT"
    assert (
        licence_of(About({"Classifier": ["License :: OSI Approved :: BSD License"], "License": ["x"]}))
        == "BSD License"
    )
    assert licence_of(About({"License": ["Apache-2.0\nand more"]})) == "Apache-2.0"
    assert licence_of(About({})) == ""


@pytest.mark.parametrize(
    ("status", "said", "problem", "expected"),
    [
        (0, "", "No known vulnerabilities found", 0),
        (1, "starlette 0.1 PYSEC-1", "Found 1 known vulnerability in 1 package", 1),
        (1, "", "requests.exceptions.ConnectionError: no route to host", 2),
        (1, "", "", 2),
    ],
)
def test_an_audit_that_reached_nobody_is_none(status, said, problem, expected):
    found, sentence = outcome(status, said, problem)
    assert found == expected
    assert ("not checked" in sentence) == (expected == 2)
