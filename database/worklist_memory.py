"""The worklist's memory: what was worked out of it, kept until somebody decides or notes something, or a plan comes."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import TypeVar, cast

from sqlalchemy import Engine, func, select

from database.schema import action_notes, decisions, plan_runs

T = TypeVar("T")

_MOST = 64
"""Answers that are kept: pages, counts and totals of what people look at just now."""


class WorklistMemory:
    """Answers about the worklist of one state database by what was asked; many threads may ask at once."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._mark: Hashable = None
        self._kept: OrderedDict[Hashable, object] = OrderedDict()

    def recall(self, engine: Engine, question: Hashable, work: Callable[[], T]) -> T:
        """Return the answer to a question, from memory where nothing has changed since `work` found it.

        Parameters
        ----------
        question : all that the answer depends on but the state database, the business day included
        """
        mark = _mark(engine)
        with self._lock:
            if mark != self._mark:
                self._kept.clear()
                self._mark = mark
            if question in self._kept:
                self._kept.move_to_end(question)
                return cast("T", self._kept[question])
        answer = work()
        with self._lock:
            if mark == self._mark:  # else it may be of before the change
                self._kept[question] = answer
                while len(self._kept) > _MOST:
                    self._kept.popitem(last=False)
        return answer


def _mark(engine: Engine) -> Hashable:
    """What moves with every change of the worklist: how many decisions, notes and plan runs there are.

    Not the last of them: of two transactions the one with the higher number may end first.
    """
    tables = (decisions, action_notes, plan_runs)
    counts = (select(func.count()).select_from(table).scalar_subquery() for table in tables)
    with engine.connect() as connection:
        return str(engine.url), *connection.execute(select(*counts)).one()
