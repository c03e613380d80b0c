"""A year of each lane as the engine plays it, and what is decided and compared by that.

Reading map:
`year_play.py`: a year of lanes on their terms, and what it costs; read first.
`played_targets.py`: the lowest reorder point that keeps a service level or fill rate.
`cheapest_terms.py`: where cost decides, as for goods that perish, the reorder point that costs least.
`played_terms.py`: what was played put in the place of closed forms.
`dual_year.py`: a year of SKUs that are bought from two suppliers at once.
`outage_year.py`: what a month without deliveries in it costs.
`compare_suppliers.py`: two suppliers compared before there is any data.
"""
