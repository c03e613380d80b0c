"""Part `service`: what reorder points that are met in play keep, with no lots and with an MOQ of three weeks."""

import numpy as np

from benchmarks.decisions.brute_force import Offer, Outcome
from benchmarks.decisions.figures import Figure, shown
from benchmarks.decisions.known_lanes import POISSON, KnownWorld, poisson_lanes, poisson_world, with_level
from configs.schema import PolicyConfig
from planning.policy.targets import CYCLE, FILL

TARGETS, LEVELS, MOQS = (CYCLE, FILL), (0.90, 0.95, 0.98), (0.0, 3 * 7 * POISSON)
NEAR_POINTS = 0.01
_SEED = 3


def service() -> list[Figure]:
    """Service that the product's reorder points keep by brute force, and the lowest that would keep the target."""
    world, figures = poisson_world(seed=_SEED), []
    for target in TARGETS:
        for moq in MOQS:
            for level in LEVELS:
                known = poisson_lanes(with_level(PolicyConfig(), target, level), moq=moq)
                terms = known.played()
                s = float(terms.reorder_point[0])
                lot = float(terms.order_up_to[0]) - s
                kept = _kept(target, world.play(Offer(moq=moq), s, s + lot))
                lowest = _lowest(world, target, level, moq, near=s)
                name = f"{target} {level:.0%}, MOQ {moq:g}"
                promised = 100 * float(terms.played_service[0])
                figures += [
                    _judged(f"{name}: kept, %", promised, 100 * kept[0], 100 * kept[1], 100 * level),
                    Figure(
                        "  reorder point",
                        s,
                        lowest,
                        target="within 2 %",
                        passed=abs(s - lowest) <= 0.02 * lowest + 1,
                    ),
                    shown("  by the closed form", float(known.terms.reorder_point[0]), lowest),
                ]
    return figures


def _judged(name: str, promised: float, kept: float, error: float, level: float) -> Figure:
    """Service kept, in %: it passes within a point of what is promised, and no more than a point below the target."""
    passed = abs(kept - promised) <= 1 and kept >= level - max(1.0, 2 * error)
    return Figure(name, promised, kept, error, f"{level:g}, ± 1 point", passed)


def _kept(target: str, played: Outcome) -> tuple[float, float]:
    """Service that was kept, and its standard error over the years."""
    part, whole = (played.missed, played.demand) if target == FILL else (played.short_cycles, played.cycles)
    share = part.sum() / whole.sum()
    return float(1 - share), float((part - share * whole).std() / whole.mean() / np.sqrt(len(whole)))


def _lowest(world: KnownWorld, target: str, level: float, moq: float, *, near: float) -> float:
    """Lowest reorder point that keeps the level by brute force, looked for unit by unit from the product's on."""

    def keeps(s: float) -> bool:
        return _kept(target, world.play(Offer(moq=moq), s, s))[0] >= level

    s = near
    if keeps(s):
        while s > 0 and keeps(s - 1):
            s -= 1
        return s
    while not keeps(s):
        s += 1
    return s
