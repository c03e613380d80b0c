"""Sourcing actions, each priced against leaving things as they are."""
