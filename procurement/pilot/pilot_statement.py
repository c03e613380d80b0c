"""A pilot's effect in sentences: what changed and by how much, how sure that is, and what it stands on."""

from configs.formats import level, money, number, quantity, share, signed, with_plus
from procurement.pilot.pilot_effect import PilotEffect


def pilot_statement(effect: PilotEffect, *, outcome: str, currency: str | None = None) -> str:
    """Say what the pilot did to `outcome` (such as `stock value`); money where a currency is given, else units."""

    def amount(value: float) -> str:
        return with_plus(quantity(value) if currency is None else money(value, currency))

    sure = effect.p_value < 1 - effect.level
    falls = effect.effect.estimate < 0
    did = f"{'lowered' if falls else 'raised'} {outcome}" if sure else f"did not measurably change {outcome}"
    percent, counts = effect.percent, effect.counts
    says = (
        f"The pilot {did}: {signed(percent.estimate, 1)} ({level(effect.level)} interval "
        f"{signed(percent.low, 1)} to {signed(percent.high, 1)}, p = {number(effect.p_value, 3)}), "
        f"{amount(effect.per_period.estimate)} a period and {amount(effect.total.estimate)} over "
        f"{counts.periods_after} periods ({amount(effect.total.low)} to {amount(effect.total.high)}), "
        f"measured on {counts.pairs} pairs."
    )
    return " ".join([says, _trends(effect), *_left_out(effect)])


def _trends(effect: PilotEffect) -> str:
    """What the placebo before the start says."""
    found = effect.trends
    if found is None:
        return "Too few periods before the start to see whether the groups ran in parallel."
    p = f"p = {number(found.p_value, 2)}"
    if found.parallel:
        return f"Before the start the groups ran in parallel, as far as can be seen (placebo {p})."
    return f"Before the start the groups drifted apart (placebo {p}): take the effect with care."


def _left_out(effect: PilotEffect) -> list[str]:
    """How many units were left out and periods missed, and whether one group lost more."""
    counts = effect.counts
    says = []
    if len(counts.left_out):
        reasons = counts.left_out["reason"].value_counts().sort_index()
        listed = ", ".join(f"{count} {reason}" for reason, count in reasons.items())
        says.append(f"{len(counts.left_out)} units were left out: {listed}.")
    if counts.missing_periods:
        cells = (counts.pilot_units + counts.hold_out_units) * (counts.periods_before + counts.periods_after)
        says.append(f"{share(counts.missing_periods / cells)} of the periods are missing.")
    if counts.uneven:
        says.append("One group lost more units than chance would take: the pilot itself may have cost them.")
    return says
