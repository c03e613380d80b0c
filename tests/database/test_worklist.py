import random
from collections.abc import Callable
from datetime import date, timedelta
from itertools import chain

import pandas as pd
import pytest
from sqlalchemy import Engine
from state_databases import engine, make_engine, postgres  # noqa: F401 -- fixtures

from database import plan_runs
from database.action_notes import NoteRequest, add_note
from database.decisions import DecisionRequest, Verdict, decide
from database.recommendations import (
    Recommendation,
    RecommendationFilter,
    count_recommendations,
    list_recommendations,
)
from database.worklist import (
    TABS,
    WorklistFilter,
    WorklistTotals,
    assignees,
    worklist_counts,
    worklist_names,
    worklist_page,
    worklist_rows,
    worklist_totals,
)
from database.worklist_memory import WorklistMemory

TODAY = date(2026, 3, 10)
KINDS = ("cancel", "expedite", "lower_moq")
WORDS = ("Überhöhte Menge", "50% off", "a_b c/d", "grüne Äpfel", "PLAIN words", "[x]* ?")


def record(engine: Engine, proposed: pd.DataFrame) -> None:  # noqa: F811 -- the fixture
    entry = plan_runs.PlanRunEntry("b" * 64, TODAY, source="data", folder="plans/1", facts={})
    with plan_runs.record_plan_run(engine, entry, actions=proposed):
        pass


def random_actions(dice: random.Random, names: list[str]) -> pd.DataFrame:
    """Actions with ties, missing days, suppliers and efforts, and alternatives among them."""
    suppliers = ("acme", "bolt", "core", None)
    return pd.DataFrame(
        {
            "action_id": name,
            "kind": dice.choice(KINDS),
            "unique_id": f"sku-{dice.randrange(8)}",
            "supplier_id": dice.choice(suppliers),
            "alternative_supplier_id": dice.choice(suppliers),
            "quantity": None,
            "worth": float(dice.randrange(5)),
            "worth_period": dice.choice(("year", "once")),
            "act_by": dice.choice((None, pd.Timestamp(TODAY) + pd.Timedelta(days=dice.randrange(-9, 12)))),
            "title": dice.choice(WORDS),
            "evidence": dice.choice(WORDS),
            "facts": {},
            "confidence": "high",
            "effort": dice.choice((None, 0.5, 2.0)),
            "worth_in_horizon": dice.choice((None, 3.0)),
            "alternative_to": dice.choice((None, "", names[0])),
        }
        for name in names
    )


def decide_at_random(engine: Engine, dice: random.Random, names: list[str]) -> None:  # noqa: F811
    """Decisions, changes of mind, notes and snoozes, some of which are over today."""
    verdicts: tuple[Verdict, ...] = ("approve", "reject", "snooze", "reopen")
    for name in dice.choices(names, k=len(names)):
        verdict = dice.choice(verdicts)
        until = TODAY + timedelta(days=dice.randrange(-3, 4)) if verdict == "snooze" else None
        decide(
            engine, DecisionRequest(name, verdict, "ada", f"r{dice.random()}", until), today=date(2026, 3, 1)
        )
        if dice.random() < 0.3:
            add_note(engine, NoteRequest(name, "assign", "ada", assignee=dice.choice(("bob", "cy"))))


def in_tab(row: Recommendation, tab: str) -> bool:
    return row.status == tab and (tab != "open" or (row.proposed and not row.alternative_to))


def let_through(row: Recommendation, where: WorklistFilter) -> bool:
    text = f"{row.unique_id} {row.title} {row.evidence}".lower()
    return (
        in_tab(row, where.tab)
        and (not where.kind or row.kind == where.kind)
        and (not where.supplier_id or where.supplier_id in {row.supplier_id, row.alternative_supplier_id})
        and (not where.assignee or row.assignee == where.assignee)
        and where.text.lower() in text
    )


def gain(row: Recommendation) -> float:
    return (row.worth if row.worth_in_horizon is None else row.worth_in_horizon) / max(row.effort or 1.0, 1.0)


def urgency(row: Recommendation) -> tuple[bool, date]:
    return row.act_by is None, row.act_by or TODAY


def totals(rows: list[Recommendation]) -> WorklistTotals:
    due = [row.act_by for row in rows if row.act_by is not None]
    return WorklistTotals(
        count=len(rows),
        yearly=sum(row.worth for row in rows if row.worth_period == "year"),
        once=sum(row.worth for row in rows if row.worth_period != "year"),
        overdue=sum(day < TODAY for day in due),
        soon=sum(TODAY <= day <= TODAY + timedelta(days=7) for day in due),
    )


FILTERS = [
    *(WorklistFilter(tab) for tab in TABS),
    WorklistFilter(kind="cancel", supplier_id="bolt"),
    WorklistFilter("approved", assignee="bob"),
    *(
        WorklistFilter(text=words)
        for words in ("sku-3", "überhöht", "0%", "a_b", "[x]*", "?", "c/D", "3 PLAIN")
    ),
    WorklistFilter("rejected", text="äPFEL"),
]


