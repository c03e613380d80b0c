"""What came of a dirty directory: a plan or a sentence, and each failure that no company may see."""

from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True)
class Failure:
    """Something that may not happen.

    Attributes
    ----------
    kind : `traceback`, `warning`, `no sentence`, `lost row`, `changed row`, `silent wrong`, `rows miscounted`,
        `nothing said`, `accepted config`, `bad plan`, `moved by others` or `unlike check`
    where : what it is about: a verb, a table, a column, or the place in the code
    text : the value, or the error
    """

    kind: str
    where: str
    text: str


@dataclass
class Outcome:
    """What came of one directory.

    Attributes
    ----------
    number : of the directory
    names, words : the mutations, and what each did
    end : how far it came
    sentence : the refusal, where there is one
    failures : what may not happen
    """

    number: int
    names: tuple[str, ...]
    words: tuple[str, ...]
    end: Literal["plan", "sentence", "broken"] = "broken"
    sentence: str = ""
    failures: list[Failure] = field(default_factory=list)

    def fail(self, kind: str, where: str, text: str) -> None:
        """Note a failure, once for each kind and place."""
        if all((kind, where) != (failure.kind, failure.where) for failure in self.failures):
            self.failures.append(Failure(kind, where, text))
