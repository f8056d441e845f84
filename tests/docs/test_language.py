"""The manual of the rule language: every example in it runs, and every construct is in it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

import pytest

from biolabel.errors import SourceFile
from biolabel.lang import tree
from biolabel.lang.grammar import declaration_words, field_words, reserved_words
from biolabel.lang.parse import parse
from biolabel.lang.references import CONTEXTS
from biolabel.lang.walk import nodes
from biolabel.workflow.examples import try_examples
from biolabel.workflow.rules import read_files

MANUAL = Path(__file__).parents[2] / "docs" / "language"
_BLOCK = re.compile(r"^```biolabel( check)?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^#+ (?!file )(.*)$", re.MULTILINE)


@dataclass(frozen=True)
class Block:
    """A rule file of the manual: what its page starts with, and the block itself."""

    page: str
    heading: str
    rules: str
    only_checked: bool

    def __str__(self) -> str:
        return f"{self.page}: {self.heading}"


def blocks() -> Iterator[Block]:
    """Yield the blocks of all pages; the first of a page stands before each of the others."""
    for page in sorted(MANUAL.glob("*.md")):
        text = page.read_text(encoding="utf-8")
        start = ""
        for number, block in enumerate(_BLOCK.finditer(text)):
            heading = [*_HEADING.finditer(text, 0, block.start())][-1].group(1)
            rules = block.group(2)
            if number == 0:
                start = rules
            else:
                rules = f"{start}\n{rules}"
            yield Block(page.name, heading, rules, number == 0 or bool(block.group(1)))


BLOCKS = list(blocks())


@pytest.mark.parametrize("block", BLOCKS, ids=str)
def test_blocks(tmp_path: Path, block: Block) -> None:
    for name, text in files(block.page).items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    path = tmp_path / "manual.rules"
    path.write_text(block.rules, encoding="utf-8")
    rules = read_files([path])
    assert [d for d in rules.diagnostics if d.severity == "error"] == []
    found = try_examples(rules)
    assert [d.message for d in found.diagnostics] == []
    assert set(found.counts()) <= {"passed", "todo"}
    if not block.only_checked:
        assert found.counts()["passed"] > 0


def files(page: str) -> dict[str, str]:
    """Return the files that a page shows: a block that starts with `# file NAME`."""
    text = (MANUAL / page).read_text(encoding="utf-8")
    found = re.findall(r"^```text\n# file (\S+)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    return {name: body.replace("→", "\t") for name, body in found}


def shown() -> Iterator[tree.Node]:
    """Yield every node of every syntax tree in the manual."""
    for block in BLOCKS:
        parsed, _ = parse(SourceFile("manual.rules", block.rules))
        yield from nodes(parsed.declarations)


def test_every_word_is_in_the_manual() -> None:
    text = "\n".join(block.rules for block in BLOCKS)
    fields = {word for word in field_words().values() if not re.search(rf"\b{word}[ \t]*:", text)}
    declared = {w for w in declaration_words() if not re.search(rf"(?m)^{w}\b", text)}
    assert (fields, declared) == (set(), set())


def test_every_construct_is_in_the_manual() -> None:
    every = list(shown())
    kinds = {type(node) for node in every}
    wanted = {
        *get_args(tree.Condition), *get_args(tree.Pattern), *get_args(tree.TokenTest),
        *get_args(tree.Value), tree.FindModel, tree.FindPattern, tree.Edge,
    }  # fmt: skip
    assert {kind.__name__ for kind in wanted - kinds} == set()
    regions = {node.kind for node in every if isinstance(node, tree.Region)}
    assert set(get_args(tree.RegionKind)) - regions == set()
    votes = {node.kind for node in every if isinstance(node, tree.Vote)}
    assert votes == {"label", "not", "one of", "found type", "from model"}
    contexts = {node.what.text for node in every if isinstance(node, tree.Is)}
    assert set(CONTEXTS) - contexts == set()
    ways = {node.name for node in every if isinstance(node, tree.Via)}
    assert ways == {"exact", "plural", "reorder", "spelling", "abbreviation", "fuzzy"}


def test_reserved_words_are_named() -> None:
    text = (MANUAL / "README.md").read_text(encoding="utf-8")
    named = text[text.index("proposes another: ") :].removeprefix("proposes another: ")
    assert {word.strip(" .\n") for word in named.split(",")} == reserved_words()
