"""Whatever is wrong with the config's file is one sentence with its place, from every verb."""

import pytest
from small_company import SmallCompany


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"demand: {cutoffs: [2024-13-01]}", "(line 1: '2024-13-01' is no date: month must be in 1..12)"),
        (
            b"name: a\nlead_time:\n  cutoffs:\n  - 2024-02-30",
            "(line 4: '2024-02-30' is no date: day is out of range",
        ),
        (
            b"policy: {level: 0.9}\nname: a\npolicy: {level: 0.95}",
            "(line 3: policy stands there twice; keep one)",
        ),
        (b"policy:\n  level: 0.9\n  level: 0.95", "(line 3: level stands there twice; keep one)"),
        (b"policy:\n\tlevel: 0.9", "(line 2: a tab; indent by blanks)"),
        (b"policy: {level: 0.9", "(line 1: expected ',' or '}'"),
        (b"seed: !!int many", "(line 1: 'many' is no number"),
        (b"seed: !!bool perhaps", "(line 1: 'perhaps' is no bool)"),
        ("name: Caf\u00e9".encode("latin-1"), "(not UTF-8; save the file as UTF-8)"),
        ("name: a".encode("utf-16"), "(not UTF-8; save the file as UTF-8)"),
        (b"name: a\x00", "unacceptable character"),
        (
            b"- name: a",
            "expected sections with options below them, such as demand: {horizon: 8}, found a list",
        ),
        (b"name", "found 'name'"),
        (b"[" * 3000, "too many lists or sections inside one another"),
    ],
)
def test_a_file_that_is_no_config_is_one_sentence(
    small_company: SmallCompany, content: bytes, sentence: str
) -> None:
    small_company.config.write_bytes(content)
    for done in (
        small_company.check(),
        small_company.train(),
        small_company.plan("--config", str(small_company.config)),
    ):
        assert done.status == 1
        assert sentence in done.text
        assert "c.yaml" in done.text
        assert "Traceback" not in done.text


def test_a_folder_in_the_place_of_a_config_is_one_sentence(small_company: SmallCompany) -> None:
    small_company.config.unlink()
    small_company.config.mkdir()
    done = small_company.check()
    assert done.status == 1
    assert "c.yaml: cannot be read" in done.text


def test_what_is_merged_into_a_section_may_be_said_again(small_company: SmallCompany) -> None:
    small_company.config.write_text("policy: {<<: {level: 0.9}, level: 0.95}\n")
    assert small_company.check().status == 0
