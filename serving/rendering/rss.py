"""A feed (RSS 2.0) of entries, the newest first."""

from collections.abc import Sequence
from datetime import datetime
from email.utils import format_datetime
from typing import NamedTuple
from xml.etree import ElementTree as ET


class FeedEntry(NamedTuple):
    """An entry of a feed; readers know it again by `guid`."""

    guid: str
    at: datetime
    title: str
    description: str
    link: str


def feed_text(entries: Sequence[FeedEntry], *, title: str, link: str, description: str) -> bytes:
    """The feed as XML, UTF-8."""
    root = ET.Element("rss", version="2.0")
    channel = ET.SubElement(root, "channel")
    for name, text in (("title", title), ("link", link), ("description", description)):
        ET.SubElement(channel, name).text = _storable(text)
    for entry in entries:
        item = ET.SubElement(channel, "item")
        for name, text in (("title", entry.title), ("link", entry.link), ("description", entry.description)):
            ET.SubElement(item, name).text = _storable(text)
        ET.SubElement(item, "guid", isPermaLink="false").text = _storable(entry.guid)
        ET.SubElement(item, "pubDate").text = format_datetime(entry.at)
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _storable(text: str) -> str:
    """Text without what XML cannot hold."""
    return "".join(
        mark
        for mark in text
        if mark in "\t\n" or " " <= mark <= "\ud7ff" or "\ue000" <= mark <= "\ufffd" or mark > "\uffff"
    )
