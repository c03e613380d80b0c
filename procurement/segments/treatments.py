"""Treatments of suppliers by their segment: what to seek with each, and which kinds of action fit it or do not."""

from dataclasses import dataclass

STRATEGIC, LEVERAGE, BOTTLENECK, ROUTINE = "strategic", "leverage", "bottleneck", "routine"
FITS, AGAINST = "fits", "against"


@dataclass(frozen=True)
class Treatment:
    """What is sought with the suppliers of a segment.

    Attributes
    ----------
    text : in a sentence
    fits, against : kinds of action that follow it, and that work against it; all others are neither
    """

    text: str
    fits: frozenset[str]
    against: frozenset[str]


TREATMENTS = {
    STRATEGIC: Treatment(
        "Plan together: share forecasts, agree on lead times and capacity, improve; do not threaten to leave.",
        frozenset(
            {"share_forecast", "engage_early", "lead_time_sla", "book_capacity", "flexibility", "vmi", "consignment",
             "improve_supplier", "jit", "conditional_sourcing"}
        ),
        frozenset({"switch_vendor", "shift_spend"}),
    ),
    LEVERAGE: Treatment(
        "Let offers compete: price on volume, better terms, the cheapest that is good enough.",
        frozenset(
            {"switch_vendor", "shift_spend", "price_on_volume", "payment_days", "lower_moq", "lower_price_break",
             "reach_price_break", "frequent_deliveries", "consignment"}
        ),
        frozenset(),
    ),
    BOTTLENECK: Treatment(
        "Secure supply: a second source, early orders, buffers; the price matters less than that it comes.",
        frozenset(
            {"dual_source", "contingency", "activate_alternate", "trial_order", "engage_early", "book_capacity",
             "lead_time_sla", "reduce_reliance", "improve_supplier"}
        ),
        frozenset({"payment_days", "price_on_volume", "lower_moq"}),
    ),
    ROUTINE: Treatment(
        "Keep it simple: fewer and bundled orders, fixed order days, replenishment that runs by itself.",
        frozenset({"consolidate_orders", "order_days", "kanban", "vmi", "lower_multiple", "shift_spend"}),
        frozenset({"improve_supplier", "jit"}),
    ),
}  # fmt: skip
"""Segment (Kraljic 1983) → treatment."""


def fit_of(kind: str, segment: str | None) -> str:
    """Whether a kind of action fits the treatment of a supplier's segment: fits, against, or empty."""
    treatment = TREATMENTS.get(segment or "")
    if treatment is None:
        return ""
    return FITS if kind in treatment.fits else AGAINST if kind in treatment.against else ""
