"""What an address of the spend page asks for, and addresses that ask for a bit more or less."""

from collections.abc import Mapping
from urllib.parse import urlencode

from serving.state.spend_view import FLAGS, NOT_KNOWN, SpendQuery, SpendView

LABELS = {
    "supplier_id": "supplier",
    "category": "category",
    "department": "department",
    "site": "site",
    "unique_id": "SKU",
    "month": "month",
}
"""Dimension → what people call it, in the order of the tabs."""
NEXT = {
    "category": "supplier_id",
    "department": "supplier_id",
    "site": "department",
    "supplier_id": "unique_id",
    "month": "category",
    "unique_id": "department",
}
"""Dimension → the one that is summed by next when a value of it is chosen."""
VIEWS = {
    "by": "Sums",
    "months": "Outlook",
    "budgets": "Budgets",
    "unusual": "Unusual",
    "lines": "Order lines",
}
"""View → its tab."""
FLAG_LABELS = {
    "off_contract": "off contract",
    "contracted": "under contract",
    "certified": "certified suppliers",
    "diverse": "diverse suppliers",
    "local": "local suppliers",
    "not_priced": "without a price",
}


def spend_query(params: Mapping[str, str], spend: SpendView) -> SpendQuery:
    """Read what an address asks for; what it cannot mean is left out, as on every page."""
    by = params.get("by", "supplier_id")
    months = spend.values("month")
    flag = params.get("flag", "")
    where = []
    for name in LABELS:
        value = "" if params.get(name) == NOT_KNOWN else params.get(name) or None
        if value is not None and spend.cube.knows(name, value):
            where.append((name, value))
    return SpendQuery(
        by=by if by in LABELS else "supplier_id",
        where=tuple(where),
        flag=flag if flag in FLAGS else "",
        since=params.get("since", "") if params.get("since") in months else "",
        until=params.get("until", "") if params.get("until") in months else "",
    )


def unfiltered(query: SpendQuery) -> SpendQuery:
    """The query for all spend: what views ask for that no filter holds for."""
    return SpendQuery(query.by)


def address(query: SpendQuery, view: str = "by", **more: str) -> str:
    """The address that asks for a query in one of the views."""
    where = {name: value or NOT_KNOWN for name, value in query.where}
    asked = {"view": "" if view == "by" else view, "by": query.by, **where}
    asked |= {"flag": query.flag, "since": query.since, "until": query.until, **more}
    return f"/spend?{urlencode({name: value for name, value in asked.items() if value})}"


def narrowed(query: SpendQuery, value: str) -> SpendQuery:
    """The query for the lines of one value of its dimension, summed by the next dimension that is still open."""
    where = (*((name, kept) for name, kept in query.where if name != query.by), (query.by, value))
    chosen = {name for name, _ in where}
    following = NEXT[query.by]
    if following in chosen:
        following = next((name for name in LABELS if name not in chosen), query.by)
    return SpendQuery(following, where, query.flag, query.since, query.until)


def without(query: SpendQuery, name: str) -> SpendQuery:
    """The query without its filter on a dimension, summed by that dimension: one step back."""
    where = tuple((each, value) for each, value in query.where if each != name)
    return SpendQuery(name, where, query.flag, query.since, query.until)
