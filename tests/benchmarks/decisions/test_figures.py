import math

from benchmarks.decisions.figures import Figure, inside, near, print_figures, shown, verdict


def test_a_figure_passes_within_a_tenth_or_within_twice_its_error():
    assert near("a", 109, 100, 0).passed
    assert not near("a", 111, 100, 5).passed
    assert near("a", 111, 100, 6).passed
    assert not near("a", -100, 100, 6).passed
    assert near("a", 1.9, 1.0, 0.0, least=1.0).passed


def test_a_figure_passes_between_its_bounds():
    assert [inside("a", value, 0.7, 0.9).passed for value in (0.69, 0.7, 0.9, 0.91)] == [
        False,
        True,
        True,
        False,
    ]


def test_what_is_only_shown_is_not_judged(capsys):
    figures = [near("near", 1, 1, 0), near("far", 2, 1, 0), shown("seen", 3, math.nan)]
    print_figures("title", figures)
    assert verdict(figures) == "1 of 2 pass"
    rows = capsys.readouterr().out.splitlines()
    assert [row.split("|")[-2].strip() for row in rows[-3:]] == ["PASS", "FAIL", ""]
    assert Figure("a", 1, 2).passed is None
