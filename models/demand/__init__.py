"""Demand forecasters: members, their weights, and the calibrated ensemble of them."""
