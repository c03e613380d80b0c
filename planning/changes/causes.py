"""Causes of a change between two plans, in the order in which they are replaced."""

DEMAND_LEVEL, SEASON, DEMAND_UNCERTAINTY = "demand_level", "season", "demand_uncertainty"
LEAD_TIME_MEAN, LEAD_TIME_SPREAD = "lead_time_mean", "lead_time_spread"
TARGET, TERMS, LOT, PLAY = "target", "cost_and_terms", "lot", "play"
STOCK, SUPPLIER_ORDER, OVERRIDES = "stock_and_orders", "supplier_order", "overrides"
ASSORTMENT, NOT_SPLIT = "assortment", "not_split"

REPLACED = (
    DEMAND_LEVEL, SEASON, DEMAND_UNCERTAINTY, OVERRIDES, LEAD_TIME_MEAN, LEAD_TIME_SPREAD, TARGET, TERMS, LOT, PLAY,
    STOCK, SUPPLIER_ORDER,
)  # fmt: skip
"""Causes that are replaced one after the other."""

CAUSES = (*REPLACED, ASSORTMENT, NOT_SPLIT)
"""All causes: also of SKUs that are new or gone, and of what could not be split."""

MEANINGS = {
    DEMAND_LEVEL: "demand expected in the year ahead",
    SEASON: "what the weeks ahead are above or below the year: season, promotions, events",
    DEMAND_UNCERTAINTY: "spread of demand around what is expected",
    OVERRIDES: "what people overruled",
    LEAD_TIME_MEAN: "expected lead time, the supplier's order days included",
    LEAD_TIME_SPREAD: "spread of the lead time, in days",
    TARGET: "service target and review period",
    TERMS: "holding and shortage costs, and whether the SKU is still bought",
    LOT: "MOQ, multiple, maximum, prices and their breaks, economic lot, whole units",
    PLAY: "what targets met in play add to or take from the formula: lots, seasons, shelf life",
    STOCK: "stock, backorders, and open orders as far as they come in time",
    SUPPLIER_ORDER: "what the supplier's whole order adds or takes: joint ordering, minimum, freight, budget",
    ASSORTMENT: "SKUs that are new, gone, or can be planned only in one of the plans",
    NOT_SPLIT: "changes that were not split",
}
"""Cause → what it stands for."""
