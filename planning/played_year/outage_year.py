"""What a month without a supplier costs: the year of a lane with and without deliveries in it, on the same luck."""

from dataclasses import replace

import numpy as np

from distributions.distribution import Array
from planning.played_year.year_play import YearPlay


def without_deliveries(year: YearPlay, days: Array) -> YearPlay:
    """The year in which nothing arrives for `days` (n,) from some day on; what was held up then comes at once.

    The outage begins on another day in each scenario, evenly through the year that counts, early enough for its end to
    be in it.
    """
    world = year.world
    scenarios = world.lead_days.shape[2]
    room = np.maximum(world.days - days - world.review, 0.0)
    begins = world.warm_up[:, None] + (np.arange(scenarios) + 0.5) / scenarios * room[:, None]
    ordered = world.review * np.arange(world.lead_days.shape[1])[None, :, None]
    arrives = ordered + world.lead_days
    end = np.round(begins + days[:, None])[:, None]
    held_up = (arrives >= np.round(begins)[:, None]) & (arrives < end) & (world.lead_days >= 0)
    lead_days = np.where(held_up, end - ordered, world.lead_days)
    return replace(year, world=replace(world, lead_days=lead_days.astype(np.int16)))


def outage_cost(year: YearPlay, points: tuple[Array, Array], days: Array) -> Array:
    """What an outage of `days` (n,) costs lanes with reorder points and order-up-to levels (n,), money, (n, M)."""
    usual = year.cost(year.play(*points)).total
    cut_off = without_deliveries(year, days)
    return np.asarray(cut_off.cost(cut_off.play(*points)).total - usual)