@pytest.mark.parametrize("seed", range(3))
def test_pages_counts_and_totals_in_sql_are_those_of_the_definition(engine: Engine, seed: int) -> None:  # noqa: F811
    dice = random.Random(seed)
    names = [f"a{number:02d}" for number in range(60)]
    record(engine, random_actions(dice, names))
    decide_at_random(engine, dice, names)
    record(engine, random_actions(dice, names[:45]))
    rows = list_recommendations(engine, RecommendationFilter(), today=TODAY, proposed=False)
    assert len(rows) == 60
    assert worklist_counts(engine, today=TODAY) == {
        tab: sum(in_tab(row, tab) for row in rows) for tab in TABS
    }
    orders: dict[tuple[tuple[str, bool], ...], Callable[[Recommendation], object]] = {
        (("gain", True),): lambda row: (-gain(row), urgency(row), row.action_id),
        (("act_by", False),): lambda row: (urgency(row), -gain(row), row.action_id),
        (("supplier_id", False),): lambda row: (
            row.supplier_id is None, row.supplier_id or "", -gain(row), urgency(row), row.action_id,
        ),
    }  # fmt: skip
    seen = 0
    for where in FILTERS:
        for order, key in orders.items():
            expected = sorted((row for row in rows if let_through(row, where)), key=key)
            pages = [worklist_page(engine, where, order, today=TODAY, part=(at, 7)) for at in range(0, 63, 7)]
            assert list(chain.from_iterable(page.rows for page in pages)) == expected
            assert worklist_rows(engine, where, order, today=TODAY) == expected
            assert {page.totals for page in pages} == {totals(expected)}
            assert worklist_totals(engine, where, today=TODAY) == totals(expected)
            seen += len(expected)
    assert seen > 200


def test_the_choices_of_a_tab_are_those_of_its_actions(engine: Engine) -> None:  # noqa: F811
    dice = random.Random(5)
    names = [f"a{number:02d}" for number in range(40)]
    record(engine, random_actions(dice, names))
    decide_at_random(engine, dice, names)
    rows = list_recommendations(engine, RecommendationFilter(), today=TODAY, proposed=False)
    for tab in TABS:
        own = {row.supplier_id for row in rows if in_tab(row, tab)} - {None}
        assert set(worklist_names(engine, "supplier_id", tab, today=TODAY, most=9)) == own
        kinds = sorted({row.kind for row in rows if in_tab(row, tab)})
        assert worklist_names(engine, "kind", tab, today=TODAY, most=9) == kinds
    assert len(worklist_names(engine, "supplier_id", "open", today=TODAY, most=2)) == 2
    assert assignees(engine) == ["bob", "cy"]


def test_parts_of_the_list_and_its_count_are_those_of_the_whole(engine: Engine) -> None:  # noqa: F811
    names = [f"a{number:02d}" for number in range(30)]
    record(engine, random_actions(random.Random(7), names))
    where = RecommendationFilter(kind="cancel")
    whole = list_recommendations(engine, where, today=TODAY)
    parts = [list_recommendations(engine, where, today=TODAY, part=(at, 4)) for at in range(0, 32, 4)]
    assert list(chain.from_iterable(parts)) == whole
    assert count_recommendations(engine, where, today=TODAY) == len(whole) > 4


def test_the_worklists_memory_forgets_with_every_decision_note_and_plan(engine: Engine) -> None:  # noqa: F811
    dice, memory, asked = random.Random(0), WorklistMemory(), 0

    def counts() -> dict[str, int]:
        def work() -> dict[str, int]:
            nonlocal asked
            asked += 1
            return worklist_counts(engine, today=TODAY)

        found = memory.recall(engine, ("counts", TODAY), work)
        assert found == worklist_counts(engine, today=TODAY)
        return found

    names = ["a", "b", "c", "d", "e"]
    record(engine, random_actions(dice, names).assign(alternative_to=None))
    assert [counts()["open"], counts()["open"], asked] == [5, 5, 1]
    decide(engine, DecisionRequest("a", "approve", "ada", "it pays", None), today=TODAY)
    assert [counts()["open"], counts()["approved"], asked] == [4, 1, 2]
    add_note(engine, NoteRequest("b", "assign", "ada", assignee="bob"))
    assert memory.recall(engine, ("people", TODAY), lambda: assignees(engine)) == ["bob"]
    counts()
    assert asked == 3
    record(engine, random_actions(dice, names[:2]).assign(alternative_to=None))
    assert [counts()["open"], asked] == [1, 4]


def test_the_worklists_memory_keeps_the_last_answers_only(engine: Engine) -> None:  # noqa: F811
    memory, made = WorklistMemory(), []

    def answer(question: int) -> int:
        def work() -> int:
            made.append(question)
            return question

        return memory.recall(engine, question, work)

    assert [answer(number) for number in range(65)] == list(range(65))
    assert [answer(64), answer(1), answer(0), len(made)] == [64, 1, 0, 66]
    assert made[-1] == 0, "what was asked first was forgotten first"
