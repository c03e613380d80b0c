"""Homes with letters that wait, and receivers at loopback; homes with a champion, to plan in."""

from alert_posts import mail_server, post, receiver  # noqa: F401 -- fixtures
from homes import home, maker, planned_home, trained_home  # noqa: F401 -- fixtures
