from pathlib import Path

from configs.reference import reference
from configs.schema import Config

ROOT = Path(__file__).resolve().parents[2]


def test_the_reference_in_docs_is_what_the_schema_says():
    assert (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8") == reference()


def options(section: type, place: str = ""):
    for name, field in section.model_fields.items():
        inner = field.annotation
        if isinstance(inner, type) and hasattr(inner, "model_fields"):
            yield from options(inner, f"{place}{name}.")
        else:
            yield f"{place}{name}", field


def test_every_option_has_a_meaning_and_a_default():
    found = dict(options(Config))
    assert {"demand.boosting.rounds", "policy.level", "data.max_bad_share"} <= set(found)
    for name, field in found.items():
        assert field.description, name
        assert not field.is_required(), name


def test_a_range_in_the_reference_is_the_one_that_is_enforced():
    row = next(line for line in reference().splitlines() if line.startswith("| `level` |"))
    assert row.endswith("| share | `0.95` | number, > 0, ≤ 0.9999 |")
