"""The worklist in SQL: how many actions each list has and what they are worth, and one page of one list."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Dialect,
    Engine,
    FromClause,
    Subquery,
    and_,
    case,
    func,
    or_,
    select,
    true,
)

from database.recommendations import (
    BY_GAIN,
    Order,
    Recommendation,
    live_actions,
    ordered_by,
    read_recommendations,
)
from database.schema import recommendations

TABS = ("open", "approved", "rejected", "snoozed", "held_back")
SOON_DAYS = 7


@dataclass(frozen=True)
class WorklistFilter:
    """Which actions of a tab of the worklist to show; empty: all of them. `text` is looked for in SKU and words.

    `kinds` lets several kinds through, as those of a group of levers.
    """

    tab: str = "open"
    kind: str = ""
    supplier_id: str = ""
    assignee: str = ""
    text: str = ""
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True)
class WorklistTotals:
    """Totals of actions of the worklist: their worth in money a year and once, and how many are due."""

    count: int
    yearly: float
    once: float
    overdue: int
    soon: int


@dataclass(frozen=True)
class WorklistPage:
    """A page of the worklist: its actions, and the totals of all that the filter lets through."""

    rows: list[Recommendation]
    totals: WorklistTotals


def worklist_counts(engine: Engine, *, today: date) -> dict[str, int]:
    """Count the actions of each tab of the worklist on the business day `today`."""
    rows = live_actions(today)
    queries = [select(func.count()).select_from(rows).where(_in_tab(rows, tab)) for tab in TABS]
    with engine.connect() as connection:
        return {tab: connection.execute(query).scalar_one() for tab, query in zip(TABS, queries, strict=True)}


def worklist_totals(engine: Engine, where: WorklistFilter, *, today: date) -> WorklistTotals:
    """Totals of the actions of the worklist that a filter lets through."""
    rows = live_actions(today)
    query = select(*_sums(rows, today)).where(_matches(rows, where, engine.dialect))
    with engine.connect() as connection:
        return WorklistTotals(**connection.execute(query).mappings().one())


def worklist_page(
    engine: Engine, where: WorklistFilter, order: Order, *, today: date, part: tuple[int, int]
) -> WorklistPage:
    """Return a page of the worklist and the totals of all its pages, which one pass finds.

    Parameters
    ----------
    order : ties are in the order of what brings most for its effort
    part : how many actions are on earlier pages, and how many are on this one at most
    """
    rows, whole = live_actions(today), _whole(order)
    needed = {"worth", "worth_period", "act_by", *(name for name, _ in whole)}
    chosen = select(*(rows.c[name] for name in sorted(needed))).where(_matches(rows, where, engine.dialect))
    # A search of texts is dear, so its rows are kept for both; without one, looking twice is quicker than keeping.
    found = chosen.cte("found") if where.text.strip() else chosen.subquery("found")
    totals = select(*_sums(found, today)).subquery("totals")
    ids = select(found.c.action_id).order_by(*ordered_by(found.c, whole)).offset(part[0]).limit(part[1])
    page = ids.subquery("page")
    with engine.connect() as connection:
        query = select(totals, page.c.action_id).select_from(totals.outerjoin(page, true()))
        answer = [dict(row) for row in connection.execute(query).mappings()]
        shown = [row.pop("action_id") for row in answer]
        wanted = select(rows).where(rows.c.action_id.in_([name for name in shown if name is not None]))
        return WorklistPage(read_recommendations(connection, wanted, whole), WorklistTotals(**answer[0]))


def worklist_rows(
    engine: Engine, where: WorklistFilter, order: Order, *, today: date
) -> list[Recommendation]:
    """Return all actions of the worklist that a filter lets through, in the order that its pages have."""
    rows = live_actions(today)
    query = select(rows).where(_matches(rows, where, engine.dialect))
    with engine.connect() as connection:
        return read_recommendations(connection, query, _whole(order))


def _whole(order: Order) -> Order:
    """An order of the worklist in which there are no ties."""
    named = {name for name, _ in order}
    return order + tuple(part for part in BY_GAIN if part[0] not in named)


def _sums(rows: FromClause, today: date) -> list[ColumnElement[Any]]:
    """The columns of `WorklistTotals` as SQL."""
    yearly, due = rows.c.worth_period == "year", rows.c.act_by
    soon = due.between(today, today + timedelta(days=SOON_DAYS))
    return [
        func.count(rows.c.action_id).label("count"),
        func.coalesce(func.sum(case((yearly, rows.c.worth), else_=0.0)), 0.0).label("yearly"),
        func.coalesce(func.sum(case((yearly, 0.0), else_=rows.c.worth)), 0.0).label("once"),
        func.coalesce(func.sum(case((due < today, 1), else_=0)), 0).label("overdue"),
        func.coalesce(func.sum(case((soon, 1), else_=0)), 0).label("soon"),
    ]


def worklist_names(engine: Engine, column: str, tab: str, *, today: date, most: int) -> list[str]:
    """Kinds or suppliers, as the `column` says, of a tab of the worklist; `most` of them at most."""
    rows = live_actions(today)
    query = select(rows.c[column]).where(_in_tab(rows, tab), rows.c[column].is_not(None))
    with engine.connect() as connection:
        return sorted(connection.execute(query.distinct().limit(most)).scalars())


@dataclass(frozen=True)
class KindCount:
    """What the current plan proposes of one kind: actions of the plan, better ones' alternatives, and their worth."""

    kind: str
    proposed: int
    alternatives: int
    yearly: float
    once: float


