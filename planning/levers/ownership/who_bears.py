"""Who bears which part of the costs of some SKUs, before an agreement and after it."""

from collections.abc import Mapping

from configs.formats import money
from distributions.distribution import Array

Bearing = dict[str, dict[str, float]]
"""Part of the costs → `ours_now`, `ours_then` and `theirs_then`, money a year."""

_PARTS = ("ordering", "stock", "pipeline", "shortage", "spoilage")


def who_bears(now: Mapping[str, Array], then: Mapping[str, Array], theirs: Mapping[str, float]) -> Bearing:
    """Parts of the costs with what we bear of them now and then, and what the supplier takes over.

    Parameters
    ----------
    now, then : part → money a year by SKU (k,)
    theirs : part → money a year that the supplier bears then
    """
    return {
        part: {
            "ours_now": round(float(now[part].sum()), 2),
            "ours_then": round(float(then[part].sum()), 2),
            "theirs_then": round(theirs.get(part, 0.0), 2),
        }
        for part in _PARTS
    }


def in_words(bearing: Bearing, currency: str) -> str:
    """The parts in a sentence: `stock 573 USD now, 344 USD then and 229 USD with the supplier`."""
    said = [
        f"{part} {money(each['ours_now'])} now, {money(each['ours_then'])} then"
        + (f" and {money(each['theirs_then'])} with the supplier" if each["theirs_then"] else "")
        for part, each in bearing.items()
        if max(abs(value) for value in each.values()) >= 1
    ]
    return "; ".join(said) + f" ({currency} a year)" if said else "nothing changes"
