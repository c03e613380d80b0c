"""What tests of identity ask: a home with people."""

from access_homes import follower, peopled_home  # noqa: F401 -- fixtures
