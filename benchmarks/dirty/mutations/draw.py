"""All mutations by name, and the draw of one to three of them for a dirty directory."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.dirty.clean_company import CleanCompany
from benchmarks.dirty.dirty_company import DirtyCompany, NothingToDo, Rng
from benchmarks.dirty.mutations import (
    business,
    cells,
    column_types,
    configs,
    dates,
    files,
    headers,
    keys,
    planners,
)

Mutation = Callable[[DirtyCompany, Rng], str]

_ROOMS = (cells, headers, files, column_types, keys, dates, business, planners, configs)
MUTATIONS: Mapping[str, Mutation] = {one.__name__: one for room in _ROOMS for one in room.MUTATIONS}
"""Name → mutation."""


@dataclass(frozen=True)
class Draw:
    """A company made dirty: the names of the mutations that did something, and what each says it did."""

    company: DirtyCompany
    names: tuple[str, ...]
    words: tuple[str, ...]


def draw(clean: CleanCompany, seed: int, number: int, names: Sequence[str]) -> Draw:
    """Make the clean company dirty by one to three mutations; the same seed, number and names give the same.

    Parameters
    ----------
    names : mutations to draw from; each takes its turn as the first one
    """
    rng = np.random.default_rng([seed, number])
    company = DirtyCompany.of(clean, rng)
    wanted = [names[number % len(names)], *rng.choice(names, rng.integers(3))]
    done: list[str] = []
    words: list[str] = []
    for name in dict.fromkeys(str(name) for name in wanted):
        try:
            words.append(MUTATIONS[name](company, rng))
        except NothingToDo:
            continue
        done.append(name)
    return Draw(company, tuple(done), tuple(words))
