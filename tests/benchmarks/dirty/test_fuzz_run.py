import numpy as np
import pytest

from benchmarks.dirty.__main__ import main
from benchmarks.dirty.dirty_company import DirtyCompany
from benchmarks.dirty.mutations.draw import MUTATIONS, Draw, draw
from benchmarks.dirty.play import play
from benchmarks.dirty.report import print_failures
from benchmarks.dirty.table_files import table_bytes

NAMES = list(MUTATIONS)
DIRECTORIES = 40


def test_the_clean_company_ends_in_a_plan_with_nothing_to_blame(clean, tmp_path):
    for number in range(2):
        company = DirtyCompany.of(clean, np.random.default_rng(number))
        outcome = play(clean, Draw(company, (), ()), number, tmp_path / str(number))
        assert outcome.failures == []
        assert outcome.end == "plan"


def test_dirty_directories_end_in_a_plan_or_a_sentence(clean, tmp_path, capsys):
    numbers = range(1, 1 + 2 * DIRECTORIES, 2)
    outcomes = [play(clean, draw(clean, 0, n, NAMES), n, tmp_path / str(n)) for n in numbers]
    print_failures(outcomes, 0)
    assert not any(outcome.failures for outcome in outcomes), capsys.readouterr().out
    ends = [outcome.end for outcome in outcomes]
    assert min(ends.count("plan"), ends.count("sentence")) > DIRECTORIES / 8
    assert all(outcome.sentence for outcome in outcomes if outcome.end == "sentence")


@pytest.mark.parametrize("name", NAMES)
def test_a_mutation_changes_the_directory_and_says_so(name, clean):
    drawn = [draw(clean, 0, number, [name]) for number in range(6)]
    done = [one for one in drawn if one.names]
    assert done
    assert all(len(one.words) == 1 and "\n" not in one.words[0] for one in done)
    assert any(
        _content(one.company) != _content(DirtyCompany.of(clean, _rng(n))) for n, one in enumerate(drawn)
    )


def test_the_same_seed_and_number_give_the_same_directory(clean):
    for number in range(0, 80, 8):
        one, other = (draw(clean, 3, number, NAMES) for _ in range(2))
        assert one.words == other.words
        assert _content(one.company) == _content(other.company)
    assert draw(clean, 3, 1, NAMES).words != draw(clean, 4, 1, NAMES).words


def test_an_unknown_mutation_is_named(capsys):
    with pytest.raises(SystemExit):
        main(["--only", "nonsense"])
    assert "no mutation 'nonsense'; there are wrong_kind" in capsys.readouterr().err


def _rng(number: int) -> np.random.Generator:
    return np.random.default_rng([0, number])


def _content(company: DirtyCompany) -> list[object]:
    tables = [(table.stems, table.style, table_bytes(table)) for table in company.tables.values()]
    return [tables, company.config, company.config_text, company.files]
