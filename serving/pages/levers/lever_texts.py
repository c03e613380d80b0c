"""What the page of levers says of each: when it is proposed, and which data it needs."""

from dataclasses import dataclass


@dataclass(frozen=True)
class LeverText:
    """When a lever is proposed, and what it needs beside demand, stock and an offer."""

    trigger: str
    needs: str = ""


_OPEN = "open orders with what is still to come"

LEVER_TEXTS: dict[str, LeverText] = {
    "switch_vendor": LeverText(
        "another usable offer costs less in a played year, all told, by more than the effort of a switch",
        "offers of two suppliers",
    ),
    "trial_order": LeverText(
        "where a switch would pay but the SKU was never received from there: the least lot first",
        "offers of two suppliers",
    ),
    "dual_source": LeverText(
        "a base from the slow and cheap supplier and the rest from the quick one cost less than either alone",
        "two offers that differ in price and in lead time",
    ),
    "contingency": LeverText(
        "SKUs have one source, and what a second one would save in an outage, at its chance, is more than finding it",
        "what a shortage costs",
    ),
    "activate_alternate": LeverText(
        "a SKU is bought from one supplier although another offers it", "an offer nobody buys on"
    ),
    "reduce_reliance": LeverText(
        "one supplier has more of a category's spend than the policy wants", "categories, prices"
    ),
    "conditional_sourcing": LeverText(
        "a supplier has just got worse, and SKUs cost less from a better one: they move if it stays so",
        "promise dates, a second offer",
    ),
    "shift_spend": LeverText(
        "several SKUs cost less from a supplier with a better scorecard, each too little for a switch of its own",
        "scorecards, a second offer",
    ),
    "lower_moq": LeverText(
        "the MOQ makes orders larger than is best, and that costs more than a talk", "offers.moq"
    ),
    "lower_multiple": LeverText(
        "packs half as large would save more in stock and waste than a talk costs",
        "offers.order_multiple",
    ),
    "lead_time_sla": LeverText(
        "late orders cost more than twice what a talk does; with a schedule of bonus and penalty that shares it",
        "past orders of the supplier",
    ),
    "payment_days": LeverText(
        "the supplier is paid sooner than policy.usual_payment_days, and the money in it costs more than a talk",
        "payment_days of offers or suppliers",
    ),
    "price_on_volume": LeverText(
        "the coming year surely buys a tenth more from a supplier than the last, or a quarter more of a SKU",
        "a year of past orders",
    ),
    "renegotiate": LeverText(
        "a SKU trends up beyond the volume its price was agreed for", "a year of past demand"
    ),
    "reach_price_break": LeverText(
        "a price break pays for the stock it brings in play, and the policy does not reach it by itself",
        "price_breaks",
    ),
    "lower_price_break": LeverText(
        "a price break begins a little above what is ordered anyway: ask for it at that quantity",
        "price_breaks",
    ),
    "flexibility": LeverText(
        "lead times are long, and deciding a few days later what is really needed would save more than a talk costs",
        "lead times of nine days and more",
    ),
    "share_forecast": LeverText(
        "a supplier's delays were learned to go with demand: told ahead, it need not be late",
        "past orders",
    ),
    "book_capacity": LeverText(
        "coming months need more than the supplier delivers at a time", "offers.max_quantity or past orders"
    ),
    "engage_early": LeverText(
        "the plan's own next order would come too late: a slow supplier or a maximum, and rising demand"
    ),
    "consolidate_orders": LeverText(
        "an order line costs more with a supplier than a quarter of the company's lines do at most",
        "what an order line costs",
    ),
    "frequent_deliveries": LeverText(
        "reviews twice as often save more stock, shortage and waste than their orders and freight cost",
        "suppliers.ordering_cost, freight_cost",
    ),
    "order_days": LeverText(
        "orders are decided on another weekday than the supplier takes them, and wait",
        "suppliers.order_days",
    ),
    "consignment": LeverText(
        "a supplier's lots are larger than we would order, and last: it may own them until they are used",
        "MOQ or multiple, policy.capital_cost_rate",
    ),
    "vmi": LeverText(
        "a predictable supplier of many order lines could replenish by itself, and nobody writes orders",
        "what an order line costs",
    ),
    "kanban": LeverText(
        "steady demand and a predictable supplier: bins keep the target in play, and cards cost less than orders",
        "what an order line costs",
    ),
    "jit": LeverText(
        "steady demand, a predictable supplier nearby, and orders larger than a review needs: call-offs instead",
        "what an order line costs",
    ),
    "auto_restock": LeverText(
        "a site is restocked often and steadily enough to need nobody", "SKUs at locations"
    ),
    "improve_supplier": LeverText(
        "a supplier's scorecard has fallen: a plan with owner, measure, target and date",
        "promise dates or contracts",
    ),
    "prefer_supplier": LeverText(
        "a goal for local, diverse or certified suppliers is missed: what meeting it costs, the cheapest switch first",
        "is_local, is_diverse, is_certified of suppliers; goals in the policy",
    ),
    "lower_emissions": LeverText(
        "a switch pays with the emissions that it saves at their price, and not without",
        "emission_factor of suppliers; policy.responsible.emission_price",
    ),
    "return_stock": LeverText(
        "stock lies so long that holding it costs more than the supplier credits too little"
    ),
    "sell_down": LeverText("stock is likely to be written off: sell it for less before"),
    "repurpose": LeverText("stock lies that another SKU or site could use"),
    "expedite": LeverText(
        "an open order comes too late, and getting it sooner saves more than the supplier asks",
        "offers.expedite_cost, past expedited orders",
    ),
    "expedite_question": LeverText(
        "as expedite, where no price is known: the most that is worth paying", _OPEN
    ),
    "push_back": LeverText("an open order is not needed as soon as it comes", _OPEN),
    "reduce": LeverText("an open order is not needed in full", _OPEN),
    "split": LeverText("part of an open order is needed as agreed, the rest later", _OPEN),
    "close_short": LeverText("what is left of an order is little and no longer needed", _OPEN),
    "cancel": LeverText("an open order is not needed at all", _OPEN),
    "chase": LeverText("an open order is so old that it will probably never come", _OPEN),
}
"""By kind; a lever without one is listed all the same."""
