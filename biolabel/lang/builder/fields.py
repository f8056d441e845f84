"""The fields of one declaration, read one by one with the checks that every field needs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from lark import Token

from biolabel.errors import Diagnostic, Span
from biolabel.lang import tree
from biolabel.lang.builder.sink import Sink, text_of
from biolabel.lang.nearest import listed, nearest

T = TypeVar("T")
Word = TypeVar("Word", bound=str)

# Fields that add up when they stand several times in one declaration.
REPEATABLE = frozenset(
    {
        "words", "file", "include", "headings", "where", "expand", "add", "drop", "under",
        "not_under", "tags", "cites", "unless", "case", "matches", "rejects", "todo_matches",
        "todo_rejects",
    }
)  # fmt: skip
STATUS: tuple[tree.Status, ...] = ("active", "draft", "off")


@dataclass(frozen=True, slots=True)
class Field:
    """One line of a declaration: its name, its values as tokens or nodes, and where it stands."""

    name: str
    values: tuple[Any, ...]
    span: Span


class Fields:
    """The fields of a declaration by name; a field that may stand once only is checked (BL011)."""

    def __init__(self, sink: Sink, fields: Sequence[Field]) -> None:
        """Group the fields and report those given twice."""
        self._sink = sink
        self._values: dict[str, list[Any]] = {}
        first: dict[str, Span] = {}
        for field in fields:
            if field.name in first and field.name not in REPEATABLE:
                sink.diagnostics.append(
                    Diagnostic(
                        "BL011", "error", f"`{field.name}:` is given twice", field.span,
                        "keep one of them", ((first[field.name], "first given here"),),
                    )
                )  # fmt: skip
                continue
            first.setdefault(field.name, field.span)
            self._values.setdefault(field.name, []).extend(field.values)

    def all(self, name: str) -> tuple[Any, ...]:
        """Return all values of a field; none when it is missing."""
        return tuple(self._values.get(name, ()))

    def only(self, name: str, default: T, read: Callable[[Any], T] | None = None) -> T:
        """Return the first value of a field, read in some way, or the default."""
        values = self._values.get(name)
        if not values:
            return default
        found: T = read(values[0]) if read else values[0]
        return found

    def names(self, name: str) -> tuple[tree.Name, ...]:
        """Return the values of a field as names."""
        return self._sink.names(list(self.all(name)))

    def name(self, name: str) -> tree.Name | None:
        """Return the value of a field as a name."""
        names = self.names(name)
        return names[0] if names else None

    def texts(self, name: str) -> tuple[str, ...]:
        """Return the values of a field as texts."""
        return tuple(text_of(token) for token in self.all(name))

    def text(self, name: str) -> str:
        """Return the value of a field as a text; empty when it is missing."""
        texts = self.texts(name)
        return texts[0] if texts else ""

    def word(self, name: str, options: Sequence[Word]) -> Word:
        """Return the value of a field among its options, of which the first is the default."""
        values = self._values.get(name)
        return self.option(name, values[0], options) if values else options[0]

    def option(self, name: str, token: Token, options: Sequence[Word]) -> Word:
        """Return the option that a token names; another word is an error (BL012)."""
        for option in options:
            if option == token:
                return option
        message = f"`{name}:` takes {listed(options)}, not `{token}`"
        near = nearest(token, options)
        hint = f"did you mean `{near}`?" if near else ""
        self._sink.error("BL012", message, self._sink.at(token), hint, near)
        return options[0]

    def meta(self, span: Span) -> tree.Meta:
        """Return the metadata, with the names of all fields that are given."""
        return tree.Meta(
            note=self.text("note"),
            author=self.text("author"),
            tags=tuple(str(token) for token in self.all("tags")),
            status=self.word("status", STATUS),
            cites=self.texts("cites"),
            since=self.text("since"),
            given=frozenset(self._values),
            span=span,
        )
