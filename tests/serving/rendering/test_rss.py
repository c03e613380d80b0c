from datetime import UTC, datetime
from xml.etree import ElementTree as ET

from serving.rendering.rss import FeedEntry, feed_text

AT = datetime(2026, 3, 2, 5, 30, tzinfo=UTC)


def test_a_feed_is_read_back():
    entry = FeedEntry("purvey-exception-7", AT, "[urgent] <a> & \x1bb\ufffe", "Rule r.", "http://x/skus/a")
    channel = ET.fromstring(feed_text([entry], title="T", link="http://x/alerts", description="D"))[0]
    assert [channel.findtext(name) for name in ("title", "link", "description")] == [
        "T",
        "http://x/alerts",
        "D",
    ]
    item = channel.find("item")
    assert item.findtext("title") == "[urgent] <a> & b"
    assert item.findtext("guid") == "purvey-exception-7"
    assert item.find("guid").get("isPermaLink") == "false"
    assert item.findtext("pubDate") == "Mon, 02 Mar 2026 05:30:00 +0000"
    assert item.findtext("link") == "http://x/skus/a"


def test_a_feed_without_entries_is_one():
    assert ET.fromstring(feed_text([], title="T", link="L", description="D")).find("channel/item") is None
