"""What is wrong with a config's values, in sentences: the key, the value, what is allowed, the key that was meant."""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

_NEAR = 0.7
_OURS = "Value error, "
_EXPECTED = {
    "string_type": "a text; put it in quotes",
    "tuple_type": "a list such as [one, another]",
    "dict_type": "names with options below them, such as price: {known_in_advance: true}",
    "model_type": "options below it, such as level: 0.95",
    "model_attributes_type": "options below it, such as level: 0.95",
    **dict.fromkeys(("int_type", "int_parsing", "int_from_float", "int_parsing_size"), "a whole number"),
    **dict.fromkeys(("float_type", "float_parsing"), "a number"),
    **dict.fromkeys(("bool_type", "bool_parsing"), "true or false"),
    **dict.fromkeys(
        ("date_type", "date_parsing", "date_from_datetime_parsing", "date_from_datetime_inexact"),
        "a date such as 2024-03-31",
    ),
}
"""Kind of pydantic's error → what was expected, where pydantic says it in the words of Python."""
_BOUNDS = {
    "greater than or equal to": "a number ≥",
    "less than or equal to": "a number ≤",
    "greater than": "a number >",
    "less than": "a number <",
}


def sentences(error: ValidationError, schema: type[BaseModel]) -> list[str]:
    """One sentence for each value or key of a config that `schema` does not allow."""
    return [_sentence(details, schema) for details in error.errors()]


def _sentence(details: Mapping[str, Any], schema: type[BaseModel]) -> str:
    """What one of pydantic's errors says, with the key, the value and the fix."""
    keys = [part for part in details["loc"] if isinstance(part, str)]
    if details["type"] == "extra_forbidden":
        return _unknown_key(keys, schema)
    place, value = ".".join(keys) or "file", details["input"]
    if details["type"] == "literal_error":
        return f"{place}: {value!r} is not allowed; {_choice(value, details['ctx']['expected'])}"
    if details["msg"].startswith(_OURS):
        return f"{place}: {details['msg'].removeprefix(_OURS)}"
    expected = _EXPECTED.get(details["type"]) or details["msg"].replace("Input should be ", "", 1)
    for words, sign in _BOUNDS.items():
        expected = expected.replace(words, sign)
    return f"{place}: expected {expected} (found {value!r})"


def _choice(value: Any, expected: str) -> str:
    """The values that a key may have, and the one most like `value`."""
    allowed = expected.replace("'", "")
    near = get_close_matches(str(value).lower(), allowed.replace(" or ", ", ").split(", "), 1, _NEAR)
    return f"is it {near[0]}? Allowed are {allowed}" if near else f"give {allowed}"


def _unknown_key(keys: list[str], schema: type[BaseModel]) -> str:
    """What to write in place of an unknown key: the nearest one of its section, or the section it belongs to."""
    *section, key = keys
    known = _options(schema, section)
    near = get_close_matches(key, known, 1, _NEAR)
    elsewhere = [place for place in _places(schema) if place.split(".")[-1] == key]
    if near:
        hint = f"is it {'.'.join([*section, near[0]])}?"
    elif elsewhere:
        hint = f"it belongs to {elsewhere[0]}"
    else:
        hint = f"{'.'.join(section) or 'the file'} may have {', '.join(known)}"
    return f"{'.'.join(keys)}: unknown key; {hint}"


def _options(schema: type[BaseModel], section: list[str]) -> list[str]:
    """Names of the options of a section; a section with one entry a name has those of its entries."""
    for key in section:
        if key in schema.model_fields:
            schema = _section(schema.model_fields[key].annotation) or schema
    return list(schema.model_fields)


def _section(kind: Any) -> type[BaseModel] | None:
    """The section that a field of this annotation holds, alone or by name; none for an option."""
    parts = (kind, *get_args(kind))
    return next((part for part in parts if isinstance(part, type) and issubclass(part, BaseModel)), None)


def _places(schema: type[BaseModel], place: str = "") -> Iterator[str]:
    """Every option of the config with the sections it stands in: `demand.horizon`."""
    for name, field in schema.model_fields.items():
        section = _section(field.annotation)
        yield f"{place}{name}"
        if section is not None:
            yield from _places(section, f"{place}{name}.")
