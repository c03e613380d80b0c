"""Managed inventory by site: what to bring on the next visit, from what is used, counted and fits.

Reading map: `site_visits.py`: the restock of each bin for the next visit, and the visits with all they bundle.
"""
