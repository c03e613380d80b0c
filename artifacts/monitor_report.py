"""The report that the last `purvey monitor` left about a champion."""

import json
from typing import Any

from database.settings import Settings

REPORT = "report.json"


def read_report(settings: Settings, bundle_hash: str) -> dict[str, Any] | None:
    """Return the JSON of the champion's last monitoring run, none where there was none or it is damaged."""
    try:
        document = json.loads((settings.monitoring / bundle_hash / REPORT).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return document if isinstance(document, dict) else None
