"""YAML as plain values: the safe loader, with a line for every error, a key that stands twice being one."""

from typing import Any

import yaml


class _Loader(yaml.SafeLoader):
    """The safe loader, which says where a value cannot be made, and refuses a key that stands twice."""

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:
        """Make the value of a node; what the loader cannot make becomes an error of YAML's own."""
        try:
            return super().construct_object(node, deep=deep)
        except (ValueError, TypeError, KeyError, AttributeError, OverflowError) as error:
            tag = node.tag.rsplit(":", 1)[-1]
            kind = {"timestamp": "date", "int": "number", "float": "number"}.get(tag, tag)
            why = f": {error}" if type(error) is ValueError else ""
            raise yaml.constructor.ConstructorError(
                None, None, f"{node.value!r} is no {kind}{why}", node.start_mark
            ) from None

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """Make a section; what is merged into it (`<<`) may be said again, but nothing twice."""
        said = set()
        for key, _ in node.value:
            if key.tag != "tag:yaml.org,2002:merge" and isinstance(key, yaml.ScalarNode):
                if key.value in said:
                    raise yaml.constructor.ConstructorError(
                        None, None, f"{key.value} stands there twice; keep one", key.start_mark
                    )
                said.add(key.value)
        return super().construct_mapping(node, deep=deep)


def read_yaml(text: str) -> Any:
    """Value of a YAML document.

    Raises
    ------
    ValueError
        When the text is no YAML; says the line where one is to blame, and why.
    """
    try:
        return yaml.load(text, _Loader)  # noqa: S506 - a subclass of the safe loader
    except yaml.MarkedYAMLError as error:
        why = error.problem or str(error).splitlines()[0]
        why = "a tab; indent by blanks" if r"'\t'" in why else why
        mark = error.problem_mark or error.context_mark
        raise ValueError(why if mark is None else f"line {mark.line + 1}: {why}") from None
    except yaml.YAMLError as error:
        raise ValueError(str(error).splitlines()[0]) from None
    except RecursionError:
        raise ValueError("too many lists or sections inside one another") from None
