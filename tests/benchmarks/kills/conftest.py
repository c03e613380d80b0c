"""A home with a champion and a plan, to be written to."""

from homes import home, planned_home, trained_home  # noqa: F401 -- fixtures
