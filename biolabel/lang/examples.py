"""Inline examples: the marked text of a `matches:` line as plain text and marks (LANGUAGE.md 2.8)."""

import re
from dataclasses import dataclass
from typing import Literal

from biolabel.lang.tree import Example

_MARK = re.compile(r"\{([^{}]*)\}")
_NAMED = re.compile(
    r"\s*(?P<other>other\s+)?(?P<name>[A-Za-z_]\w*)(?:=(?P<id>[^\s{}]+))?:\s*(?P<text>.*)",
    re.DOTALL,
)

MarkKind = Literal["argument", "other", "span"]


@dataclass(frozen=True, slots=True)
class Mark:
    """A marked part of an example: code points `start` to `end` of the plain text, half-open.

    kind: `argument` (`{chemical: Heparin}`, with a name), `other` (`{other Chemical: morphine}`,
    a bystander with its type as name) or `span` (`{text}`, the span that a rule should find).
    concept: the id after `=`, as written.
    """

    kind: MarkKind
    start: int
    end: int
    name: str = ""
    concept: str = ""


@dataclass(frozen=True, slots=True)
class Flaw:
    """What is wrong with a mark: code points `start` to `end` of the marked text, and why."""

    start: int
    end: int
    message: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class MarkedText:
    """The plain text of an example, its marks in text order, and the flaws of its marking."""

    text: str
    marks: tuple[Mark, ...] = ()
    flaws: tuple[Flaw, ...] = ()


def marked_text(example: Example) -> MarkedText:
    """Return an example's text without its marks, and the marks; a flawed mark counts as text."""
    plain, marks, flaws = "", [], []
    done = 0
    for match in _MARK.finditer(example.text):
        between = example.text[done : match.start()]
        flaws.extend(_loose_braces(between, done))
        plain += between
        mark, inner = _mark(match.group(1), len(plain))
        plain += inner
        if inner.strip():
            marks.append(mark)
        else:
            flaws.append(Flaw(match.start(), match.end(), "this mark holds no text"))
        done = match.end()
    rest = example.text[done:]
    flaws.extend(_loose_braces(rest, done))
    return MarkedText(plain + rest, tuple(marks), tuple(flaws))


def _mark(body: str, start: int) -> tuple[Mark, str]:
    named = _NAMED.fullmatch(body)
    if named is None:
        return Mark("span", start, start + len(body)), body
    text = named["text"].rstrip()
    kind: MarkKind = "other" if named["other"] else "argument"
    return Mark(kind, start, start + len(text), named["name"], named["id"] or ""), text


def _loose_braces(text: str, offset: int) -> list[Flaw]:
    """Return the first brace without a partner: the others mostly follow from it."""
    match = re.search(r"[{}]", text)
    if match is None:
        return []
    start, end = offset + match.start(), offset + match.end()
    hint = "a mark looks like {chemical: Heparin}; marks cannot stand in marks"
    return [Flaw(start, end, f"this {match.group()} has no partner", hint)]
