"""The manual of the rule language, searched for what shows a construct: its heading, words and example.

Every block of the manual is run by tests/docs/test_language.py, so what is taken from it is right.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from lark import Token, Tree
from markdown.extensions.toc import slugify

from biolabel.lang.tables import parser_of
from biolabel.resources import root

_PART = re.compile(
    r"^```biolabel[ \w]*\n(?P<rules>.*?)^```$|^(?P<marks>#+) (?P<title>[^\n]*)$|^```.*?^```$",
    re.MULTILINE | re.DOTALL,
)
_SENTENCE = re.compile(r"(.+?\.)(?:\s|$)", re.DOTALL)
_LONGEST = 80
"""Characters of an example in a table; a longer one is taken only if there is no shorter."""


@dataclass(frozen=True)
class Shown:
    """Where the manual shows something: page, heading, the first words below it, and an example."""

    page: str
    heading: str
    words: str
    example: str

    @property
    def anchor(self) -> str:
        """Return the heading as it stands in a link."""
        return slugify(self.heading, "-")


@dataclass(frozen=True)
class _Block:
    page: str
    heading: str
    words: str
    rules: str
    top: Tree[Token]


class Manual:
    """The pages of docs/language."""

    def __init__(self, folder: Path) -> None:
        """Name the folder of the pages."""
        self._folder = folder

    @cached_property
    def _nodes(self) -> dict[str, list[tuple[_Block, str]]]:
        """Return where each kind of node of the grammar's tree is shown, and its text there.

        A field is known as `DECLARATION.TERMINAL` and `TERMINAL`, the rest by its name in the grammar.
        """
        found: dict[str, list[tuple[_Block, str]]] = {}
        for block in self._blocks():
            for declaration in block.top.children:
                kind = str(getattr(declaration, "data", "")).removesuffix("_decl")
                for node in declaration.iter_subtrees_topdown():  # type: ignore[union-attr]
                    place = node.meta
                    text = "" if place.empty else block.rules[place.start_pos : place.end_pos]
                    first = node.children[0] if node.children else None
                    name = str(node.data)
                    if name == "field" and isinstance(first, Token):
                        name = first.type
                        found.setdefault(f"{kind}.{name}", []).append((block, text))
                    found.setdefault(name, []).append((block, text))
        return found

    def shows(self, *names: str, heading: str = "", about: Collection[str] = ()) -> Shown:
        """Return the place that shows the first of several nodes that any shows.

        It stands below `heading`, if that is given, and else rather below one with a word of `about`.
        Of several the longest example counts that fits into a table, as it has the most parts.

        Raises:
            LookupError: nothing shows them.
        """

        def rank(place: tuple[_Block, str]) -> tuple[bool, bool, int]:
            length = len(_joined(place[1]))
            titled = set(re.findall(r"\w+", place[0].heading)).isdisjoint(about)
            return titled, length > _LONGEST, -length if length <= _LONGEST else length

        for name in names:
            places = self._nodes.get(name, ())
            below = [each for each in places if heading in ("", each[0].heading)]
            if below:
                block, text = min(below, key=rank)
                return Shown(block.page, block.heading, block.words, _joined(text))
        raise LookupError(f"no block of the manual shows {names} below `{heading}`")

    def _blocks(self) -> Iterator[_Block]:
        parser = parser_of(root("grammar") / "biolabel.lark")
        for path in sorted(self._folder.glob("*.md")):
            text = path.read_text(encoding="utf-8")
            heading, words = "", ""
            for part in _PART.finditer(text):
                if part["title"]:
                    heading = part["title"]
                    sentence = _SENTENCE.match(text[part.end() :].lstrip())
                    words = " ".join(sentence[1].split()) if sentence else ""
                elif part["rules"]:
                    rules = part["rules"]
                    top = parser.parse(rules)
                    yield _Block(path.name, heading, words, rules, top)


def _joined(text: str) -> str:
    """Return an example as one line, without comments."""
    return " ".join(re.sub(r"[ \t]#[^\n\"]*$", "", text, flags=re.MULTILINE).split())
