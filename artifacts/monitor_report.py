"""The monitoring report that the last `purvey monitor` left on disk about a champion, as JSON."""

import json
from typing import Any

from database.settings import Settings

REPORT = "report.json"


def read_monitor_report(settings: Settings, bundle_hash: str) -> dict[str, Any] | None:
    """JSON document of a champion's last monitoring report, none where there was none or it is damaged."""
    try:
        document = json.loads((settings.monitoring / bundle_hash / REPORT).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return document if isinstance(document, dict) else None
