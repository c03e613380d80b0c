"""The monitoring report that `purvey monitor` writes as JSON, with its tables, and that the pages read."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from artifacts.home_folder import staging_folder
from configs.errors import DomainError
from database.settings import Settings

_REPORT = "report.json"


class MonitorError(DomainError):
    """A monitoring report that cannot be made: says what is missing and the fix."""


def write_monitor_report(
    folder: Path, tables: Mapping[str, pd.DataFrame], report: Mapping[str, Any], name: str = _REPORT
) -> tuple[Path, ...]:
    """Write the monitoring report, JSON `name`, and its `tables` to `folder`: all are there before one is replaced.

    Raises
    ------
    MonitorError
        When `folder` cannot be written.
    """
    try:
        with staging_folder(folder) as staging:
            for file, table in tables.items():
                table.to_parquet(staging / file, index=False)
            text = json.dumps(report, indent=1, allow_nan=False)
            (staging / name).write_text(text, encoding="utf-8")
            for file in (*tables, name):
                os.replace(staging / file, folder / file)  # noqa: PTH105 -- atomic everywhere
    except OSError as error:
        raise MonitorError(f"{folder}: cannot be written ({error.strerror or error})") from None
    return tuple(folder / file for file in (*tables, name))


def read_monitor_report(settings: Settings, bundle_hash: str) -> dict[str, Any] | None:
    """JSON document of a champion's last monitoring report, none where there was none or it is damaged."""
    try:
        document = json.loads((settings.monitoring / bundle_hash / _REPORT).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return document if isinstance(document, dict) else None
