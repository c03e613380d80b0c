"""Homes with a champion, for jobs to plan and monitor in."""

from homes import home, planned_home, trained_home  # noqa: F401 -- fixtures
