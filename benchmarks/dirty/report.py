"""What a fuzz run found, printed: counts by mutation and outcome, and the first of each kind of failure."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from benchmarks.dirty.outcome import Failure, Outcome

_SHOWN = 40


def print_counts(outcomes: Sequence[Outcome]) -> None:
    """Print how many directories with each mutation ended in a plan, in a sentence, or failed."""
    print(f"{'mutation':30}{'directories':>12}{'plan':>8}{'sentence':>10}{'failed':>8}")
    names = sorted({name for outcome in outcomes for name in outcome.names})
    for name in names:
        _print_row(name, [outcome for outcome in outcomes if name in outcome.names])
    _print_row("all", outcomes)


def _print_row(name: str, outcomes: Sequence[Outcome]) -> None:
    ends = Counter("failed" if outcome.failures else outcome.end for outcome in outcomes)
    print(f"{name:30}{len(outcomes):12,}{ends['plan']:8,}{ends['sentence']:10,}{ends['failed']:8,}")


def print_failures(outcomes: Iterable[Outcome], seed: int) -> None:
    """Print each distinct failure with the directories it occurred in and how to see the first one again."""
    for (kind, where), found in by_place(outcomes).items():
        first, failure = found[0]
        print(f"\n{kind} · {where} · {len(found)} directories")
        print(f"  {failure.text}")
        print(f"  {'; '.join(first.words)}")
        print(f"  again: python -m benchmarks.dirty --seed {seed} --only {first.number} --keep FOLDER")


def by_place(outcomes: Iterable[Outcome]) -> Mapping[tuple[str, str], list[tuple[Outcome, Failure]]]:
    """Failures of the same kind at the same place, the simplest directory first; the commonest first."""
    found: dict[tuple[str, str], list[tuple[Outcome, Failure]]] = defaultdict(list)
    for outcome in outcomes:
        for failure in outcome.failures:
            found[failure.kind, failure.where].append((outcome, failure))
    for several in found.values():
        several.sort(key=lambda pair: len(pair[0].names))
    return dict(sorted(found.items(), key=lambda pair: -len(pair[1]))[:_SHOWN])
