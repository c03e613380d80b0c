"""Schemas of OpenAPI made of the models and dataclasses that the code reads and answers with."""

from typing import Any

from pydantic import TypeAdapter

TEXT: dict[str, Any] = {"type": "string"}
MAYBE_TEXT: dict[str, Any] = {"type": ["string", "null"]}
NEXT: dict[str, Any] = {
    "type": ["string", "null"],
    "description": "`cursor` of the next page; null on the last one",
}
MODEL: dict[str, Any] = {
    "type": "object",
    "description": "that answered",
    "required": ["bundle", "version"],
    "properties": {"bundle": TEXT, "version": MAYBE_TEXT},
}


def sent_schema(shape: Any) -> dict[str, Any]:
    """Return the schema of a body that is sent in a shape, with its parts in place."""
    return _inlined(TypeAdapter(shape).json_schema(mode="validation"))


def answered_schema(shape: Any) -> dict[str, Any]:
    """Return the schema of a shape as it is answered, with its parts in place."""
    return _inlined(TypeAdapter(shape).json_schema(mode="serialization"))


def named(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    """Give a schema the name under which the description, and clients generated from it, have it."""
    return {"title": name, **schema}


def json_body(schema: dict[str, Any]) -> dict[str, Any]:
    """Describe a body that an operation needs."""
    return {"required": True, "content": {"application/json": {"schema": schema}}}


def json_answer(schema: dict[str, Any], what: str = "OK") -> dict[str, Any]:
    """Describe an answer."""
    return {"description": what, "content": {"application/json": {"schema": schema}}}


def object_of(properties: dict[str, Any], *, required: tuple[str, ...] | None = None) -> dict[str, Any]:
    """Schema of an object that has all these properties, or the `required` ones of them."""
    return {
        "type": "object",
        "required": list(properties if required is None else required),
        "properties": properties,
    }


def list_of(items: dict[str, Any]) -> dict[str, Any]:
    """Schema of a list."""
    return {"type": "array", "items": items}


def _inlined(schema: dict[str, Any]) -> dict[str, Any]:
    """A schema with its parts in place of references, without the titles that pydantic makes of names."""
    parts = schema.pop("$defs", {})

    def plain(part: Any) -> Any:
        if isinstance(part, list):
            return [plain(each) for each in part]
        if not isinstance(part, dict):
            return part
        if "$ref" in part:
            rest = {name: plain(value) for name, value in part.items() if name != "$ref"}
            return plain(parts[part["$ref"].rpartition("/")[2]]) | rest
        kept = {
            name: value for name, value in part.items() if name not in _LEFT_OUT or isinstance(value, dict)
        }
        return {name: plain(value) for name, value in kept.items()}

    found: dict[str, Any] = plain(schema)
    return found


_LEFT_OUT = {"title", "discriminator", "root_input"}
