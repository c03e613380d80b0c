"""The reference of all options as Markdown: `python -m configs.reference > docs/configuration.md`."""

import sys
import types
from collections.abc import Iterator
from datetime import date
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from configs.access import AccessConfig
from configs.alerts.alert_options import AlertsConfig
from configs.schema import Config

_HEAD = """# Configuration
One YAML file a business, given with `--config`. Every option has a default, an unknown one is an error. Where a table
has a value of its own (a SKU's service level or holding cost in `items`, an offer's ordering cost), that one holds.

This page is made from `configs/schema.py` and, at its end, `configs/access.py` and `configs/alerts/` by
`python -m configs.reference`.
"""
_ACCESS = """# Access
How the server knows who is asking is no part of a business's config; [access](access.md) says how it is set up.
"""
_ALERTS = """# Alerts
Rules and targets of alerts are in a file of their own; [alerts](alerts.md) says what each kind of rule watches.
"""
_BOUNDS = {"ge": "≥", "gt": ">", "le": "≤", "lt": "<"}


def reference() -> str:
    """Every section of a config with its options: name, meaning, unit, default and what is allowed."""
    return "\n".join(
        [
            _HEAD,
            *_section("", Config),
            _ACCESS,
            *_section("", AccessConfig),
            _ALERTS,
            *_section("", AlertsConfig),
        ]
    )


def _section(place: str, section: type[BaseModel]) -> Iterator[str]:
    """Lines of a section's table, then those of the sections in it."""
    yield f"## {f'`{place}`' if place else 'Top of the file'}\n{(section.__doc__ or '').strip()}\n"
    yield "| option | meaning | unit | default | allowed |\n|---|---|---|---|---|"
    inner = []
    for name, field in section.model_fields.items():
        below = _subsection(field)
        if below is not None:
            inner.append((f"{place}.{name}".lstrip(".") + ("" if below[0] else ".NAME"), below[1]))
            continue
        yield f"| `{name}` | {field.description} | {_unit(field)} | {_default(field)} | {_allowed(field)} |"
    yield ""
    for where, model in inner:
        yield from _section(where, model)


def _subsection(field: FieldInfo) -> tuple[bool, type[BaseModel]] | None:
    """The section a field holds, and whether it is the only one (else one for each name); none for an option."""
    kind = field.annotation
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return True, kind
    models = [part for part in get_args(kind) if isinstance(part, type) and issubclass(part, BaseModel)]
    return (False, models[0]) if models else None


def _unit(field: FieldInfo) -> str:
    extra = field.json_schema_extra
    return str(extra.get("unit", "")) if isinstance(extra, dict) else ""


def _default(field: FieldInfo) -> str:
    value = field.get_default(call_default_factory=True)
    if value in (None, (), ""):
        return "none"
    if isinstance(value, tuple):
        return ", ".join(f"`{part}`" for part in value)
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def _allowed(field: FieldInfo) -> str:
    bounds = [
        f"{sign} {getattr(rule, name):g}"
        for rule in field.metadata
        for name, sign in _BOUNDS.items()
        if hasattr(rule, name)
    ]
    return ", ".join([_kind(field.annotation), *bounds])


def _kind(kind: Any) -> str:
    """What kind of value an annotation stands for, in words."""
    if get_origin(kind) is Literal:
        return " or ".join(f"`{choice}`" for choice in get_args(kind))
    if get_origin(kind) in (types.UnionType, Union):
        return _kind(next(part for part in get_args(kind) if part is not type(None)))
    if get_origin(kind) is tuple:
        inner = get_args(kind)[0]
        return f"list of {_kind(inner)}" + ("" if get_origin(inner) is Literal else "s")
    words = {str: "text", bool: "true or false", int: "whole number", float: "number", date: "date"}
    return words[kind]


if __name__ == "__main__":
    sys.stdout.write(reference())