def kind_counts(engine: Engine, *, today: date) -> list[KindCount]:
    """Count what the current plan proposes by kind, decided or not; worth is that of the plan's own, money."""
    rows = live_actions(today)
    own = func.coalesce(rows.c.alternative_to, "") == ""
    yearly = rows.c.worth_period == "year"
    query = (
        select(
            rows.c.kind,
            func.sum(case((own, 1), else_=0)).label("proposed"),
            func.sum(case((own, 0), else_=1)).label("alternatives"),
            func.sum(case((and_(own, yearly), rows.c.worth), else_=0.0)).label("yearly"),
            func.sum(case((and_(own, ~yearly), rows.c.worth), else_=0.0)).label("once"),
        )
        .where(rows.c.proposed)
        .group_by(rows.c.kind)
        .order_by(rows.c.kind)
    )
    with engine.connect() as connection:
        return [KindCount(**row) for row in connection.execute(query).mappings()]


def assignees(engine: Engine) -> list[str]:
    """Everybody whom an action of the worklist is assigned to, in whichever tab."""
    query = select(recommendations.c.assignee).where(recommendations.c.assignee.is_not(None)).distinct()
    with engine.connect() as connection:
        return sorted(connection.execute(query).scalars())


def snoozed_actions(engine: Engine, *, today: date) -> list[tuple[str, str, date]]:
    """Return action_id, title and the day on which it comes back of each action that is snoozed, by that day."""
    columns = recommendations.c
    query = select(columns.action_id, columns.title, columns.snooze_until)
    query = query.where(columns.status == "snoozed", columns.snooze_until >= today)
    with engine.connect() as connection:
        rows = connection.execute(query.order_by(columns.snooze_until, columns.action_id)).all()
    return [(row.action_id, row.title, row.snooze_until) for row in rows]


def _in_tab(rows: Subquery, tab: str) -> ColumnElement[bool]:
    """Condition that actions of a tab of the worklist meet.

    What was decided stays visible, also when the next run proposes it no more; open are only live proposals, and of
    those that exclude each other the best: the rest stands on the SKU's page. Held back are those that people have
    rejected the like of again and again.
    """
    if tab not in {"open", "held_back"}:
        return and_(rows.c.kept_status == tab, rows.c.status == tab)
    # Most actions are open: read in the order in which they are stored they are found sooner than by an index.
    live = and_(rows.c.status == "open", rows.c.proposed, func.coalesce(rows.c.alternative_to, "") == "")
    held = func.coalesce(rows.c.held_back, "")
    return and_(live, held == "" if tab == "open" else held != "")


def _matches(rows: Subquery, where: WorklistFilter, dialect: Dialect) -> ColumnElement[bool]:
    """Condition that actions of the worklist meet which stand in the filter's tab and are let through."""
    conditions = [_in_tab(rows, where.tab)]
    if where.kind:
        conditions.append(rows.c.kind == where.kind)
    if where.kinds:
        conditions.append(rows.c.kind.in_(where.kinds))
    if where.supplier_id:
        suppliers = rows.c.supplier_id, rows.c.alternative_supplier_id
        conditions.append(or_(*(column == where.supplier_id for column in suppliers)))
    if where.assignee:
        conditions.append(rows.c.assignee == where.assignee)
    if where.text.strip():
        text = rows.c.unique_id + " " + rows.c.title + " " + rows.c.evidence
        conditions.append(_contains(text, where.text.strip(), dialect))
    return and_(*conditions)


def _contains(text: ColumnElement[str], words: str, dialect: Dialect) -> ColumnElement[bool]:
    """Condition that a text of the worklist has the words in it, in whatever case."""
    if dialect.name != "sqlite":
        return text.icontains(words, autoescape=True)
    # SQLite's own letters without case are those of ASCII; Python's, which are all, take half a second for 100,000
    # texts. So any letter will do in the place of another one at first, and Python looks at what is left.
    escaped = "".join(f"/{letter}" if letter in "/%_" else letter for letter in words)
    roughly = text.like(f"%{''.join(c if c.isascii() else '_' for c in escaped)}%", escape="/")
    if words.isascii():
        return roughly
    return and_(roughly, func.python_lower(text).contains(words.lower(), autoescape=True))
