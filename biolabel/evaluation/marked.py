"""Marked texts as documents: what inline examples and `biolabel why` run on (LANGUAGE.md 2.8).

A marked argument or bystander is a given mention. Its concept is the id after `=`, or one made up
from its text, so that equal texts are one concept; `=-` says that no concept is known. The text is
the abstract of its document, or the section that it is tried as; `with title ("...")` gives the
document a title, and `with section ("results")` says which section the text is.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from biolabel.apply.declared import prefixes_of
from biolabel.data.corpus import Corpus
from biolabel.data.documents import Document, Mention, Passage
from biolabel.data.words import key_of
from biolabel.errors import RunError
from biolabel.kb.curie import curies_of
from biolabel.lang import tree
from biolabel.lang.examples import Mark, MarkedText, marked_text
from biolabel.lang.nearest import did_you_mean
from biolabel.lang.program import Program
from biolabel.text.layout import rows_over

MADE_UP = "EXAMPLE"
"""The prefix of concepts that nobody named."""
_ABOUT_TEXT = frozenset({"title", "section"})
_PREFIX = "MESH"


@dataclass(frozen=True, slots=True)
class Marks:
    """What the marks of a task's examples stand for.

    arguments: each argument's entity type; prefixes: the prefix of bare ids, by entity type.
    """

    arguments: Mapping[str, str]
    prefixes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class MarkedDocument:
    """A document made of a marked text, and its marks with offsets that count from its start."""

    document: Document
    marks: tuple[Mark, ...]

    @property
    def arguments(self) -> tuple[Mark, ...]:
        """The marks that name an argument."""
        return tuple(mark for mark in self.marks if mark.kind == "argument")

    @property
    def spans(self) -> tuple[Mark, ...]:
        """The marks of spans that should be found; `{span: text}` is one too."""
        return tuple(m for m in self.marks if m.kind == "span" or m.name == "span")


def marks_of(program: Program, task: str) -> Marks:
    """Return what marks stand for in the examples of a task; "" takes the arguments of all relations."""
    relations = [r for name, r in program.relations.items() if task in ("", name)]
    arguments = {a.name.text: a.types[0].text for r in relations for a in r.arguments}
    return Marks(arguments, prefixes_of(program.ontologies.values(), program.kbs.values()))


def text_to_mark(text: str) -> MarkedText:
    """Return a marked text that a person typed.

    Raises:
        RunError: BL920 when a brace has no partner, or a mark holds no text.
    """
    found = marked_text(tree.Example(text))
    for flaw in found.flaws:
        shown = text[max(flaw.start - 20, 0) : flaw.end + 20]
        raise RunError(
            "BL920", f"{flaw.message}: ...{shown}...", hint=flaw.hint or "write {chemical: Heparin}"
        )
    return found


def marked_document(
    example: tree.Example, marked: MarkedText, id_: str, section: str, marks: Marks
) -> MarkedDocument:
    """Return an example as a document; `section` is what its text is where it does not say so itself.

    Raises:
        RunError: BL921 a mark that names no argument of the task.
    """
    fields = dict(example.meta)
    parts = [(next(iter(fields.get("section", ())), section), marked)]
    for text in fields.get("title", ()):
        parts.insert(0, ("title", marked_text(tree.Example(text))))
    passages: list[Passage] = []
    placed: list[Mark] = []
    at = 0
    for kind, part in parts:
        passages.append(Passage(kind, at, part.text))
        placed += [replace(m, start=m.start + at, end=m.end + at) for m in part.marks]
        at += len(part.text) + 1
    meta = {name: values for name, values in fields.items() if name not in _ABOUT_TEXT}
    bare = Document(id_, tuple(passages), meta=meta)
    named = (mark for mark in placed if mark.name not in ("", "span"))
    mentions = tuple(_mention(mark, bare.text, marks) for mark in named)
    return MarkedDocument(replace(bare, mentions=mentions), tuple(placed))


def _mention(mark: Mark, text: str, marks: Marks) -> Mention:
    type_ = mark.name if mark.kind == "other" else marks.arguments.get(mark.name, "")
    if not type_:
        known = [f"{{{name}: ...}}" for name in marks.arguments]
        raise RunError(
            "BL921",
            f"{{{mark.name}: ...}} names no argument",
            hint=did_you_mean(
                mark.name, marks.arguments, f"arguments: {', '.join(known) or 'none'}"
            ),
        )
    if mark.concept:
        concepts = curies_of(mark.concept, prefix=marks.prefixes.get(type_, _PREFIX))
    else:
        concepts = (f"{MADE_UP}:{key_of(text[mark.start : mark.end])}",)
    return Mention(mark.start, mark.end, type_, concepts)


def rows_of_marks(corpus: Corpus, doc: int, marks: Sequence[Mark]) -> list[tuple[int, int]]:
    """Return the half-open rows of marks in a document of a corpus."""
    start = np.array([mark.start for mark in marks], dtype=np.int32)
    end = np.array([mark.end for mark in marks], dtype=np.int32)
    rows = corpus.words(doc)
    first, last = rows_over(rows[:, 0], rows[:, 1], start, end)
    base = int(corpus.doc_rows[doc])
    return [(base + int(f), base + int(e)) for f, e in zip(first, last, strict=True)]


def sections_asked(nodes: Iterable[tree.Node]) -> tuple[str, ...]:
    """Return the sections that conditions speak of, apart from the abstract."""
    found: dict[str, None] = {}
    for node in nodes:
        match node:
            case tree.Region("title"):
                found["title"] = None
            case tree.Region("section", tree.Name(name)):
                found[name] = None
            case tree.SectionIs(names):
                found.update(dict.fromkeys(name.text for name in names))
            case _:
                pass
    return tuple(name for name in found if name != "abstract")
